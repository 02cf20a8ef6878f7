// SPDX-License-Identifier: MIT
#include "which.h"

#include "notation.h"

static bool parse(const std::string &text, Which &which)
{
	if (parse_addr(text, which.addr))
		return true;
	return parse_key(text, which.key) && which.key != MSGQIPC_KEY_PRIVATE;
}

static Which parse_or_refuse(const std::string &text)
{
	Which which;

	if (!parse(text, which))
		throw CLI::ValidationError("QUEUE",
					   "'" + text +
						   "' is not a queue; a queue is given by its "
						   "key,\n42 or 0x2a, or by its address, as "
						   "'msgqctl list -o ADDR' shows it");
	return which;
}

std::string print_which(const Which &which)
{
	return which.key == MSGQIPC_KEY_PRIVATE ? print_addr(which.addr) : print_key(which.key);
}

CLI::Option *add_queue(CLI::App &app, Which &which)
{
	return app
		.add_option_function<std::string>(
			"QUEUE",
			[&which](const std::string &text) { which = parse_or_refuse(text); },
			"the queue's key or address")
		->required()
		->type_name("");
}

CLI::Option *add_queues(CLI::App &app, std::vector<Which> &which)
{
	return app
		.add_option_function<std::vector<std::string>>(
			"QUEUE",
			[&which](const std::vector<std::string> &texts) {
				for (const std::string &text : texts)
					which.push_back(parse_or_refuse(text));
			},
			"the queues' keys or addresses")
		->type_name("");
}

bool is(const Which &which, const msgqipc_info &info)
{
	if (which.key == MSGQIPC_KEY_PRIVATE)
		return same(info.addr, which.addr);
	return info.key == which.key;
}

static Failure absent(const Which &which)
{
	bool by_key = which.key != MSGQIPC_KEY_PRIVATE;

	return { Exit::NoQueue, "no queue has the " + std::string(by_key ? "key " : "address ") +
					print_which(which) +
					", or you may not look at it; 'msgqctl list' shows which "
					"there are" };
}

msgqipc_info find(const Client &client, const Which &which)
{
	std::optional<msgqipc_info> found;

	client.each([&](const msgqipc_info &info) {
		if (is(which, info))
			found = info;
		return !found;
	});
	if (!found)
		throw absent(which);
	return *found;
}

msgqipc_addr address(const Client &client, const Which &which)
{
	msgqipc_named named{};

	if (which.key == MSGQIPC_KEY_PRIVATE)
		return which.addr;
	named.key = which.key;
	if (!msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP,
			 &named))
		return named.addr;
	Refusal refusal = last_refusal();

	if (refusal.error == MSGQIPC_ERR_NOTFOUND)
		throw absent(which);
	throw failure("cannot find queue " + print_which(which), refusal);
}
