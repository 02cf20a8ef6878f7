// SPDX-License-Identifier: MIT
#include "trace_options.h"

#include <cstdlib>

void add_key_filter(CLI::App &app, uint64_t &key)
{
	auto set = [&key](const std::string &text) {
		char *end;

		key = strtoull(text.c_str(), &end,
			       text.starts_with("0x") || text.starts_with("0X") ? 16 : 10);
		if (!isxdigit(static_cast<unsigned char>(text[0])) || *end || !key)
			throw CLI::ValidationError("--key", "'" + text +
								    "' is not a key; 42 or 0x2a "
								    "is one");
	};

	app.add_option_function<std::string>("-k,--key", set, "only the queue of that name")
		->type_name("KEY");
}

void add_queue_filter(CLI::App &app, std::optional<uint32_t> &queue)
{
	auto set = [&queue](const std::string &text) {
		bool address = text.find(':') != std::string::npos;
		const char *begin = text.c_str() + text.starts_with('#');
		char *end;
		unsigned long long number = strtoull(begin, &end, address ? 16 : 10);

		if (end == begin || (*end && *end != ':') || !isxdigit(*begin))
			throw CLI::ValidationError(
				"--queue", "'" + text +
						   "' is no queue; 3 is one, or the ADDR of "
						   "msgqctl list");
		queue = static_cast<uint32_t>(number);
	};

	app.add_option_function<std::string>("-q,--queue", set,
					     "only the queue of that address, or number in it")
		->type_name("ADDR");
}

void add_library(CLI::App &app, std::vector<std::string> &files)
{
	app.add_option("-l,--library", files,
		       "look at the probes in FILE: a library, or a\n"
		       "program that it is linked into; may be repeated")
		->type_name("FILE")
		->expected(1)
		->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}
