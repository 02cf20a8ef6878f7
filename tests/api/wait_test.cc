// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <atomic>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Wait : public api::Test
{
protected:
	static void nothing(int)
	{
	}

	// The wait of a child, ended by a signal whose handler has @flags.
	void cancel_by_signal(int flags)
	{
		Child receiver([&](Line &up) {
			Context own;
			Queue queue(own);
			struct sigaction action = {};
			char msg[64];

			action.sa_handler = nothing;
			action.sa_flags = flags;
			sigaction(SIGUSR1, &action, nullptr);
			queue.block();
			up.say(queue.addr);
			EXPECT_ERR(CANCEL, msgqipc_recv(own, queue, msg, sizeof(msg)));
			up.say();
			EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 5);
		});
		msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

		api::await_sleeper(ctx, addr);
		kill(receiver.pid(), SIGUSR1);
		receiver.line.hear();
		EXPECT_SUCC(msgqipc_send(ctx, &addr, "after", 5));
		receiver.finish();
	}
};

// holds: recv.block-no-effect
TEST_F(Wait, IsNotForWhatIsThere)
{
	Queue queue(ctx, 4);
	char msg[64];

	queue.block();
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "one", 3));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 3);
}

// holds: recv.blocks
TEST_F(Wait, IsTheDefault)
{
	Child receiver([&](Line &up) {
		Context own;
		msgqipc_addr addr;
		msgqipc_queue *queue = msgqipc_create(own, MSGQIPC_KEY_PRIVATE, &addr, 4, 0, 0);
		char msg[64];

		ASSERT_SUCC(queue);
		ASSERT_SUCC(msgqipc_activate(own, queue));
		up.say(addr);
		EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 2);
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	api::await_sleeper(ctx, addr);
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "hi", 2));
	receiver.finish();
}

// holds: recv.blocks
TEST_F(Wait, EndsWithTheFirstOfSeveralMessages)
{
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own, 4);

		queue.block();
		up.say(queue.addr);
		for (int each = 0; each < 4; each++) {
			int got = -1;

			EXPECT_EQ(msgqipc_recv(own, queue, &got, sizeof(got)), 4);
			EXPECT_EQ(got, each);
		}
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	api::await_sleeper(ctx, addr);
	for (int each = 0; each < 4; each++)
		EXPECT_SUCC(msgqipc_send(ctx, &addr, &each, sizeof(each)));
	receiver.finish();
}

// holds: ctl.nonblock
TEST_F(Wait, IsTakenBackByNonblock)
{
	Queue queue(ctx, 4);
	char msg[64];

	queue.block();
	queue.block(false);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// The pauses before each send put it before, into and after the moment in
// which the receiver falls asleep.
// holds: recv.no-lost-wakeup
TEST_F(Wait, LosesNoWakeUpInManyHandOffs)
{
	constexpr uint32_t ROUNDS = 10000;
	Queue back(ctx, 1);
	uint64_t state = 1;
	Child echo([&](Line &up) {
		Context own;
		Queue queue(own, 1);

		queue.block();
		up.say(queue.addr);
		for (uint32_t round = 0; round < ROUNDS; round++) {
			uint32_t got = ~0u;

			ASSERT_EQ(msgqipc_recv(own, queue, &got, sizeof(got)), 4);
			ASSERT_EQ(got, round);
			ASSERT_SUCC(msgqipc_send(own, &back.addr, &got, sizeof(got)));
		}
	});
	msgqipc_addr there = echo.line.hear<msgqipc_addr>();

	back.block();
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t got = ~0u;

		state = state * 6364136223846793005u + 1442695040888963407u;
		for (uint64_t pause = 1u << (state >> 60); pause; pause--)
			std::atomic_signal_fence(std::memory_order_seq_cst);
		ASSERT_SUCC(msgqipc_send(ctx, &there, &round, sizeof(round)));
		ASSERT_EQ(msgqipc_recv(ctx, back, &got, sizeof(got)), 4);
		ASSERT_EQ(got, round);
	}
	echo.finish();
}

// As above, but the message is mostly there before the receiver looks.
// holds: recv.no-lost-wakeup
TEST_F(Wait, LosesNothingThatWasSentBeforeIt)
{
	constexpr uint32_t ROUNDS = 10000;
	Queue queue(ctx, 8);
	Child sender([&](Line &) {
		Context own;

		for (uint32_t round = 0; round < ROUNDS;) {
			if (!msgqipc_send(own, &queue.addr, &round, sizeof(round)))
				round++;
			else
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
		}
	});

	queue.block();
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t got = ~0u;

		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), 4);
		ASSERT_EQ(got, round);
	}
	sender.finish();
}

// holds: recv.cancel-signal
TEST_F(Wait, IsCancelledByASignal)
{
	cancel_by_signal(0);
}

// holds: recv.cancel-signal
TEST_F(Wait, IsCancelledByASignalWhoseHandlerRestartsCalls)
{
	cancel_by_signal(SA_RESTART);
}

// A sender that dies has to wake nobody, nor to keep anybody asleep.
// holds: recv.sender-death
TEST_F(Wait, OutlastsTheDeathOfASender)
{
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own);
		char msg[64];

		queue.block();
		up.say(queue.addr);
		EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 5);
		EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 3);
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();
	Child sender([&](Line &up) {
		Context own;

		EXPECT_SUCC(msgqipc_send(own, &addr, "first", 5));
		up.say();
		pause();
	});

	sender.line.hear();
	api::await_sleeper(ctx, addr);
	sender.kill_and_wait();
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "end", 3));
	receiver.finish();
}

// holds: death.owner
TEST_F(Wait, IsEndedByTheOwnersDeath)
{
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own);
		char msg[64];

		queue.block();
		up.say(queue.addr);
		msgqipc_recv(own, queue, msg, sizeof(msg));
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	api::await_sleeper(ctx, addr);
	receiver.kill_and_wait();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
}

} // namespace
