// SPDX-License-Identifier: MIT
#include <memory>

#include "client.h"
#include "command.h"
#include "holder.h"
#include "which.h"

namespace
{

void activate(const Which &which, bool active)
{
	Client client;
	std::string doing = std::string("cannot ") + (active ? "activate" : "deactivate") +
			    " queue " + print_which(which);
	msgqipc_info info = find(client, which);

	if (!is_held(info))
		throw Failure{ Exit::Denied,
			       doing + ": only its own process can, " +
				       (info.pid ? std::to_string(info.pid) : "out of sight") +
				       "; 'msgqctl create' holds queues for which others ask" };
	ask_holder(client, info, active ? holder_activates : holder_deactivates, doing,
		   [active](const msgqipc_info *now) { return now && !now->active == !active; });
}

std::function<void()> setup(CLI::App &app, bool active, const char *does)
{
	auto which = std::make_shared<Which>();

	add_queue(app, *which);
	app.footer(std::string(does) +
		   "\nIt takes a queue that 'msgqctl create' holds, and the right to signal that\n"
		   "process: other queues are for their own process alone to activate and\n"
		   "deactivate.\n");
	return [which, active] {
		activate(*which, active);
	};
}

} // namespace

std::function<void()> setup_activate(CLI::App &app)
{
	return setup(app, true, "When it returns, the queue takes sends.");
}

std::function<void()> setup_deactivate(CLI::App &app)
{
	return setup(app, false, "When it returns, no further send enters the queue.");
}
