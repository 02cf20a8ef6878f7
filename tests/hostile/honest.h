/* SPDX-License-Identifier: MIT */
/* Who keeps to the rules, and finds out whether the others can be told. */
#ifndef MSGQ_TESTS_HOSTILE_HONEST_H
#define MSGQ_TESTS_HOSTILE_HONEST_H

#include <algorithm>
#include <atomic>
#include <cstring>
#include <initializer_list>

#include <sched.h>
#include <unistd.h>

#include "../api/fixture.h"
#include "../api/message.h"
#include "../api/processes.h"
#include "target.h"

namespace hostile
{

/*
 * The bound that every call keeps: a process whose calls do not end in it is
 * killed by SIGALRM. Those of a loaded machine take milliseconds; what is
 * meant are loops without end, and sleeps without end. To be called again and
 * again.
 */
constexpr unsigned BOUND_SECONDS = 30;

inline void bound()
{
	alarm(BOUND_SECONDS);
}

inline bool one_of(int error, std::initializer_list<int> documented)
{
	for (int each : documented)
		if (error == each)
			return true;
	return false;
}

/* Two processes that use a queue of their own; every message arrives, in order. */
class Pair
{
	api::Shared<std::atomic<uint64_t>> count;
	api::Child receiver, sender;

	static void receive_on(api::Line &up, const std::atomic<bool> &over,
			       std::atomic<uint64_t> &count)
	{
		api::Context ctx;
		api::Queue queue(ctx, 16);
		api::Message message;
		uint64_t number = 0;

		queue.block();
		up.say(queue.addr);
		for (unsigned calls = 0; !over; calls++) {
			if (calls % 256 == 0)
				bound();
			ssize_t len = msgqipc_recv_timeout(ctx, queue, &message, sizeof(message),
							   100000000);

			if (len < 0) {
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND)
					<< msgqipc_error_detail();
				continue;
			}
			ASSERT_TRUE(api::whole(message, len));
			ASSERT_EQ(message.sender, 0u);
			ASSERT_EQ(message.number, number++);
			count = number;
		}
	}

	static void send_on(const msgqipc_addr &addr, const std::atomic<bool> &over)
	{
		api::Context ctx;
		api::Message message;
		uint64_t number = 0;

		for (unsigned calls = 0; !over; calls++) {
			size_t len = api::compose(message, 0, number);

			if (calls % 256 == 0)
				bound();
			if (!msgqipc_send(ctx, &addr, &message, len)) {
				number++;
				continue;
			}
			/* The receiver may have seen that it is over. */
			ASSERT_TRUE(one_of(msgqipc_get_error(), { MSGQIPC_ERR_RNR }) || over)
				<< msgqipc_strerror(msgqipc_get_error());
			sched_yield();
		}
	}

public:
	explicit Pair(const std::atomic<bool> &over)
	    : count(0u), receiver([&](api::Line &up) { receive_on(up, over, *count); }),
	      sender([&, addr = receiver.line.hear<msgqipc_addr>()](api::Line &) {
		      send_on(addr, over);
	      })
	{
	}

	uint64_t messages() const
	{
		return *count;
	}

	void finish()
	{
		sender.finish();
		receiver.finish();
		EXPECT_GT(messages(), 0u);
	}
};

/* Sends to a queue that is attacked: no more than that its calls end as documented. */
inline void send_bravely(const Target &target, const std::atomic<bool> &over,
			 std::atomic<uint64_t> &calls)
{
	api::Context ctx;
	msgqipc_event events[4];
	char msg[64] = {};

	while (!over) {
		msgqipc_addr addr = target.get();
		uint64_t call = calls++;

		if (call % 64 == 0)
			bound();
		if (msgqipc_send(ctx, &addr, msg, call % 65)) {
			ASSERT_TRUE(one_of(msgqipc_get_error(),
					   { MSGQIPC_ERR_RNR, MSGQIPC_ERR_INACTIVE,
					     MSGQIPC_ERR_NOTFOUND, MSGQIPC_ERR_FAILURE,
					     MSGQIPC_ERR_NORES }))
				<< msgqipc_strerror(msgqipc_get_error());
			sched_yield();
		}
		if (call % 7 == 0)
			msgqipc_poke(ctx, &addr);
		if (call % 64 == 1 && msgqipc_cancel(ctx, &addr)) {
			ASSERT_TRUE(one_of(
				msgqipc_get_error(),
				{ MSGQIPC_ERR_NOTFOUND, MSGQIPC_ERR_FAILURE, MSGQIPC_ERR_NORES }))
				<< msgqipc_strerror(msgqipc_get_error());
		}
		if (call % 64 == 2) {
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &addr);
			ASSERT_GE(msgqipc_get_events(ctx, events, 4), 0);
		}
	}
}

/* Room for a message, with what must stay as it is around it. */
class Guarded
{
	unsigned char bytes[64 + 4 * 64];

public:
	Guarded()
	{
		memset(bytes, 0x5a, sizeof(bytes));
	}

	unsigned char *room()
	{
		return bytes + 64;
	}

	bool untouched(size_t beyond) const
	{
		for (size_t at = 0; at < sizeof(bytes); at++)
			if ((at < 64 || at >= 64 + beyond) && bytes[at] != 0x5a)
				return false;
		return true;
	}

	void renew()
	{
		memset(bytes, 0x5a, sizeof(bytes));
	}
};

/* Every call of a receiver once, none of which goes beyond its buffer. */
inline void receive_bravely(Owned &owned, uint64_t round)
{
	const api::Queue &queue = owned.queue();
	bool ruined = false;
	Guarded buffer;
	/* One that is too large has room for more than a message can be. */
	size_t room = round % 3 == 0 ? round % 65 : round % 3 == 1 ? 64 : 192;
	uint64_t size = 0;
	msgqipc_event event;
	ssize_t len;

	for (int call = 0; call < 3; call++) {
		if (call == 0)
			len = msgqipc_recv(queue.ctx, queue, buffer.room(), room);
		else if (call == 1)
			len = msgqipc_peek(queue.ctx, queue, buffer.room(), room, round % 5);
		else
			len = msgqipc_recv_timeout(queue.ctx, queue, buffer.room(), room,
						   round % 16 ? 0 : 300000);
		if (len < 0) {
			ASSERT_TRUE(one_of(
				msgqipc_get_error(),
				{ MSGQIPC_ERR_NOTFOUND, MSGQIPC_ERR_FAILURE, MSGQIPC_ERR_TRUNC }))
				<< call << msgqipc_strerror(msgqipc_get_error());
		}
		ruined = ruined || (len < 0 && msgqipc_get_error() == MSGQIPC_ERR_FAILURE);
		ASSERT_LE(len, ssize_t(std::min<size_t>(room, 64))) << call;
		ASSERT_TRUE(buffer.untouched(std::min<size_t>(room, 64))) << call;
		buffer.renew();
		ASSERT_SUCC(msgqipc_ctl(queue.ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, &size));
		ASSERT_LE(size, 64u) << call;
	}
	if (round % 8 == 0) {
		msgqipc_ctl(queue.ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr);
		ASSERT_GE(msgqipc_get_events(queue.ctx, &event, 1), -1);
	}
	if (round % 64 == 0 && msgqipc_deactivate(queue.ctx, queue)) {
		ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_FAILURE);
	}
	if (round % 64 == 0 && msgqipc_activate(queue.ctx, queue)) {
		ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_FAILURE);
	}
	/* Not at once: it has to bear with a ruin, too. */
	if (ruined && round % 16 == 0)
		owned.renew();
}

} // namespace hostile

#endif
