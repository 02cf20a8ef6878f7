// SPDX-License-Identifier: MIT
// Processes that are stopped, by a signal or a debugger, outside send.
#include "fixture.h"
#include "processes.h"

#include <atomic>
#include <fstream>
#include <memory>

#include <sched.h>
#include <sys/ptrace.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

constexpr uint32_t ENTRIES = 16;

enum How { SIGNAL, DEBUGGER };

const char *const names[] = { "BySignal", "ByDebugger" };

class Stopped : public ::testing::TestWithParam<How>
{
protected:
	Context ctx;

	void SetUp() override
	{
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
		if (GetParam() != DEBUGGER)
			return;
		Child trial([](Line &up) { up.hear_out(); });
		if (ptrace(PTRACE_SEIZE, trial.pid(), nullptr, nullptr))
			GTEST_SKIP() << "this system lets no process trace its child";
		ptrace(PTRACE_DETACH, trial.pid(), nullptr, nullptr);
	}

	// Returns when it does not run any more.
	static void stop(const Child &child)
	{
		int status = 0;

		if (GetParam() == SIGNAL) {
			ASSERT_EQ(kill(child.pid(), SIGSTOP), 0);
			ASSERT_EQ(waitpid(child.pid(), &status, WUNTRACED), child.pid());
		} else {
			ASSERT_EQ(ptrace(PTRACE_SEIZE, child.pid(), nullptr, nullptr), 0);
			ASSERT_EQ(ptrace(PTRACE_INTERRUPT, child.pid(), nullptr, nullptr), 0);
			ASSERT_EQ(waitpid(child.pid(), &status, 0), child.pid());
		}
		ASSERT_TRUE(WIFSTOPPED(status)) << status;
	}

	static void resume(const Child &child)
	{
		if (GetParam() == SIGNAL)
			EXPECT_EQ(kill(child.pid(), SIGCONT), 0);
		else
			EXPECT_EQ(ptrace(PTRACE_DETACH, child.pid(), nullptr, nullptr), 0);
	}

	// Receives numbers in their order until the last, @blocking or looking.
	static void receive(Line &up, bool blocking, uint32_t last, std::atomic<uint32_t> &next)
	{
		Context own;
		Queue queue(own, ENTRIES);
		uint32_t number;

		queue.block(blocking);
		up.say(queue.addr);
		while (next <= last) {
			if (msgqipc_recv(own, queue, &number, sizeof(number)) != sizeof(number)) {
				// Nobody has a handler here: a wait is not to be cancelled.
				ASSERT_FALSE(blocking) << msgqipc_strerror(msgqipc_get_error());
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
				sched_yield();
				continue;
			}
			ASSERT_EQ(number, next);
			next++;
		}
	}

	// Full exactly at its capacity, while nobody receives; nothing is lost after.
	void expect_receiver_outlasts(bool blocking)
	{
		const uint32_t rounds = 20, last = rounds * (ENTRIES + 3);
		Shared<std::atomic<uint32_t>> next(0u);
		uint32_t number = 0;
		Child receiver([&](Line &up) { receive(up, blocking, last, *next); });
		msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

		const auto send_some = [&](uint32_t some) {
			while (some) {
				if (!msgqipc_send(ctx, &addr, &number, sizeof(number))) {
					number++;
					some--;
					continue;
				}
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
				sched_yield();
			}
		};
		for (uint32_t round = 0; round < rounds; round++) {
			// In its sleep as a rule, now and then on its way there.
			if (blocking && round % 3)
				api::await_sleeper(ctx, addr);
			ASSERT_NO_FATAL_FAILURE(stop(receiver));
			const uint32_t room = ENTRIES - (number - *next);
			for (uint32_t each = 0; each < room; each++, number++)
				ASSERT_SUCC(msgqipc_send(ctx, &addr, &number, sizeof(number)));
			// One may have left the queue that is not counted yet.
			if (!msgqipc_send(ctx, &addr, &number, sizeof(number)))
				number++;
			ASSERT_ERR(RNR, msgqipc_send(ctx, &addr, &number, sizeof(number)));
			ASSERT_ERR(RNR, msgqipc_poke(ctx, &addr));
			msgqipc_info info;
			ASSERT_TRUE(api::seen(ctx, addr, &info));
			ASSERT_EQ(info.depth, ENTRIES);
			resume(receiver);
			ASSERT_NO_FATAL_FAILURE(send_some(2));
			while (*next < number)
				sched_yield();
		}
		send_some(last + 1 - number);
		receiver.finish();
		EXPECT_EQ(*next, last + 1);
	}
};

// holds: stop.receiver
TEST_P(Stopped, ReceiverOfAFullQueueLosesNothing)
{
	expect_receiver_outlasts(false);
}

// holds: stop.receiver, recv.stop
TEST_P(Stopped, ReceiverThatSleepsGoesOnSleeping)
{
	expect_receiver_outlasts(true);
}

// holds: recv.stop
TEST_P(Stopped, ReceiverSleepsNoLongerForIt)
{
	Child receiver([](Line &up) {
		Context own;
		Queue queue(own);
		timespec begin, end;
		char msg[64];

		clock_gettime(CLOCK_MONOTONIC, &begin);
		up.say(queue.addr);
		EXPECT_ERR(NOTFOUND,
			   msgqipc_recv_timeout(own, queue, msg, sizeof(msg), 1000000000));
		clock_gettime(CLOCK_MONOTONIC, &end);
		double seconds = double(end.tv_sec - begin.tv_sec) +
				 double(end.tv_nsec - begin.tv_nsec) / 1e9;
		EXPECT_GE(seconds, 1.0);
		// With each of ten stops the second would begin anew.
		EXPECT_LT(seconds, 1.8);
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	api::await_sleeper(ctx, addr);
	for (int round = 0; round < 9; round++) {
		ASSERT_NO_FATAL_FAILURE(stop(receiver));
		resume(receiver);
		usleep(100000);
	}
	receiver.finish();
}

// Stopped between two sends it holds up nobody, and has lost nothing by it.
// holds: stop.sender
TEST_P(Stopped, SenderHoldsUpNobodyBetweenItsSends)
{
	Queue queue(ctx, ENTRIES);
	Child sender([&](Line &up) {
		Context own;

		for (uint32_t number = 0; number < 20; number++) {
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, &number, sizeof(number)));
			up.say();
			up.hear();
		}
	});
	uint32_t number;
	char msg[64];

	for (uint32_t round = 0; round < 20; round++) {
		sender.line.hear();
		ASSERT_NO_FATAL_FAILURE(stop(sender));
		ASSERT_EQ(msgqipc_recv(ctx, queue, &number, sizeof(number)), 4);
		ASSERT_EQ(number, round);
		// More than once around the ring.
		for (uint32_t each = 0; each < 3 * ENTRIES; each++) {
			ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
			ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
		}
		resume(sender);
		sender.line.say();
	}
	sender.finish();
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: stop.sender, death.place
TEST_P(Stopped, SenderIsKilledAllTheSame)
{
	Queue queue(ctx, ENTRIES);
	msgqipc_info info;
	char msg[64];

	for (int round = 0; round < 10; round++) {
		Child sender([&](Line &up) {
			Context own;

			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
			up.say();
			pause();
		});

		sender.line.hear();
		ASSERT_NO_FATAL_FAILURE(stop(sender));
		sender.kill_and_wait();
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
	}
	ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
	EXPECT_EQ(info.senders, 0u);
}

// holds: death.owner
TEST_P(Stopped, OwnerIsKilledAllTheSame)
{
	for (bool blocking : { false, true }) {
		Shared<std::atomic<uint32_t>> next(0u);
		Child owner([&](Line &up) { receive(up, blocking, UINT32_MAX - 1, *next); });
		msgqipc_addr addr = owner.line.hear<msgqipc_addr>();

		ASSERT_NO_FATAL_FAILURE(stop(owner));
		EXPECT_EQ(api::state_of(owner.pid()), GetParam() == SIGNAL ? 'T' : 't');
		for (uint32_t number = 0; number < ENTRIES; number++)
			ASSERT_SUCC(msgqipc_send(ctx, &addr, &number, sizeof(number)));
		ASSERT_ERR(RNR, msgqipc_send(ctx, &addr, "x", 1));
		owner.kill_and_wait();
		EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	}
}

INSTANTIATE_TEST_SUITE_P(, Stopped, ::testing::Values(SIGNAL, DEBUGGER),
			 [](const auto &how) { return names[how.param]; });

} // namespace
