/* SPDX-License-Identifier: MIT */
/* Sends to the queue of a key; comes back only when the message is there. */
#ifndef MSGQCTL_OUTBOX_H
#define MSGQCTL_OUTBOX_H

#include <cstdint>

#include "client.h"
#include "meter.h"
#include "pace.h"

class Outbox
{
public:
	struct Options {
		uint64_t rate = 0;
		uint64_t wait = 0; /* seconds, for the queue to be there and active */
		bool progress = false;
	};

	Outbox(Client &client, msgqipc_key key, const Options &options);

	/* Throws Failure when the queue is gone, or a signal asks to stop. */
	void send(const void *message, size_t length);
	/* The message of length 0. */
	void send_end();

	/* What is to be done now and then: looks for signals, shows progress. */
	void attend();
	/* Shows what was sent, if progress was asked for. */
	void finish();

	const msgqipc_addr &addr() const
	{
		return addr_;
	}

private:
	void open(uint64_t seconds);
	bool try_open(Failure &failed);
	void send_anyhow(const void *message, size_t length);
	std::string sent() const;

	Client &client_;
	msgqipc_key key_;
	msgqipc_addr addr_{};
	Meter meter_;
	Pace pace_;
	bool progress_;
};

#endif
