// SPDX-License-Identifier: MIT
#include "arguments.h"

#include "notation.h"

msgqipc_key key_of(const std::string &argument, const std::string &text)
{
	msgqipc_key key = 0;

	if (!parse_key(text, key) || key == MSGQIPC_KEY_PRIVATE)
		throw CLI::ValidationError(
			argument, "'" + text +
					  "' is not a key; a key is a number from 1 to "
					  "2^64-1,\ndecimal as in 42 or hexadecimal as in 0x2a");
	return key;
}

CLI::Option *add_key(CLI::App &app, msgqipc_key &key)
{
	auto set = [&key](const std::string &text) {
		key = key_of("KEY", text);
	};

	return app.add_option_function<std::string>("KEY", set, "the queue's name: 42, or 0x2a")
		->required()
		->type_name("");
}

CLI::Option *add_part(CLI::App &app, const std::string &name, Part &part, const std::string &help)
{
	auto set = [&part, name](const std::string &text) {
		size_t slash = text.find('/');
		uint64_t number = 0, of = 0;

		if (slash == std::string::npos || !parse_key(text.substr(0, slash), number) ||
		    !parse_key(text.substr(slash + 1), of) || number < 1 || number > of ||
		    of > UINT16_MAX)
			throw CLI::ValidationError(
				name, "'" + text + "' is not a part; 2/3 is the second of three, " +
					      "there can be\n65535");
		part.number = static_cast<uint16_t>(number);
		part.of = static_cast<uint16_t>(of);
	};

	return app.add_option_function<std::string>(name, set, help)->type_name("I/N");
}
