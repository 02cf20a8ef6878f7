/* SPDX-License-Identifier: MIT */
/* Options that take a number: how they are taken, and refused. */
#ifndef MSGQ_TOOLS_NUMBER_H
#define MSGQ_TOOLS_NUMBER_H

#include <charconv>
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

/* Nothing but digits: no sign, no space, no suffix. */
inline bool parse_digits(const std::string &text, size_t from, uint64_t &value, int base)
{
	const char *first = text.data() + from, *last = text.data() + text.size();
	auto [end, error] = std::from_chars(first, last, value, base);

	return first != last && end == last && error == std::errc();
}

/* Decimal, or hexadecimal after 0x; no octal. */
inline bool parse_number(const std::string &text, uint64_t &value)
{
	bool hex = text.starts_with("0x") || text.starts_with("0X");

	return parse_digits(text, hex ? 2 : 0, value, hex ? 16 : 10);
}

/* What @text says, given for @option; @note tells what is special about one of them. */
inline uint64_t number_of(const std::string &option, const std::string &text, uint64_t min,
			  uint64_t max, const std::string &note = "")
{
	uint64_t value = 0;

	if (parse_number(text, value) && value >= min && value <= max)
		return value;
	std::string least = "from " + std::to_string(min);
	std::string most = max == UINT64_MAX ? " on" : " to " + std::to_string(max);

	throw CLI::ValidationError(option, "'" + text + "' is not a number " + least + most + note);
}

/* An option that takes a number from @min to @max; its default is @value. */
inline CLI::Option *add_number(CLI::App &app, const std::string &name, uint64_t &value,
			       uint64_t min, uint64_t max, const std::string &help)
{
	std::string option = name.substr(name.find_last_of(',') + 1);
	auto set = [&value, option, min, max](const std::string &text) {
		value = number_of(option, text, min, max);
	};

	return app.add_option_function<std::string>(name, set, help)->type_name("N");
}

#endif
