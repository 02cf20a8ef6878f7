/* SPDX-License-Identifier: MIT */
/* Who sends to a queue. */
#ifndef MSGQCTL_SENDERS_H
#define MSGQCTL_SENDERS_H

#include <string>
#include <vector>

#include <msgqipc.h>

#include "client.h"
#include "table.h"

struct Senders {
	std::vector<msgqipc_sender> all;
	uint64_t next = 0;  /* the position of the queue's next message */
	uint32_t slots = 0; /* so many of the last messages are told of */
};

Senders senders_of(const Client &client, const msgqipc_addr &addr);

Table tabulate(const Senders &senders);
std::vector<std::string> json_senders(const Senders &senders);

/* An id: its text, where it can be printed, or its bytes. */
std::string print_sendid(const msgqipc_sendid &sendid);

#endif
