// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <vector>

#include "client.h"
#include "columns.h"
#include "command.h"
#include "filter.h"
#include "json.h"
#include "terminal.h"

namespace
{

struct Options {
	Columns columns; /* none: the usual */
	Filter filter;
	bool noheadings = false;
	bool json = false;
	bool raw = false;
};

void print_as_json(const Client &client, const std::vector<msgqipc_info> &queues,
		   const Columns &columns)
{
	std::vector<std::string> items;

	for (const msgqipc_info &queue : queues)
		items.push_back(json_queue(queue, columns));
	print_json({ { "host", json_string(client.host()) }, { "queues", json_list(items, 2) } });
}

void print_raw(const std::vector<msgqipc_info> &queues, const Columns &columns, bool headings)
{
	std::string line;

	for (const Column *column : columns)
		line += (line.empty() ? "" : "\t") + std::string(column->name);
	if (headings)
		puts(line.c_str());
	for (const msgqipc_info &queue : queues) {
		line.clear();
		for (const Column *column : columns)
			line += (line.empty() ? "" : "\t") + raw(*column, queue);
		puts(line.c_str());
	}
}

void print_table(const Client &client, const std::vector<msgqipc_info> &queues,
		 const Options &options)
{
	unsigned room = terminal_width();
	Table table = tabulate(queues,
			       options.columns.empty() ? columns(Shown::Always) : options.columns);

	/* For people: what reads the table by program finds it where it was. */
	if (room && !options.noheadings)
		printf("%s\n", tinted(Tint::Dim, client.host()).c_str());
	if (room && options.columns.empty()) {
		Table wide = tabulate(queues, columns(Shown::Wide));

		if (wide.width() <= room)
			table = wide;
	}
	table.print(!options.noheadings);
}

void list(const Options &options)
{
	Client client;
	std::vector<msgqipc_info> queues;
	const Columns &chosen = options.columns.empty() ? columns(Shown::Always) : options.columns;

	client.each([&](const msgqipc_info &info) {
		if (options.filter.wants(info))
			queues.push_back(info);
		return true;
	});
	if (options.json)
		print_as_json(client, queues, chosen);
	else if (options.raw)
		print_raw(queues, chosen, !options.noheadings);
	else
		print_table(client, queues, options);
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
	options->filter.add_to(app);
	app.add_flag("-n,--noheadings", options->noheadings, "no line of headings");
	CLI::Option *json = app.add_flag("-J,--json", options->json, "print JSON");
	app.add_flag("-r,--raw", options->raw, "exact values, with tabs between, for scripts")
		->excludes(json);
	app.footer("Shows the queues that the caller may look at; on a terminal, and in JSON,\n"
		   "also who keeps them: the module or msgqd.\n\n" +
		   columns_help());
	return [options] {
		list(*options);
	};
}
