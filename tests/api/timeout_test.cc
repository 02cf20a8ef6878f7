// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <time.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

constexpr int64_t MILLISECOND = 1000000;
// Longer than any test may take: a wait for so long ends for another reason.
constexpr int64_t HOUR = 3600000 * MILLISECOND;

int64_t now()
{
	timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 * MILLISECOND + time.tv_nsec;
}

class Timeout : public api::Test
{
protected:
	char msg[64];

	// A child that waits, and what its wait comes to.
	template <typename F>
	void meanwhile(int64_t timeout, ssize_t result, F &&act)
	{
		Child receiver([&](Line &up) {
			Context own;
			Queue queue(own, 4);
			struct sigaction action = {};

			action.sa_handler = [](int) {
			};
			sigaction(SIGUSR1, &action, nullptr);
			up.say(queue.addr);
			EXPECT_EQ(msgqipc_recv_timeout(own, queue, msg, sizeof(msg), timeout),
				  result);
			EXPECT_EQ(msgqipc_get_error(),
				  result < 0 ? MSGQIPC_ERR_CANCEL : MSGQIPC_ERR_SUCC);
		});
		msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

		api::await_sleeper(ctx, addr);
		act(addr, receiver.pid());
		receiver.finish();
	}
};

// holds: timeout.zero
TEST_F(Timeout, OfZeroOnlyLooks)
{
	Queue queue(ctx, 4);

	queue.block();
	EXPECT_ERR(NOTFOUND, msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), 0));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
	EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), 0), 3);
	EXPECT_ERR(NOTFOUND, msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), 0));
}

// holds: timeout.over
TEST_F(Timeout, IsKept)
{
	Queue queue(ctx, 4);

	for (bool blocking : { false, true }) {
		queue.block(blocking);
		for (int64_t timeout : { int64_t(1), MILLISECOND, 50 * MILLISECOND }) {
			int64_t start = now();

			EXPECT_ERR(NOTFOUND,
				   msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), timeout));
			EXPECT_GE(now() - start, timeout);
		}
	}
}

// holds: timeout.message
TEST_F(Timeout, EndsWithAMessageBeforeItsTime)
{
	auto send = [&](const msgqipc_addr &addr, pid_t) {
		EXPECT_SUCC(msgqipc_send(ctx, &addr, "hello", 5));
	};

	meanwhile(HOUR, 5, send);
	meanwhile(INT64_MAX, 5, send);
}

// holds: timeout.negative
TEST_F(Timeout, ThatIsNegativeIsNone)
{
	auto send_late = [&](const msgqipc_addr &addr, pid_t) {
		usleep(50000);
		EXPECT_SUCC(msgqipc_send(ctx, &addr, "hello", 5));
	};

	meanwhile(-1, 5, send_late);
	meanwhile(INT64_MIN, 5, send_late);
}

// holds: timeout.cancel
TEST_F(Timeout, IsCancelledByASignal)
{
	meanwhile(HOUR, -1, [](const msgqipc_addr &, pid_t pid) { kill(pid, SIGUSR1); });
}

// holds: timeout.trunc
TEST_F(Timeout, TruncatesAsAReceiveDoes)
{
	Queue queue(ctx, 4);
	uint64_t size = 0;

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abcdef", 6));
	EXPECT_ERR(TRUNC, msgqipc_recv_timeout(ctx, queue, msg, 5, HOUR));
	ASSERT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, &size));
	EXPECT_EQ(size, 6u);
	EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, msg, 6, HOUR), 6);
}

// holds: recv.null, ctx.null, queue.null
TEST_F(Timeout, RefusesNull)
{
	Queue queue(ctx, 4);

	EXPECT_ERR(INVAL, msgqipc_recv_timeout(nullptr, queue, msg, sizeof(msg), 0));
	EXPECT_ERR(INVAL, msgqipc_recv_timeout(ctx, nullptr, msg, sizeof(msg), 0));
	EXPECT_ERR(INVAL, msgqipc_recv_timeout(ctx, queue, nullptr, 1, 0));
}

} // namespace
