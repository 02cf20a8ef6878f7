// SPDX-License-Identifier: MIT
// What LIST counts, against loads of which the numbers are known.
#include "fixture.h"
#include "processes.h"
#include "sender_id.h"

#include <ctime>
#include <sys/wait.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Statistics : public api::Test
{
protected:
	static void send(msgqipc_ctx *from, const Queue &to, int count)
	{
		for (int each = 0; each < count; each++)
			ASSERT_SUCC(msgqipc_send(from, &to.addr, "x", 1));
	}

	static int drain(const Queue &queue)
	{
		char msg[64];
		int count = 0;

		while (msgqipc_recv(queue.ctx, queue, msg, sizeof(msg)) >= 0)
			count++;
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
		return count;
	}

	msgqipc_info info(const Queue &queue)
	{
		msgqipc_info told = {};

		EXPECT_TRUE(api::seen(ctx, queue.addr, &told));
		return told;
	}

	static uint64_t now_ns()
	{
		timespec now;

		clock_gettime(CLOCK_REALTIME, &now);
		return uint64_t(now.tv_sec) * 1000000000u + uint64_t(now.tv_nsec);
	}
};

// holds: list.counts
TEST_F(Statistics, OfAQueueThatIsNewAreZero)
{
	Queue queue(ctx, 4);
	msgqipc_info told = info(queue);

	EXPECT_EQ(told.sent, 0u);
	EXPECT_EQ(told.received, 0u);
	EXPECT_EQ(told.cancelled, 0u);
	EXPECT_EQ(told.reaped, 0u);
	EXPECT_EQ(told.full, 0u);
	EXPECT_EQ(told.high, 0u);
	EXPECT_EQ(told.listeners, 0u);
}

// holds: list.counts
TEST_F(Statistics, CountWhatIsSentAndReceivedOverManyLaps)
{
	Queue queue(ctx, 7);

	for (int lap = 0; lap < 50; lap++) {
		send(ctx, queue, 5);
		ASSERT_EQ(drain(queue), 5);
	}
	send(ctx, queue, 3);
	msgqipc_info told = info(queue);
	EXPECT_EQ(told.sent, 253u);
	EXPECT_EQ(told.received, 250u);
	EXPECT_EQ(told.depth, 3u);
}

// holds: list.counts
TEST_F(Statistics, CountEachSendAndPokeThatFoundTheQueueFull)
{
	Queue queue(ctx, 3);
	Context other;

	send(ctx, queue, 3);
	EXPECT_EQ(info(queue).full, 0u);
	for (int each = 0; each < 5; each++)
		EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(other, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_poke(other, &queue.addr));
	EXPECT_EQ(info(queue).full, 7u);
	EXPECT_EQ(info(queue).sent, 3u);
	// What is refused for another reason is not full.
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_EQ(info(queue).full, 7u);
	EXPECT_EQ(drain(queue), 3);
	EXPECT_EQ(info(queue).full, 7u);
}

// holds: list.counts
TEST_F(Statistics, CountTheRefusalsOfSendersAtTheSameTime)
{
	constexpr int SENDERS = 4, TIMES = 1000;
	Queue queue(ctx, 1);
	std::vector<std::unique_ptr<Child>> children;

	send(ctx, queue, 1);
	for (int each = 0; each < SENDERS; each++)
		children.push_back(std::make_unique<Child>([&](Line &) {
			Context own;

			for (int time = 0; time < TIMES; time++)
				ASSERT_ERR(RNR, msgqipc_send(own, &queue.addr, "x", 1));
		}));
	for (auto &child : children)
		child->finish();
	EXPECT_EQ(info(queue).full, uint64_t(SENDERS * TIMES));
}

// holds: list.counts
TEST_F(Statistics, CountWhatIsCancelledOnceAndNotAsReceived)
{
	Queue queue(ctx, 16);
	Context other;

	send(other, queue, 2);
	send(ctx, queue, 5);
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	msgqipc_info told = info(queue);
	EXPECT_EQ(told.sent, 7u);
	EXPECT_EQ(told.cancelled, 5u);
	EXPECT_EQ(told.received, 0u);
	EXPECT_EQ(told.depth, 7u);
	EXPECT_EQ(drain(queue), 2);
	told = info(queue);
	EXPECT_EQ(told.received, 2u);
	EXPECT_EQ(told.sent, told.received + told.cancelled);
	EXPECT_EQ(told.depth, 0u);
	EXPECT_EQ(told.reaped, 0u);
}

// holds: list.high
TEST_F(Statistics, TellOfAQueueThatWasFullThatItWas)
{
	Queue queue(ctx, 20);

	for (int each = 0; each < 20; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_EQ(drain(queue), 20);
	EXPECT_EQ(info(queue).high, 20u);
	EXPECT_EQ(info(queue).depth, 0u);
}

// holds: list.high
TEST_F(Statistics, RememberTheDepthThatAListingSaw)
{
	Queue queue(ctx, 20);

	send(ctx, queue, 11);
	EXPECT_EQ(info(queue).high, 11u);
	EXPECT_EQ(drain(queue), 11);
	send(ctx, queue, 2);
	EXPECT_EQ(info(queue).high, 11u);
}

// holds: list.high
TEST_F(Statistics, SeeADepthThatLasts)
{
	constexpr uint32_t DEPTH = 37;
	Queue queue(ctx, 200);
	char msg[64];

	send(ctx, queue, DEPTH);
	for (int each = 0; each < 600; each++) {
		ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
		send(ctx, queue, 1);
	}
	EXPECT_EQ(drain(queue), int(DEPTH));
	// The receiver looks when it has taken one.
	EXPECT_EQ(info(queue).high, DEPTH - 1);
}

// holds: list.listeners
TEST_F(Statistics, CountWhoListens)
{
	Queue queue(ctx, 4);
	Context one;

	ASSERT_SUCC(msgqipc_ctl(one, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &queue.addr));
	ASSERT_SUCC(msgqipc_ctl(one, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &queue.addr));
	EXPECT_EQ(info(queue).listeners, 1u);
	{
		Context two;

		ASSERT_SUCC(msgqipc_ctl(two, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &queue.addr));
		EXPECT_EQ(info(queue).listeners, 2u);
	}
	EXPECT_EQ(info(queue).listeners, 1u);
	ASSERT_SUCC(msgqipc_ctl(one, nullptr, MSGQIPC_CTL_FORGET_ADDR, 0, &queue.addr));
	EXPECT_EQ(info(queue).listeners, 0u);
}

// holds: list.activated
TEST_F(Statistics, TellSinceWhenAQueueIsActiveOrNot)
{
	uint64_t before = now_ns();
	Queue queue(ctx, 4);
	msgqipc_info first = info(queue), told;

	EXPECT_GE(first.created_ns, before);
	EXPECT_GE(first.activated_ns, first.created_ns);
	EXPECT_LE(first.activated_ns, now_ns());
	// It is active already: nothing changes.
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_EQ(info(queue).activated_ns, first.activated_ns);
	before = now_ns();
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	told = info(queue);
	EXPECT_GE(told.activated_ns, before);
	EXPECT_LE(told.activated_ns, now_ns());
	EXPECT_EQ(told.created_ns, first.created_ns);
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_EQ(info(queue).activated_ns, told.activated_ns);
}

// What was received of who sent under an id is its affair; what others took back is not.
// holds: list.counts
TEST_F(Statistics, AddUpWhileSendersAndCancellersRun)
{
	constexpr int TIMES = 5000;
	Queue queue(ctx, 64);
	uint64_t got = 0;
	Child sender([&](Line &up) {
		Context own;

		// Of the rest the receiver may be faster with each.
		ASSERT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
		ASSERT_SUCC(msgqipc_cancel(own, &queue.addr));
		up.say();
		for (int sent = 1; sent < TIMES; sent++) {
			while (msgqipc_send(own, &queue.addr, "x", 1))
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
			if (sent % 50 == 0) {
				ASSERT_SUCC(msgqipc_cancel(own, &queue.addr));
			}
		}
	});
	int status;

	sender.line.hear();
	for (bool over = false;;) {
		msgqipc_info told = info(queue);

		EXPECT_LE(told.received, told.sent);
		got += uint64_t(drain(queue));
		if (over)
			break;
		over = waitpid(sender.pid(), &status, WNOHANG) == sender.pid();
	}
	sender.ended(status);
	EXPECT_EQ(status, 0);
	msgqipc_info told = info(queue);
	EXPECT_EQ(told.sent, uint64_t(TIMES));
	EXPECT_EQ(told.received, got);
	EXPECT_EQ(told.sent, told.received + told.cancelled);
	EXPECT_GT(told.cancelled, 0u);
}

} // namespace
