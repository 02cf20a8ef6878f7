/* SPDX-License-Identifier: MIT */
/*
 * The other side of a measurement: a process with a queue of its own, that does
 * what the first byte of a message to it says.
 */
#ifndef MSGQCTL_PARTNER_H
#define MSGQCTL_PARTNER_H

#include <cstdint>
#include <sys/types.h>
#include <vector>

#include <msgqipc.h>

enum class Task : uint8_t {
	Echo,	/* sends the message back */
	Stream, /* sends such messages for some time, and then one of length 0 */
	Wake,	/* sends the time, again and again, to who sleeps in between */
	End,
};

struct Order {
	Task task;
	uint8_t length;	       /* of what it sends */
	uint16_t milliseconds; /* Stream, Wake: how long */
};

class Partner
{
public:
	/* Forks; what it sends goes to @to. @cpu: where it is to run; -1: anywhere. */
	Partner(const msgqipc_addr &to, int cpu);
	~Partner();
	Partner(const Partner &) = delete;
	Partner &operator=(const Partner &) = delete;

	const msgqipc_addr &addr() const
	{
		return addr_;
	}
	bool alive() const;

private:
	pid_t pid_;
	msgqipc_addr addr_{};
};

/* Of those that we may run on, two that are far apart; or one. */
std::vector<int> two_cpus();
void run_on(int cpu);

#endif
