// SPDX-License-Identifier: MIT
#include "fixture.h"

using api::Queue;

namespace
{

class Peek : public api::Test
{
protected:
	const msgqipc_v2 *v2 = msgqipc_load(MSGQIPC_API_V2)->v2;
};

// holds: peek.takes-nothing
TEST_F(Peek, SeesEveryMessageAndTakesNone)
{
	Queue queue(ctx, 8);
	char msg[64];

	for (size_t each = 0; each < 8; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abcdefgh", each + 1));
	for (int twice = 0; twice < 2; twice++) {
		for (size_t each = 8; each-- > 0;) {
			SCOPED_TRACE(each);
			EXPECT_EQ(msgqipc_peek(ctx, queue, msg, sizeof(msg), each),
				  ssize_t(each + 1));
			EXPECT_FALSE(memcmp(msg, "abcdefgh", each + 1));
		}
	}
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	for (size_t each = 0; each < 8; each++)
		EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), ssize_t(each + 1));
}

// holds: peek.head
TEST_F(Peek, CountsFromTheHead)
{
	Queue queue(ctx, 4);

	// Around the end of the ring as well.
	for (int round = 0; round < 11; round++) {
		int got = -1;

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, &round, sizeof(round)));
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "next", 4));
		EXPECT_EQ(msgqipc_peek(ctx, queue, &got, sizeof(got), 0), 4);
		EXPECT_EQ(got, round);
		EXPECT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), 4);
		EXPECT_EQ(got, round);
		EXPECT_EQ(msgqipc_peek(ctx, queue, &got, sizeof(got), 0), 4);
		EXPECT_FALSE(memcmp(&got, "next", 4));
		EXPECT_ERR(NOTFOUND, msgqipc_peek(ctx, queue, &got, sizeof(got), 1));
		EXPECT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), 4);
	}
}

// holds: peek.beyond
TEST_F(Peek, FindsNothingBeyondTheLast)
{
	Queue queue(ctx, 4);
	char msg[64];

	EXPECT_ERR(NOTFOUND, msgqipc_peek(ctx, queue, msg, sizeof(msg), 0));
	for (int each = 0; each < 4; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_SUCC(msgqipc_peek(ctx, queue, msg, sizeof(msg), 3));
	for (size_t index : { size_t(4), size_t(5), size_t(6), size_t(1) << 32, SIZE_MAX })
		EXPECT_ERR(NOTFOUND, msgqipc_peek(ctx, queue, msg, sizeof(msg), index)) << index;
}

// holds: peek.never-waits
TEST_F(Peek, NeverWaits)
{
	Queue queue(ctx, 4);
	char msg[64];

	queue.block();
	EXPECT_ERR(NOTFOUND, msgqipc_peek(ctx, queue, msg, sizeof(msg), 0));
}

// holds: peek.trunc
TEST_F(Peek, Truncates)
{
	Queue queue(ctx, 4);
	char msg[8] = "#######";

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abcdef", 6));
	EXPECT_ERR(TRUNC, msgqipc_peek(ctx, queue, msg, 3, 0));
	EXPECT_STREQ(msg, "abc####");
	EXPECT_EQ(msgqipc_peek(ctx, queue, msg, 6, 0), 6);
	EXPECT_STREQ(msg, "abcdef#");
}

// holds: peek.inactive
TEST_F(Peek, SeesInAnInactiveQueueToo)
{
	Queue queue(ctx, 4);
	char msg[64];

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_EQ(msgqipc_peek(ctx, queue, msg, sizeof(msg), 0), 3);
}

// holds: peek.no-id
TEST_F(Peek, TellsThatASenderHasNoId)
{
	Queue queue(ctx, 4);
	msgqipc_sendid id;
	char msg[64];

	memset(&id, 0xff, sizeof(id));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
	EXPECT_EQ(v2->peek(ctx, queue, &id, msg, sizeof(msg), 0), 3);
	EXPECT_EQ(id.len, 0u);
	EXPECT_EQ(v2->peek(ctx, queue, nullptr, msg, sizeof(msg), 0), 3);
}

} // namespace
