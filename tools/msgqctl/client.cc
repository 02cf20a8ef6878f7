// SPDX-License-Identifier: MIT
#include "client.h"

#include <vector>

#include "notation.h"

Refusal last_refusal()
{
	Refusal refusal{ msgqipc_get_error(), "" };
	std::string detail = msgqipc_error_detail();

	refusal.why = detail.empty() ? msgqipc_strerror(refusal.error) : detail;
	return refusal;
}

static Exit exit_of(int error)
{
	switch (error) {
	case MSGQIPC_ERR_NOTFOUND:
	case MSGQIPC_ERR_INACTIVE:
		return Exit::NoQueue;
	case MSGQIPC_ERR_EXISTS:
		return Exit::Taken;
	case MSGQIPC_ERR_RNR:
		return Exit::Full;
	case MSGQIPC_ERR_ACCES:
		return Exit::Denied;
	default:
		return Exit::Failed;
	}
}

Failure failure(const std::string &doing, const Refusal &refusal)
{
	return { exit_of(refusal.error), doing + ": " + refusal.why };
}

Failure failure(const std::string &doing)
{
	return failure(doing, last_refusal());
}

Client::Client()
{
	uint64_t size = 0;
	msgqipc_api *api = msgqipc_load(MSGQIPC_API_V2);

	if (!api)
		throw Failure{ Exit::NoModule, last_refusal().why };

	ctx_ = msgqipc_ini(api);
	if (!ctx_) {
		Refusal refusal = last_refusal();
		bool absent = refusal.error == MSGQIPC_ERR_NOTFOUND ||
			      refusal.error == MSGQIPC_ERR_NOTSUPP;
		Failure failed = failure("cannot use message queues", refusal);

		if (absent)
			failed.status = Exit::NoModule;
		throw failed;
	}
	if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_GET_MAX_MSG_SIZE, 0, &size)) {
		Failure failed = failure("cannot ask for the size of messages");

		msgqipc_destroy(ctx_);
		throw failed;
	}
	max_message_ = size;
}

Client::~Client()
{
	msgqipc_destroy(ctx_);
}

std::string Client::host() const
{
	msgqipc_host host;

	if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_GET_HOST, 0, &host))
		throw failure("cannot ask who keeps the queues");
	return std::string(host.kind == MSGQIPC_HOST_MODULE ? "module " : "msgqd ") + host.release +
	       " (" + host.path + ")";
}

void Client::each(const std::function<bool(const msgqipc_info &)> &see) const
{
	std::vector<msgqipc_info> page(64);
	msgqipc_list list{};

	for (;;) {
		list.info = page.data();
		list.count = static_cast<uint32_t>(page.size());
		if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &list))
			throw failure("cannot list queues");
		if (!list.count)
			return;
		for (uint32_t i = 0; i < list.count; i++)
			if (!see(page[i]))
				return;
	}
}

std::optional<msgqipc_info> Client::find(const msgqipc_addr &addr) const
{
	std::optional<msgqipc_info> found;

	each([&](const msgqipc_info &info) {
		if (same(info.addr, addr))
			found = info;
		return !found;
	});
	return found;
}

std::optional<msgqipc_info> Client::find(msgqipc_key key) const
{
	std::optional<msgqipc_info> found;

	each([&](const msgqipc_info &info) {
		if (info.key == key)
			found = info;
		return !found;
	});
	return found;
}

Failure create_failure(const Client &client, msgqipc_key key)
{
	Refusal refusal = last_refusal();
	Failure failed = failure("cannot make queue " + print_key(key), refusal);

	if (refusal.error != MSGQIPC_ERR_EXISTS)
		return failed;
	failed.text = "key " + print_key(key) + " is taken";
	if (auto holder = client.find(key); holder && holder->pid)
		failed.text += " by process " + std::to_string(holder->pid);
	failed.text += "; --force takes it over";
	return failed;
}
