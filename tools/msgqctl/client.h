/* SPDX-License-Identifier: MIT */
/* The library, with what it refuses turned into a Failure. */
#ifndef MSGQCTL_CLIENT_H
#define MSGQCTL_CLIENT_H

#include <functional>
#include <optional>
#include <string>

#include <msgqipc.h>

#include "exit.h"

class Client
{
public:
	Client();
	~Client();
	Client(const Client &) = delete;
	Client &operator=(const Client &) = delete;

	msgqipc_ctx *ctx() const
	{
		return ctx_;
	}
	/* Who keeps the queues, as "module 0.1.0 (/dev/msgq)". */
	std::string host() const;
	size_t max_message() const
	{
		return max_message_;
	}

	/* Every queue that the caller may look at, until @see returns false. */
	void each(const std::function<bool(const msgqipc_info &)> &see) const;
	std::optional<msgqipc_info> find(const msgqipc_addr &addr) const;
	std::optional<msgqipc_info> find(msgqipc_key key) const;

private:
	msgqipc_ctx *ctx_;
	size_t max_message_;
};

/* Of the last call: to be asked for before the next one. */
struct Refusal {
	int error;
	std::string why;
};
Refusal last_refusal();
Failure failure(const std::string &doing, const Refusal &refusal);
Failure failure(const std::string &doing);

/* That of a create that may have found its key taken. */
Failure create_failure(const Client &client, msgqipc_key key);

#endif
