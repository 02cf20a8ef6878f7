// SPDX-License-Identifier: MIT
/* What is done once, not for each message; beside POSIX mq's. */
#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>

#include <msgqipc.h>

#include "../peers/msgqipc.h"
#include "plan.h"
#include "traffic.h"

namespace
{

constexpr uint32_t ENTRIES = 10; /* what an unprivileged POSIX mq may have */
constexpr uint64_t AT_ONCE = 16;

msgqipc_queue *queue_of(msgqipc_ctx *ctx, uint32_t entries, msgqipc_addr *addr)
{
	msgqipc_queue *queue = msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, addr, entries, 0, 0);

	if (!queue || msgqipc_activate(ctx, queue))
		msgqipc_give_up("msgqipc_create");
	return queue;
}

std::string mq_name(uint64_t n)
{
	return "/msgq-bench-" + std::to_string(getpid()) + "-" + std::to_string(n);
}

mqd_t mq_make(const std::string &name)
{
	mq_attr attr = {};

	attr.mq_maxmsg = ENTRIES;
	attr.mq_msgsize = MESSAGE_MAX;
	const mqd_t made = mq_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
	if (made == static_cast<mqd_t>(-1)) {
		perror("mq_open");
		_exit(2);
	}
	return made;
}

void make_and_close(uint64_t count, Gate &gate)
{
	msgqipc_ctx *ctx = msgqipc_own();

	gate.begin(true);
	for (uint64_t n = 0; n < count; n++)
		msgqipc_close(ctx, queue_of(ctx, ENTRIES, nullptr), 0);
	gate.end(true);
}

void mq_make_and_close(uint64_t count, Gate &gate)
{
	const std::string name = mq_name(0);

	gate.begin(true);
	for (uint64_t n = 0; n < count; n++) {
		mq_close(mq_make(name));
		mq_unlink(name.c_str());
	}
	gate.end(true);
}

void send_first(uint64_t count, Gate &gate)
{
	msgqipc_ctx *ctx = msgqipc_own(), *receiver = msgqipc_open();
	std::vector<msgqipc_addr> addr(count);

	for (msgqipc_addr &each : addr)
		queue_of(receiver, ENTRIES, &each);
	gate.begin(true);
	for (const msgqipc_addr &each : addr)
		if (msgqipc_send(ctx, &each, "first", 5))
			msgqipc_give_up("msgqipc_send");
	gate.end(true);
}

void mq_send_first(uint64_t count, Gate &gate)
{
	for (uint64_t n = 0; n < count; n++)
		mq_close(mq_make(mq_name(n)));
	gate.begin(true);
	for (uint64_t n = 0; n < count; n++) {
		const mqd_t queue = mq_open(mq_name(n).c_str(), O_WRONLY);

		if (mq_send(queue, "first", 5, 0))
			_exit(2);
		mq_close(queue);
	}
	gate.end(true);
	for (uint64_t n = 0; n < count; n++)
		mq_unlink(mq_name(n).c_str());
}

/* What the host says that it takes; the same for each process that maps it. */
double memory_of(uint32_t entries)
{
	msgqipc_ctx *ctx = msgqipc_open();
	msgqipc_addr addr;
	msgqipc_info info[64];
	double bytes = 0;

	queue_of(ctx, entries, &addr);
	for (msgqipc_list list = { info, 64, 0 };; list.count = 64) {
		if (msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &list) ||
		    !list.count)
			break;
		for (uint32_t i = 0; i < list.count; i++)
			if (!memcmp(&info[i].addr, &addr, sizeof(addr)))
				bytes = static_cast<double>(info[i].bytes);
	}
	msgqipc_destroy(ctx);
	return bytes;
}

/* As the kernel charges it to the user: see mqueue_get_inode() there. */
double mq_memory_of(uint32_t entries)
{
	constexpr double message = 48, node = 48;

	return entries * (message + node + MESSAGE_MAX);
}

} // namespace

void plan_costs(Plan &plan, const Options &options)
{
	const Place at = place(options.cpus, 1);
	using Cost = void (*)(uint64_t, Gate &);
	const auto add = [&](const char *measure, const char *peer, Cost cost, uint64_t most) {
		Series series = { measure, peer, 0, Unit::us, [=](uint64_t asked) {
					 const uint64_t count = std::min(asked, most);
					 const Lap lap = race_gated(
						 at.cpus,
						 [&](unsigned, Gate &gate) { cost(count, gate); },
						 PIECE_LIMIT_MS);

					 return Piece{ lap, static_cast<double>(lap.ns) /
								    static_cast<double>(count) };
				 } };

		series.least = 4;
		/* The host works for it, on a CPU that it chooses. */
		series.yields = true;
		series.every = 2;
		plan.all.push_back(series);
	};
	const auto weigh = [&](uint32_t entries, const char *peer, double (*memory)(uint32_t)) {
		Series series = { "memory of " + std::to_string(entries) + " entries", peer, 0,
				  Unit::bytes, [=](uint64_t) {
					  return Piece{ {}, memory(entries) };
				  } };

		series.every = 1000;
		plan.all.push_back(series);
	};

	add("create and close", OURS, make_and_close, AT_ONCE);
	add("create and close", "POSIX mq", mq_make_and_close, AT_ONCE);
	add("first send", OURS, send_first, AT_ONCE);
	add("first send", "POSIX mq", mq_send_first, AT_ONCE);
	for (uint32_t entries : { 64u, 1024u }) {
		weigh(entries, OURS, memory_of);
		weigh(entries, "POSIX mq", mq_memory_of);
	}
}
