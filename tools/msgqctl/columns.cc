// SPDX-License-Identifier: MIT
#include "columns.h"

#include <algorithm>
#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <sstream>

#include <CLI/CLI.hpp>

#include "client.h"
#include "json.h"
#include "names.h"
#include "notation.h"

namespace
{

using Info = msgqipc_info;

std::string mode(const Info &info)
{
	char text[8];

	snprintf(text, sizeof(text), "%04o", info.mode);
	return text;
}

uint64_t age(uint64_t since_ns)
{
	uint64_t since = since_ns / 1000000000, now = static_cast<uint64_t>(time(nullptr));

	return now > since ? now - since : 0; /* clocks get set */
}

std::string print_key_or_none(const Info &info)
{
	return info.key == MSGQIPC_KEY_PRIVATE ? "-" : print_key(info.key);
}

std::string print_pid(const Info &info)
{
	return info.pid ? std::to_string(info.pid) : "-";
}

Tint tint_state(const Info &info)
{
	return info.active ? Tint::Good : Tint::Warning;
}

Tint tint_depth(const Info &info)
{
	return info.depth == info.entries      ? Tint::Bad
	       : info.depth > info.entries / 2 ? Tint::Warning
					       : Tint::Plain;
}

Tint tint_full(const Info &info)
{
	return info.full ? Tint::Warning : Tint::Plain;
}

#define NUMBER(expression)                                                                         \
	[](const Info &i) {                                                                        \
		return std::to_string(expression);                                                 \
	}
#define TEXT(expression)                                                                           \
	[](const Info &i) -> std::string {                                                         \
		return expression;                                                                 \
	}
#define QUOTED(expression) TEXT(json_string(expression))
#define TRUTH(expression) TEXT(json_truth((expression) != 0))
#define OR_NULL(present, expression) TEXT((present) ? (expression) : std::string("null"))
#define YES(expression) TEXT((expression) ? "yes" : "no")

constexpr auto Always = Shown::Always, Wide = Shown::Wide, Asked = Shown::Asked;

const Column table[] = {
	{ "KEY", "the name; - for a private queue", Always, false, print_key_or_none,
	  OR_NULL(i.key, json_string(print_key(i.key))) },
	{ "ADDR", "the address", Asked, false, TEXT(print_addr(i.addr)),
	  QUOTED(print_addr(i.addr)) },
	{ "STATE", "active: takes sends; or inactive", Always, false,
	  TEXT(i.active ? "active" : "inactive"), QUOTED(i.active ? "active" : "inactive"),
	  tint_state },
	{ "DEPTH", "messages in it now", Always, true, NUMBER(i.depth), NUMBER(i.depth),
	  tint_depth },
	{ "ENTRIES", "messages that it holds: its capacity", Always, true, NUMBER(i.entries),
	  NUMBER(i.entries) },
	{ "HIGH", "most messages that were in it, as far as seen", Wide, true, NUMBER(i.high),
	  NUMBER(i.high) },
	{ "FULL", "sends that were refused since it was full", Wide, true, NUMBER(i.full),
	  NUMBER(i.full), tint_full },
	{ "SENT", "messages that were sent to it", Wide, true, NUMBER(i.sent), NUMBER(i.sent) },
	{ "RECEIVED", "messages that were received from it", Always, true, NUMBER(i.received),
	  NUMBER(i.received) },
	{ "CANCELLED", "messages that were taken back", Wide, true, NUMBER(i.cancelled),
	  NUMBER(i.cancelled) },
	{ "REAPED", "sends that a death or a stop cut short", Asked, true, NUMBER(i.reaped),
	  NUMBER(i.reaped) },
	{ "SENDERS", "senders attached to it", Always, true, NUMBER(i.senders), NUMBER(i.senders) },
	{ "LISTENERS", "who monitors it, waiting to send", Asked, true, NUMBER(i.listeners),
	  NUMBER(i.listeners) },
	{ "WAITING", "is its owner asleep until a message comes?", Always, false, YES(i.waiting),
	  TRUTH(i.waiting) },
	{ "OWNER", "user that it belongs to", Always, false, TEXT(user_name(i.uid)),
	  QUOTED(user_name(i.uid)) },
	{ "UID", "the same as a number", Asked, true, NUMBER(i.uid), NUMBER(i.uid) },
	{ "GROUP", "group that it belongs to", Asked, false, TEXT(group_name(i.gid)),
	  QUOTED(group_name(i.gid)) },
	{ "CREATOR", "user that made it", Asked, false, TEXT(user_name(i.creator_uid)),
	  QUOTED(user_name(i.creator_uid)) },
	{ "MODE", "permissions: w to send, r to look", Wide, false, mode, QUOTED(mode(i)) },
	{ "PID", "process that receives; - if not in sight", Always, true, print_pid,
	  OR_NULL(i.pid, std::to_string(i.pid)) },
	{ "AGE", "time since it was made; else in seconds", Always, true,
	  TEXT(print_age(age(i.created_ns))), NUMBER(age(i.created_ns)) },
	{ "SINCE", "time that it has been in this state", Asked, true,
	  TEXT(print_age(age(i.activated_ns))), NUMBER(age(i.activated_ns)) },
	{ "BYTES", "memory that it takes", Wide, true, NUMBER(i.bytes), NUMBER(i.bytes) },
	{ "MEDIATED", "does the host send for its senders?", Asked, false, YES(i.mediated),
	  TRUTH(i.mediated) },
	{ "COOKIE", "what its owner calls it", Asked, true, TEXT(print_key(i.cookie)),
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

std::string print_age(uint64_t seconds)
{
	if (seconds < 100)
		return std::to_string(seconds) + "s";
	if (seconds < 100 * 60)
		return std::to_string(seconds / 60) + "m";
	if (seconds < 100 * 3600)
		return std::to_string(seconds / 3600) + "h";
	return std::to_string(seconds / 86400) + "d";
}

Columns columns(Shown least)
{
	Columns columns;

	for (const Column &column : table)
		if (column.shown <= least)
			columns.push_back(&column);
	return columns;
}

Columns parse_columns(const std::string &text)
{
	bool more = text.starts_with('+');
	Columns chosen = more ? columns(Shown::Always) : Columns();
	std::istringstream names(text.substr(more ? 1 : 0));
	std::string name;

	while (std::getline(names, name, ',')) {
		bool known = false;

		for (const Column &column : table) {
			if (upper(name) != column.name && upper(name) != "ALL")
				continue;
			known = true;
			/* An object of JSON has each member once. */
			if (std::find(chosen.begin(), chosen.end(), &column) == chosen.end())
				chosen.push_back(&column);
		}
		if (!known)
			throw CLI::ValidationError("--output",
						   "there is no column '" + name +
							   "'; see msgqctl list --help");
	}
	if (chosen.empty())
		throw CLI::ValidationError("--output", "names no column; KEY,DEPTH names two");
	return chosen;
}

std::vector<std::string> column_names()
{
	std::vector<std::string> names;

	for (const Column &column : table)
		names.emplace_back(column.name);
	return names;
}

std::string columns_help()
{
	std::string help = "Columns (* usual, + usual where the terminal is wide enough):\n";

	for (const Column &column : table) {
		std::string name = column.name;
		const char *mark = column.shown == Always ? "  * "
				   : column.shown == Wide ? "  + "
							  : "    ";

		help += mark + name + std::string(10 - name.size(), ' ') + column.help + "\n";
	}
	return help;
}

std::string raw(const Column &column, const msgqipc_info &info)
{
	std::string value = column.json(info);

	if (value == "null")
		return "-";
	return value.front() == '"' ? value.substr(1, value.size() - 2) : value;
}

std::string json_queue(const msgqipc_info &info, const Columns &columns)
{
	Members members;

	for (const Column *column : columns)
		members.emplace_back(lower(column->name), column->json(info));
	return json_object(members);
}

Table tabulate(const std::vector<msgqipc_info> &queues, const Columns &columns)
{
	std::vector<Heading> headings;

	for (const Column *column : columns)
		headings.push_back({ column->name, column->right });
	Table rows(headings);

	for (const msgqipc_info &queue : queues) {
		std::vector<Cell> cells;

		for (const Column *column : columns)
			cells.push_back({ column->text(queue),
					  column->tint ? column->tint(queue) : Tint::Plain });
		rows.add(std::move(cells));
	}
	return rows;
}
