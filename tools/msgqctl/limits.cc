// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>

#include "client.h"
#include "command.h"
#include "json.h"
#include "names.h"
#include "table.h"

namespace
{

const struct {
	const char *name;
	const char *parameter; /* of the module, and an option of msgqd */
	msgqipc_limit msgqipc_limits::*limit;
	const char *help;
} table[] = {
	{ "queues", "user_queues", &msgqipc_limits::queues, "until their memory goes" },
	{ "contexts", "user_contexts", &msgqipc_limits::contexts, "this program has one" },
	{ "bytes", "user_bytes", &msgqipc_limits::bytes, "memory of those queues" },
	{ "attachments", "user_attachments", &msgqipc_limits::attachments,
	  "queues sent to or monitored" },
};

Tint tint(const msgqipc_limit &limit)
{
	if (!limit.max || limit.used < limit.max / 10 * 9)
		return Tint::Plain;
	return limit.used >= limit.max ? Tint::Bad : Tint::Warning;
}

std::string json_limit(const msgqipc_limit &limit)
{
	return json_object({ { "used", std::to_string(limit.used) },
			     { "max", limit.max ? std::to_string(limit.max) : "null" } });
}

void print_limits(const msgqipc_limits &limits, uint64_t entries)
{
	Table rows({ { "OF" }, { "USED", true }, { "MAX", true }, { "PARAMETER" }, { "NOTE" } });

	for (const auto &each : table) {
		const msgqipc_limit &limit = limits.*each.limit;

		rows.add({ { each.name },
			   { std::to_string(limit.used), tint(limit) },
			   { limit.max ? std::to_string(limit.max) : "-" },
			   { each.parameter },
			   { each.help } });
	}
	rows.add({ { "entries" },
		   { "-" },
		   { std::to_string(entries) },
		   { "max_entries" },
		   { "in one queue, of any user" } });
	printf("limits of user %s\n", user_name(limits.uid).c_str());
	rows.print(true);
}

void limits(bool json)
{
	Client client;
	msgqipc_limits limits{};
	uint64_t entries = 0;

	if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_GET_LIMITS, 0, &limits) ||
	    msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_GET_MAX_MESSAGES, 0, &entries))
		throw failure("cannot ask for the limits");
	if (!json) {
		print_limits(limits, entries);
		return;
	}
	Members members = { { "host", json_string(client.host()) },
			    { "user", json_string(user_name(limits.uid)) },
			    { "uid", std::to_string(limits.uid) } };

	for (const auto &each : table)
		members.emplace_back(each.name, json_limit(limits.*each.limit));
	members.emplace_back("max_entries", std::to_string(entries));
	print_json(members);
}

} // namespace

std::function<void()> setup_limits(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);

	app.add_flag("-J,--json", *json, "print JSON");
	app.footer("Shows what the caller's user has in this network namespace, and may have. A\n"
		   "limit is a parameter of the module, in /sys/module/msgq/parameters, or an\n"
		   "option of msgqd, with - for _.\n");
	return [json] {
		limits(*json);
	};
}
