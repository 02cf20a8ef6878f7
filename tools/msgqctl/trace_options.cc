// SPDX-License-Identifier: MIT
#include "trace_options.h"

#include "arguments.h"
#include "notation.h"

void add_key_filter(CLI::App &app, uint64_t &key)
{
	auto set = [&key](const std::string &text) {
		key = key_of("--key", text);
	};

	app.add_option_function<std::string>("-k,--key", set, "only the queue of that name")
		->type_name("KEY");
}

void add_queue_filter(CLI::App &app, std::optional<uint32_t> &queue)
{
	auto set = [&queue](const std::string &text) {
		msgqipc_addr addr;
		uint64_t number;

		if (parse_addr(text, addr))
			queue = queue_number(addr);
		else if (parse_key(text.substr(text.starts_with('#')), number) &&
			 number <= UINT32_MAX)
			queue = static_cast<uint32_t>(number);
		else
			throw CLI::ValidationError(
				"--queue", "'" + text +
						   "' is no queue; 3 is one, or the ADDR of "
						   "msgqctl list");
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
