// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <set>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Address : public api::Test
{
protected:
	// Never delivered: the two answers that a made-up address may get.
	void expect_nowhere(msgqipc_ctx *from, const msgqipc_addr &addr)
	{
		int error;

		EXPECT_EQ(msgqipc_send(from, &addr, "x", 1), -1);
		error = msgqipc_get_error();
		EXPECT_TRUE(error == MSGQIPC_ERR_NOTFOUND || error == MSGQIPC_ERR_INVAL)
			<< msgqipc_strerror(error);
		EXPECT_EQ(msgqipc_poke(from, &addr), -1);
	}
};

// holds: close.notfound, send.notfound
TEST_F(Address, OfAClosedQueueIsNotFound)
{
	Context sender, late;
	Queue queue(ctx);

	ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	for (int twice = 0; twice < 2; twice++) {
		EXPECT_ERR(NOTFOUND, msgqipc_send(sender, &queue.addr, "x", 1));
		EXPECT_ERR(NOTFOUND, msgqipc_poke(sender, &queue.addr));
		EXPECT_ERR(NOTFOUND, msgqipc_send(late, &queue.addr, "x", 1));
		EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &queue.addr, "x", 1));
	}
}

// holds: close.notfound
TEST_F(Address, OfAClosedQueueThatWasFullOrInactiveIsNotFound)
{
	Context sender;
	Queue full(ctx, 1), inactive(ctx, 1);

	ASSERT_SUCC(msgqipc_send(sender, &full.addr, "x", 1));
	ASSERT_ERR(RNR, msgqipc_send(sender, &full.addr, "x", 1));
	ASSERT_SUCC(msgqipc_deactivate(ctx, inactive));
	ASSERT_ERR(INACTIVE, msgqipc_send(sender, &inactive.addr, "x", 1));
	ASSERT_SUCC(msgqipc_close(ctx, full, 0));
	ASSERT_SUCC(msgqipc_close(ctx, inactive, 0));
	EXPECT_ERR(NOTFOUND, msgqipc_send(sender, &full.addr, "x", 1));
	EXPECT_ERR(NOTFOUND, msgqipc_send(sender, &inactive.addr, "x", 1));
}

// holds: send.notfound, death.owner
TEST_F(Address, OfADeadOwnersQueueIsNotFound)
{
	Context late;
	Child owner([](Line &up) {
		Context own;
		Queue queue(own);

		up.say(queue.addr);
		pause();
	});
	msgqipc_addr addr = owner.line.hear<msgqipc_addr>();

	ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	owner.kill_and_wait();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(NOTFOUND, msgqipc_poke(ctx, &addr));
	EXPECT_ERR(NOTFOUND, msgqipc_send(late, &addr, "x", 1));
}

// holds: addr.garbage, send.notfound
TEST_F(Address, ThatIsGarbageReachesNobody)
{
	msgqipc_addr garbage = {};
	uint64_t state = 1;

	expect_nowhere(ctx, garbage);
	memset(&garbage, 0xff, sizeof(garbage));
	expect_nowhere(ctx, garbage);
	for (int round = 0; round < 1000; round++) {
		for (uint64_t &word : garbage.opaque)
			word = state = state * 6364136223846793005u + 1442695040888963407u;
		expect_nowhere(ctx, garbage);
	}
}

// holds: addr.garbage
TEST_F(Address, WithAnyBitChangedReachesNobody)
{
	Context fresh;
	Queue queue(ctx);
	char msg[64];

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	for (unsigned bit = 0; bit < 128; bit++) {
		msgqipc_addr changed = queue.addr;

		changed.opaque[bit / 64] ^= 1ull << bit % 64;
		SCOPED_TRACE(bit);
		expect_nowhere(ctx, changed);
		expect_nowhere(fresh, changed);
		ASSERT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	}
	EXPECT_SUCC(msgqipc_send(fresh, &queue.addr, "x", 1));
}

// holds: addr.stale
TEST_F(Address, NeverComesToMeanAnotherQueue)
{
	std::vector<msgqipc_addr> stale;
	std::set<std::pair<uint64_t, uint64_t>> seen;

	for (int round = 0; round < 1000; round++) {
		Queue queue(ctx, 1);

		ASSERT_TRUE(seen.insert({ queue.addr.opaque[0], queue.addr.opaque[1] }).second);
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
		stale.push_back(queue.addr);
	}
	Queue last(ctx, 16);
	for (const msgqipc_addr &addr : stale)
		ASSERT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	char msg[64];
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, last, msg, sizeof(msg)));
}

// holds: addr.value
TEST_F(Address, MayTravelInAMessage)
{
	Queue queue(ctx);
	char msg[64];

	Child client([&](Line &) {
		Context own;
		Queue reply(own);

		reply.block();
		EXPECT_SUCC(msgqipc_send(own, &queue.addr, &reply.addr, sizeof(reply.addr)));
		EXPECT_EQ(msgqipc_recv(own, reply, msg, sizeof(msg)), 6);
	});
	msgqipc_addr answer;
	queue.block();
	ASSERT_EQ(msgqipc_recv(ctx, queue, &answer, sizeof(answer)), ssize_t(sizeof(answer)));
	EXPECT_SUCC(msgqipc_send(ctx, &answer, "answer", 6));
	client.finish();
}

// holds: addr.many
TEST_F(Address, OfManyQueuesMayBeUsedByTurns)
{
	std::vector<Queue> queues;
	Context sender;
	uint32_t got;

	for (int each = 0; each < 100; each++)
		queues.emplace_back(static_cast<msgqipc_ctx *>(ctx), 4u);
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t each = 0; each < queues.size(); each++) {
			uint32_t value = round * 1000 + each;

			ASSERT_SUCC(msgqipc_send(sender, &queues[each].addr, &value, 4));
		}
	}
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t each = 0; each < queues.size(); each++) {
			ASSERT_EQ(msgqipc_recv(ctx, queues[each], &got, 4), 4);
			ASSERT_EQ(got, round * 1000 + each);
		}
	}
}

} // namespace
