/* SPDX-License-Identifier: MIT */
/* What can be shown of a queue: one table for -o, --help, text and JSON. */
#ifndef MSGQCTL_COLUMNS_H
#define MSGQCTL_COLUMNS_H

#include <string>
#include <vector>

#include <msgqipc.h>

struct Column {
	const char *name;
	const char *help;
	bool usual; /* shown when nobody asks for others */
	bool right;
	std::string (*text)(const msgqipc_info &info);
	/* The same as a JSON value. */
	std::string (*json)(const msgqipc_info &info);
};

using Columns = std::vector<const Column *>;

Columns usual_columns();
/* "all", "KEY,DEPTH", or "+BYTES" in addition to the usual ones */
Columns parse_columns(const std::string &text);
std::string columns_help();

void print_table(const std::vector<msgqipc_info> &queues, const Columns &columns, bool headings);
/* @host: who keeps them. */
void print_json(const std::string &host, const std::vector<msgqipc_info> &queues,
		const Columns &columns);

#endif
