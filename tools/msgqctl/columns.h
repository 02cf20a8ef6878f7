/* SPDX-License-Identifier: MIT */
/* What can be shown of a queue: one table for -o, --help, text and JSON. */
#ifndef MSGQCTL_COLUMNS_H
#define MSGQCTL_COLUMNS_H

#include <string>
#include <vector>

#include <msgqipc.h>

#include "table.h"

/* When nobody asks for columns: the first always, the second if there is room. */
enum class Shown { Always, Wide, Asked };

struct Column {
	const char *name;
	const char *help;
	Shown shown;
	bool right;
	std::string (*text)(const msgqipc_info &info);
	/* The same as a JSON value, and exact. */
	std::string (*json)(const msgqipc_info &info);
	Tint (*tint)(const msgqipc_info &info) = nullptr;
};

using Columns = std::vector<const Column *>;

/* Those that are shown then, and those before. */
Columns columns(Shown least);
/* "all", "KEY,DEPTH", or "+BYTES" in addition to those always shown */
Columns parse_columns(const std::string &text);
std::vector<std::string> column_names();
std::string columns_help();

std::string print_age(uint64_t seconds);
/* Without what makes it easy to read. */
std::string raw(const Column &column, const msgqipc_info &info);
std::string json_queue(const msgqipc_info &info, const Columns &columns);
Table tabulate(const std::vector<msgqipc_info> &queues, const Columns &columns);

#endif
