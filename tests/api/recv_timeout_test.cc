// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <ctime>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

constexpr int64_t MS = 1000000;

class RecvTimeout : public api::Test
{
protected:
	static int64_t now()
	{
		timespec time;

		clock_gettime(CLOCK_MONOTONIC, &time);
		return time.tv_sec * 1000 * MS + time.tv_nsec;
	}

	static void nothing(int)
	{
	}

	// A child that waits with @timeout_ns; @then has its address and process.
	template <typename Then>
	void with_waiter(int64_t timeout_ns, int error, Then &&then)
	{
		Child receiver([&](Line &up) {
			Context own;
			Queue queue(own);
			struct sigaction action = {};
			char msg[64];

			action.sa_handler = nothing;
			sigaction(SIGUSR1, &action, nullptr);
			up.say(queue.addr);
			EXPECT_TRUE(api::answered(
				msgqipc_recv_timeout(own, queue, msg, sizeof(msg), timeout_ns),
				error));
		});
		auto addr = receiver.line.hear<msgqipc_addr>();

		api::await_sleeper(ctx, addr);
		then(addr, receiver);
		receiver.finish();
	}
};

TEST_F(RecvTimeout, OfZeroOnlyLooks)
{
	Queue queue(ctx);
	char msg[64];

	for (bool blocking : { true, false }) {
		queue.block(blocking);
		EXPECT_ERR(NOTFOUND, msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), 0));
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
		EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), 0), 3);
	}
}

TEST_F(RecvTimeout, ElapsesNotBeforeItsTime)
{
	Queue queue(ctx);
	char msg[64];

	for (bool blocking : { true, false }) {
		queue.block(blocking);
		for (int64_t timeout : { int64_t(1), MS / 10, 20 * MS }) {
			int64_t before = now();

			EXPECT_ERR(NOTFOUND,
				   msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), timeout));
			EXPECT_GE(now() - before, timeout);
			EXPECT_LT(now() - before, timeout + 5000 * MS);
		}
	}
}

TEST_F(RecvTimeout, DoesNotKeepWhatIsThereWaiting)
{
	Queue queue(ctx);
	char msg[64];

	for (int64_t timeout : { INT64_MIN, int64_t(-1), int64_t(0), int64_t(1), INT64_MAX }) {
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
		EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), timeout), 3);
	}
}

TEST_F(RecvTimeout, EndsWithAMessage)
{
	// As long as can be said, and longer than a clock goes, are waits like others.
	for (int64_t timeout : { INT64_MIN, int64_t(-1), 60000 * MS, INT64_MAX })
		with_waiter(timeout, MSGQIPC_ERR_SUCC, [&](const msgqipc_addr &addr, Child &) {
			EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
		});
}

TEST_F(RecvTimeout, IsCancelledByASignal)
{
	for (int64_t timeout : { int64_t(-1), 60000 * MS })
		with_waiter(timeout, MSGQIPC_ERR_CANCEL, [](const msgqipc_addr &, Child &waiter) {
			kill(waiter.pid(), SIGUSR1);
		});
}

TEST_F(RecvTimeout, TruncatesWithoutWaiting)
{
	Queue queue(ctx);
	char msg[64];

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
	EXPECT_ERR(TRUNC, msgqipc_recv_timeout(ctx, queue, msg, 2, -1));
	EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, msg, 3, -1), 3);
}

} // namespace
