// SPDX-License-Identifier: MIT
#include "processes.h"
#include "watching.h"

#include <memory>
#include <set>

using api::Context;
using api::events;
using api::Queue;
using api::readable;
using api::receive;
using api::silent;

namespace
{

class Events : public api::Test
{
};

// holds: events.none
TEST_F(Events, AreNoneAtFirst)
{
	Queue queue(ctx);

	EXPECT_TRUE(silent(ctx));
}

// holds: events.canrecv
TEST_F(Events, TellOfAMessage)
{
	Queue queue(ctx, 4, MSGQIPC_KEY_PRIVATE, 0xfeedfacecafebeef);
	Queue other(ctx, 4, MSGQIPC_KEY_PRIVATE, 7);

	api::send(ctx, queue.addr);
	std::vector<msgqipc_event> got = events(ctx);
	ASSERT_EQ(got.size(), 1u);
	EXPECT_EQ(got[0].type, uint32_t(MSGQIPC_EVT_CANRECV));
	EXPECT_EQ(got[0].reserved, 0u);
	EXPECT_EQ(got[0].queue, queue.queue);
	EXPECT_EQ(got[0].cookie, 0xfeedfacecafebeef);
}

// holds: events.canrecv
TEST_F(Events, AreToldUntilTheQueueIsDrained)
{
	Queue queue(ctx, 4);

	api::send(ctx, queue.addr, 2);
	EXPECT_EQ(events(ctx).size(), 1u);
	EXPECT_EQ(events(ctx).size(), 1u);
	receive(queue);
	EXPECT_EQ(events(ctx).size(), 1u);
	receive(queue);
	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr);
	EXPECT_EQ(events(ctx).size(), 1u);
}

TEST_F(Events, ArePassedOverWithoutRoom)
{
	Queue queue(ctx, 4);

	api::send(ctx, queue.addr);
	EXPECT_SUCC(msgqipc_get_events(ctx, nullptr, 0));
	EXPECT_EQ(events(ctx).size(), 1u);
}

// holds: events.len
TEST_F(Events, TakeTurnsWhereRoomIsShort)
{
	std::vector<std::unique_ptr<Queue>> queues;
	std::set<msgqipc_queue *> seen;

	for (int i = 0; i < 50; i++) {
		queues.push_back(std::make_unique<Queue>(ctx, 2));
		api::send(ctx, queues.back()->addr);
	}
	for (int round = 0; round < 10; round++) {
		std::vector<msgqipc_event> got = events(ctx, 5);

		ASSERT_EQ(got.size(), 5u);
		for (const msgqipc_event &event : got)
			EXPECT_TRUE(seen.insert(event.queue).second);
		EXPECT_TRUE(readable(ctx)) << "there were more";
	}
	EXPECT_EQ(seen.size(), 50u);
}

// As above, for queues that are armed already.
// holds: events.len
TEST_F(Events, AreNotLostWhereRoomIsShort)
{
	std::vector<std::unique_ptr<Queue>> queues;
	std::set<msgqipc_queue *> seen;
	Context sender;

	for (int i = 0; i < 50; i++)
		queues.push_back(std::make_unique<Queue>(ctx, 2));
	EXPECT_TRUE(silent(ctx));
	for (auto &queue : queues)
		api::send(sender, queue->addr);
	while (seen.size() < 50) {
		std::vector<msgqipc_event> got = events(ctx, 3);

		ASSERT_FALSE(got.empty());
		for (const msgqipc_event &event : got) {
			char msg[64];

			EXPECT_TRUE(seen.insert(event.queue).second);
			EXPECT_EQ(msgqipc_recv(ctx, event.queue, msg, sizeof(msg)), 1);
		}
		EXPECT_TRUE(seen.size() == 50 || readable(ctx)) << "after " << seen.size();
	}
	EXPECT_TRUE(silent(ctx));
}

TEST_F(Events, AreOfMessagesThatCameBeforeAndAfter)
{
	Queue queue(ctx, 64);
	Context sender;

	for (int round = 0; round < 1000; round++) {
		api::send(sender, queue.addr);
		ASSERT_EQ(events(ctx).size(), 1u);
		receive(queue);
		if (round % 3) {
			ASSERT_TRUE(silent(ctx));
		}
	}
}

// A message that was received without asking for events leaves nothing behind.
TEST_F(Events, AreNotOfWhatIsReceivedAlready)
{
	Queue queue(ctx, 4);

	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr);
	receive(queue);
	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr, 2);
	receive(queue);
	EXPECT_EQ(events(ctx).size(), 1u);
}

TEST_F(Events, AreNotOfAClosedQueue)
{
	Queue queue(ctx, 4), other(ctx, 4), third(ctx, 4);

	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr);
	api::send(ctx, other.addr);
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	std::vector<msgqipc_event> got = events(ctx);
	ASSERT_EQ(got.size(), 1u);
	EXPECT_EQ(got[0].queue, other.queue);
	ASSERT_SUCC(msgqipc_close(ctx, other, 0));
	EXPECT_TRUE(silent(ctx));
	api::send(ctx, third.addr);
	EXPECT_EQ(events(ctx).size(), 1u);
}

TEST_F(Events, AreOfInactiveQueuesToo)
{
	Queue queue(ctx, 4);

	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr);
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_EQ(events(ctx).size(), 1u);
	receive(queue);
	EXPECT_TRUE(silent(ctx));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_TRUE(silent(ctx));
	api::send(ctx, queue.addr);
	EXPECT_EQ(events(ctx).size(), 1u);
}

TEST_F(Events, GoWithABlockingReceive)
{
	Queue queue(ctx, 4);
	api::Child sender([&](api::Line &up) {
		Context own;

		up.hear();
		api::await_sleeper(own, queue.addr);
		api::send(own, queue.addr, 1);
		up.hear();
		api::send(own, queue.addr, 1);
		up.say();
	});

	EXPECT_TRUE(silent(ctx));
	queue.block();
	sender.line.say();
	receive(queue);
	EXPECT_TRUE(silent(ctx));
	sender.line.say();
	sender.line.hear();
	EXPECT_EQ(events(ctx).size(), 1u);
	sender.finish();
}

// holds: events.apart
TEST_F(Events, AreOfOneContextOnly)
{
	Context other;
	Queue queue(ctx, 4), others(other, 4);

	api::send(other, queue.addr);
	EXPECT_TRUE(silent(other));
	api::arm(other);
	EXPECT_FALSE(readable(other));
	EXPECT_EQ(events(ctx).size(), 1u);
	api::send(ctx, others.addr);
	EXPECT_EQ(events(other).size(), 1u);
	receive(queue);
	EXPECT_TRUE(silent(ctx));
}

// holds: events.null
TEST_F(Events, NeedRoomIfAny)
{
	EXPECT_ERR(INVAL, msgqipc_get_events(ctx, nullptr, 1));
	EXPECT_ERR(INVAL, msgqipc_get_events(nullptr, nullptr, 0));
}

} // namespace
