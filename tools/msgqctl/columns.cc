// SPDX-License-Identifier: MIT
#include "columns.h"

#include <algorithm>
#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <grp.h>
#include <pwd.h>
#include <sstream>

#include <CLI/CLI.hpp>

#include "client.h"
#include "keys.h"

namespace
{

using Info = msgqipc_info;

std::string quote(const std::string &text)
{
	std::string quoted = "\"";
	char escape[8];

	for (char c : text) {
		if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ') {
			snprintf(escape, sizeof(escape), "\\u%04x", c);
			quoted += escape;
		} else {
			quoted += c;
		}
	}
	return quoted + '"';
}

std::string user(uint32_t uid)
{
	const passwd *entry = getpwuid(uid);

	return entry ? entry->pw_name : std::to_string(uid);
}

std::string group(uint32_t gid)
{
	const struct group *entry = getgrgid(gid);

	return entry ? entry->gr_name : std::to_string(gid);
}

std::string mode(const Info &info)
{
	char text[8];

	snprintf(text, sizeof(text), "%04o", info.mode);
	return text;
}

uint64_t age(const Info &info)
{
	uint64_t created = info.created_ns / 1000000000, now = static_cast<uint64_t>(time(nullptr));

	return now > created ? now - created : 0; /* clocks get set */
}

std::string print_age(const Info &info)
{
	uint64_t seconds = age(info);

	if (seconds < 100)
		return std::to_string(seconds) + "s";
	if (seconds < 100 * 60)
		return std::to_string(seconds / 60) + "m";
	if (seconds < 100 * 3600)
		return std::to_string(seconds / 3600) + "h";
	return std::to_string(seconds / 86400) + "d";
}

std::string print_key_or_none(const Info &info)
{
	return info.key == MSGQIPC_KEY_PRIVATE ? "-" : print_key(info.key);
}

std::string print_pid(const Info &info)
{
	return info.pid ? std::to_string(info.pid) : "-";
}

#define NUMBER(expression)                                                                         \
	[](const Info &i) {                                                                        \
		return std::to_string(expression);                                                 \
	}
#define TEXT(expression)                                                                           \
	[](const Info &i) -> std::string {                                                         \
		return expression;                                                                 \
	}
#define QUOTED(expression)                                                                         \
	[](const Info &i) {                                                                        \
		return quote(expression);                                                          \
	}
#define TRUTH(expression) TEXT((expression) ? "true" : "false")
#define OR_NULL(present, expression) TEXT((present) ? (expression) : std::string("null"))

const Column table[] = {
	{ "KEY", "the name; - for a private queue", true, false, print_key_or_none,
	  OR_NULL(i.key, quote(print_key(i.key))) },
	{ "ADDR", "the address", false, false, TEXT(print_addr(i.addr)),
	  QUOTED(print_addr(i.addr)) },
	{ "STATE", "active: takes sends; or inactive", true, false,
	  TEXT(i.active ? "active" : "inactive"), QUOTED(i.active ? "active" : "inactive") },
	{ "DEPTH", "messages in it now", true, true, NUMBER(i.depth), NUMBER(i.depth) },
	{ "ENTRIES", "messages that it holds", true, true, NUMBER(i.entries), NUMBER(i.entries) },
	{ "RECEIVED", "messages that have left it", true, true, NUMBER(i.received),
	  NUMBER(i.received) },
	{ "SENDERS", "senders attached to it", true, true, NUMBER(i.senders), NUMBER(i.senders) },
	{ "WAITING", "is its owner asleep until a message comes?", true, false,
	  TEXT(i.waiting ? "yes" : "no"), TRUTH(i.waiting) },
	{ "OWNER", "user that it belongs to", true, false, TEXT(user(i.uid)), QUOTED(user(i.uid)) },
	{ "GROUP", "group that it belongs to", false, false, TEXT(group(i.gid)),
	  QUOTED(group(i.gid)) },
	{ "CREATOR", "user that made it", false, false, TEXT(user(i.creator_uid)),
	  QUOTED(user(i.creator_uid)) },
	{ "MODE", "permissions: w to send, r to look", false, false, mode, QUOTED(mode(i)) },
	{ "PID", "process that receives; - if not in sight", true, true, print_pid,
	  OR_NULL(i.pid, std::to_string(i.pid)) },
	{ "AGE", "time since it was made; in JSON, in seconds", true, true, print_age,
	  NUMBER(age(i)) },
	{ "BYTES", "memory that it takes", false, true, NUMBER(i.bytes), NUMBER(i.bytes) },
	{ "MEDIATED", "does the host send for its senders?", false, false,
	  TEXT(i.mediated ? "yes" : "no"), TRUTH(i.mediated) },
	{ "COOKIE", "what its owner calls it", false, true, TEXT(print_key(i.cookie)),
	  QUOTED(print_key(i.cookie)) },
};

std::string upper(std::string text)
{
	for (char &c : text)
		c = static_cast<char>(toupper(static_cast<unsigned char>(c)));
	return text;
}

std::string lower(std::string text)
{
	for (char &c : text)
		c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
	return text;
}

} // namespace

Columns usual_columns()
{
	Columns columns;

	for (const Column &column : table)
		if (column.usual)
			columns.push_back(&column);
	return columns;
}

Columns parse_columns(const std::string &text)
{
	bool more = text.starts_with('+');
	Columns columns = more ? usual_columns() : Columns();
	std::istringstream names(text.substr(more ? 1 : 0));
	std::string name;

	while (std::getline(names, name, ',')) {
		bool known = false;

		for (const Column &column : table) {
			if (upper(name) != column.name && upper(name) != "ALL")
				continue;
			known = true;
			/* An object of JSON has each member once. */
			if (std::find(columns.begin(), columns.end(), &column) == columns.end())
				columns.push_back(&column);
		}
		if (!known)
			throw CLI::ValidationError("--output",
						   "there is no column '" + name +
							   "'; see msgqctl list --help");
	}
	if (columns.empty())
		throw CLI::ValidationError("--output", "names no column; KEY,DEPTH names two");
	return columns;
}

std::string columns_help()
{
	std::string help = "Columns (* shown if no others are asked for):\n";

	for (const Column &column : table) {
		std::string name = column.name;

		help += std::string(column.usual ? "  * " : "    ") + name +
			std::string(10 - name.size(), ' ') + column.help + "\n";
	}
	return help;
}

void print_table(const std::vector<msgqipc_info> &queues, const Columns &columns, bool headings)
{
	std::vector<std::vector<std::string>> rows;
	std::vector<size_t> width(columns.size());

	if (headings) {
		rows.emplace_back();
		for (const Column *column : columns)
			rows.back().push_back(column->name);
	}
	for (const msgqipc_info &queue : queues) {
		rows.emplace_back();
		for (const Column *column : columns)
			rows.back().push_back(column->text(queue));
	}
	for (const auto &row : rows)
		for (size_t i = 0; i < row.size(); i++)
			width[i] = std::max(width[i], row[i].size());

	for (const auto &row : rows) {
		std::string line;

		for (size_t i = 0; i < row.size(); i++) {
			std::string pad(width[i] - row[i].size(), ' ');

			if (i)
				line += ' ';
			line += columns[i]->right ? pad + row[i] : row[i] + pad;
		}
		line.erase(line.find_last_not_of(' ') + 1);
		puts(line.c_str());
	}
}

void print_json(const std::string &host, const std::vector<msgqipc_info> &queues,
		const Columns &columns)
{
	printf("{\n\t\"host\": %s,\n\t\"queues\": [", quote(host).c_str());
	for (size_t q = 0; q < queues.size(); q++) {
		printf("%s\n\t\t{ ", q ? "," : "");
		for (size_t i = 0; i < columns.size(); i++)
			printf("%s\"%s\": %s", i ? ", " : "", lower(columns[i]->name).c_str(),
			       columns[i]->json(queues[q]).c_str());
		printf(" }");
	}
	puts(queues.empty() ? "]\n}" : "\n\t]\n}");
}
