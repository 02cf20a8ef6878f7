// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>

#include "client.h"
#include "command.h"
#include "which.h"

namespace
{

void poke(const Which &which)
{
	Client client;
	msgqipc_addr addr = address(client, which);

	if (msgqipc_poke(client.ctx(), &addr))
		throw failure("queue " + print_which(which) + " takes no message");
	printf("queue %s takes messages\n", print_which(which).c_str());
}

} // namespace

std::function<void()> setup_poke(CLI::App &app)
{
	auto which = std::make_shared<Which>();

	add_queue(app, *which);
	app.footer(
		"Tells what a message would be answered by now, and sends none. That it is full,\n"
		"inactive or gone, or may not be sent to, is told by the exit status as well.\n");
	return [which] {
		poke(*which);
	};
}
