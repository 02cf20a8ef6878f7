// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <atomic>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

class Activation : public api::Test
{
};

// holds: activate.idempotent, activate.opens, send.inactive
TEST_F(Activation, IsIdempotent)
{
	Queue queue(ctx);

	EXPECT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
}

// holds: deactivate.keeps
TEST_F(Activation, TakenBackLeavesWhatIsQueued)
{
	Queue queue(ctx, 4);
	char msg[64];

	for (int each = 0; each < 3; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, &each, sizeof(each)));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	for (int each = 0; each < 3; each++) {
		EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 4);
		EXPECT_FALSE(memcmp(msg, &each, sizeof(each)));
	}
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
}

// holds: deactivate.full
TEST_F(Activation, TakenBackIsToldOfAFullQueueToo)
{
	Queue queue(ctx, 3);
	Context late;
	char msg[64];

	for (int each = 0; each < 3; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(INACTIVE, msgqipc_poke(ctx, &queue.addr));
	EXPECT_ERR(INACTIVE, msgqipc_send(late, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(late, &queue.addr, "x", 1));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
	EXPECT_SUCC(msgqipc_send(late, &queue.addr, "x", 1));
}

// holds: deactivate.capacity
TEST_F(Activation, KeepsTheCapacityExact)
{
	Queue queue(ctx, 2);
	char msg[64];

	for (int round = 0; round < 50; round++) {
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "1", 1));
		ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
		ASSERT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_SUCC(msgqipc_activate(ctx, queue));
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "22", 2));
		ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 2);
		ASSERT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	}
}

// Once deactivate has returned, what can be received is all there will ever be.
// holds: deactivate.exact, send.sync, send.never-late
TEST_F(Activation, TakenBackHoldsAgainstSendersAtFullSpeed)
{
	struct State {
		std::atomic<bool> stop = false;
		std::atomic<uint64_t> sent[2] = {};
	};
	Shared<State> state;
	Queue queue(ctx, 8);
	uint64_t received = 0;
	char msg[64];
	auto flood = [&](int which) {
		return [&, which](Line &) {
			Context own;

			while (!state->stop) {
				if (!msgqipc_send(own, &queue.addr, &which, sizeof(which)))
					state->sent[which]++;
				else if (msgqipc_get_error() != MSGQIPC_ERR_RNR &&
					 msgqipc_get_error() != MSGQIPC_ERR_INACTIVE)
					FAIL() << msgqipc_strerror(msgqipc_get_error());
				else
					sched_yield();
			}
		};
	};
	Child first(flood(0)), second(flood(1));

	for (int round = 0; round < 300; round++) {
		uint64_t before = received;
		msgqipc_info info;

		while (received < before + 20) {
			if (msgqipc_recv(ctx, queue, msg, sizeof(msg)) >= 0)
				received++;
			else
				sched_yield();
		}
		ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
		ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
		// Some of these may be claimed and not published yet; no more will come.
		for (uint32_t left = info.depth; left;) {
			if (msgqipc_recv(ctx, queue, msg, sizeof(msg)) >= 0) {
				received++;
				left--;
			} else {
				sched_yield();
			}
		}
		for (int again = 0; again < 3; again++) {
			sched_yield();
			ASSERT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
		}
		ASSERT_LE(state->sent[0] + state->sent[1], received);
		ASSERT_SUCC(msgqipc_activate(ctx, queue));
	}
	state->stop = true;
	first.finish();
	second.finish();
	while (msgqipc_recv(ctx, queue, msg, sizeof(msg)) >= 0)
		received++;
	EXPECT_EQ(received, state->sent[0] + state->sent[1]);
}

} // namespace
