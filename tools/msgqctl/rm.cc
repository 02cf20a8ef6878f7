// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <vector>

#include "client.h"
#include "command.h"
#include "holder.h"
#include "notation.h"
#include "which.h"

namespace
{

void unlink(const Client &client, msgqipc_key key)
{
	msgqipc_named named{};

	named.key = key;
	if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_UNLINK,
			&named))
		throw failure("cannot remove the key " + print_key(key));
}

/* What is left then is for who keeps it to end. */
void rm(const Client &client, const Which &which)
{
	std::string name = print_which(which);
	std::optional<msgqipc_info> info;

	/* A name may be removed by who may not look at the queue. */
	client.each([&](const msgqipc_info &each) {
		if (is(which, each))
			info = each;
		return !info;
	});
	if (!info && which.key == MSGQIPC_KEY_PRIVATE)
		info = find(client, which); /* fails, and says so */
	msgqipc_key key = info ? info->key : which.key;

	if (key != MSGQIPC_KEY_PRIVATE)
		unlink(client, key);
	if (info && is_held(*info)) {
		ask_holder(client, *info, holder_ends, "cannot end queue " + name,
			   [](const msgqipc_info *now) { return !now; });
		return;
	}
	std::string owner =
		info && info->pid ? "process " + std::to_string(info->pid) : "its process";

	if (key == MSGQIPC_KEY_PRIVATE)
		throw Failure{ Exit::Failed,
			       "queue " + name + " has no key to remove; it ends with " + owner };
	printf("%s: the key is free; %s keeps the queue, by its address, until it ends\n",
	       name.c_str(), owner.c_str());
}

} // namespace

std::function<void()> setup_rm(CLI::App &app)
{
	auto queues = std::make_shared<std::vector<Which>>();

	add_queues(app, *queues)->required();
	app.footer(
		"Removes the key, which its owner and root may: the queue is not found by it any\n"
		"more, and the key is free. A queue that 'msgqctl create' holds ends; any other\n"
		"ends with its process, whatever that is killed by, and never before: no queue is\n"
		"ever left over.\n");
	return [queues] {
		Client client;

		for (const Which &each : *queues)
			rm(client, each);
	};
}
