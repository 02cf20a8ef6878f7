// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <unistd.h>
#include <vector>

#include "client.h"
#include "columns.h"
#include "command.h"

namespace
{

struct Options {
	Columns columns = usual_columns();
	bool noheadings = false;
	bool json = false;
};

void list(const Options &options)
{
	Client client;
	std::vector<msgqipc_info> queues;

	client.each([&](const msgqipc_info &info) {
		queues.push_back(info);
		return true;
	});
	if (options.json)
		print_json(client.host(), queues, options.columns);
	else {
		/* For people: what reads the table by program finds it where it was. */
		if (isatty(STDOUT_FILENO) && !options.noheadings)
			printf("%s\n", client.host().c_str());
		print_table(queues, options.columns, !options.noheadings);
	}
}

} // namespace

std::function<void()> setup_list(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	app.add_option_function<std::string>(
		   "-o,--output",
		   [options](const std::string &text) { options->columns = parse_columns(text); },
		   "columns: KEY,DEPTH or +BYTES or all")
		->type_name("COLS");
	app.add_flag("-n,--noheadings", options->noheadings, "no line of headings");
	app.add_flag("-J,--json", options->json, "print JSON");
	app.footer("Shows the queues that the caller may look at; on a terminal, and in JSON,\n"
		   "also who keeps them: the module or msgqd.\n\n" +
		   columns_help());
	return [options] {
		list(*options);
	};
}
