// SPDX-License-Identifier: MIT
#include "calls.h"
#include "processes.h"

#include <thread>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Contexts : public api::Test
{
protected:
	// All calls with @user's rights on what belongs to ctx.
	void refused(msgqipc_queue *queue, const msgqipc_addr &addr)
	{
		for (const api::Call &call : api::CALLS) {
			bool fails = call.fails(ctx, queue, &addr);

			EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL) << call.name;
			EXPECT_TRUE(fails) << call.name;
		}
	}

	// What was refused has changed nothing.
	void unharmed(const Queue &queue)
	{
		char msg[64];

		EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "still", 5));
		EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 5);
		EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	}
};

// holds: ctx.thread
TEST_F(Contexts, BelongToTheirThread)
{
	Queue queue(ctx);

	std::thread([&] { refused(queue, queue.addr); }).join();
	unharmed(queue);
}

// holds: ctx.thread-ended
TEST_F(Contexts, OfAThreadThatEndedBelongToNobody)
{
	msgqipc_ctx *left = nullptr;
	char msg[64];
	Queue queue(ctx);

	// The next thread may well get the same id and the same stack.
	std::thread([&] { left = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)); }).join();
	ASSERT_NE(left, nullptr);
	std::thread([&] {
		EXPECT_ERR(INVAL, msgqipc_send(left, &queue.addr, "x", 1));
		EXPECT_ERR(INVAL, msgqipc_destroy(left));
	}).join();
	EXPECT_ERR(INVAL, msgqipc_destroy(left));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: ctx.fork
TEST_F(Contexts, AreOfNoUseToAForkedChild)
{
	Queue queue(ctx);

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "before", 6));
	Child([&](Line &) { refused(queue, queue.addr); }).finish();
	char msg[64];
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 6);
	unharmed(queue);
}

// holds: ctx.fork-own
TEST_F(Contexts, OfAForkedChildAreItsOwn)
{
	Queue queue(ctx);
	char msg[64];

	Child([&](Line &) {
		Context own;

		EXPECT_SUCC(msgqipc_send(own, &queue.addr, "child", 5));
	}).finish();
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 5);
}

// holds: ctx.fork-end
TEST_F(Contexts, OutliveForkedChildrenThatEnd)
{
	Queue queue(ctx);

	for (int round = 0; round < 10; round++)
		Child([](Line &) {}).finish();
	unharmed(queue);
}

// holds: ctx.own-queues
TEST_F(Contexts, DoNotTouchEachOthersQueues)
{
	Context other;
	Queue queue(ctx);

	for (const api::Call &call : api::CALLS) {
		if (!call.takes_queue)
			continue;
		bool fails = call.fails(other, queue, &queue.addr);

		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL) << call.name;
		EXPECT_TRUE(fails) << call.name;
	}
	unharmed(queue);
}

// holds: ctx.apart, destroy.sent
TEST_F(Contexts, OfOneThreadDoNotImpactEachOther)
{
	Queue mine(ctx);
	{
		Context other;
		Queue theirs(other);
		char msg[64];

		EXPECT_FALSE(api::same(mine.addr, theirs.addr));
		EXPECT_SUCC(msgqipc_send(other, &mine.addr, "from other", 10));
		EXPECT_SUCC(msgqipc_send(ctx, &theirs.addr, "from ctx", 8));
		EXPECT_EQ(msgqipc_recv(ctx, mine, msg, sizeof(msg)), 10);
		EXPECT_EQ(msgqipc_recv(other, theirs, msg, sizeof(msg)), 8);
		EXPECT_SUCC(msgqipc_send(other, &mine.addr, "sent before its end", 19));
	}
	char msg[64];

	EXPECT_EQ(msgqipc_recv(ctx, mine, msg, sizeof(msg)), 19);
	unharmed(mine);
}

// holds: destroy.closes
TEST_F(Contexts, CloseTheirQueuesWhenDestroyed)
{
	msgqipc_key key = api::unique_key();
	msgqipc_addr addr, found;
	{
		Context other;
		Queue queue(other, 4, key);

		addr = queue.addr;
		EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
		EXPECT_SUCC(api::lookup(ctx, key, &found));
	}
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &found));
}

// holds: destroy.again, destroy.sent
TEST_F(Contexts, CanBeMadeAndDestroyedOverAndOver)
{
	Queue queue(ctx);
	char msg[64];

	for (int round = 0; round < 1000; round++) {
		Context passing;

		ASSERT_SUCC(msgqipc_send(passing, &queue.addr, &round, sizeof(round)));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), ssize_t(sizeof(round)));
		ASSERT_FALSE(memcmp(msg, &round, sizeof(round)));
	}
}

// holds: ctx.concurrent
TEST_F(Contexts, OfManyThreadsWorkAtTheSameTime)
{
	std::vector<std::thread> threads;

	for (int each = 0; each < 8; each++)
		threads.emplace_back([] {
			Context own;
			Queue queue(own, 2);
			char msg[64];

			for (int round = 0; round < 1000; round++) {
				ASSERT_SUCC(msgqipc_send(own, &queue.addr, "xy", 2));
				ASSERT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 2);
			}
		});
	for (std::thread &thread : threads)
		thread.join();
}

} // namespace
