// SPDX-License-Identifier: MIT
#include "fixture.h"

using api::Queue;

namespace
{

constexpr uint8_t CANARY = 0xc5;

class Recv : public api::Test
{
protected:
	uint8_t sent[64];
	uint8_t room[8 + 64 + 8];
	uint8_t *msg = room + 8;

	void SetUp() override
	{
		api::Test::SetUp();
		for (size_t at = 0; at < sizeof(sent); at++)
			sent[at] = static_cast<uint8_t>(at * 37 + 11);
		memset(room, CANARY, sizeof(room));
	}

	// Nothing but the first @len bytes was written.
	void expect(size_t len)
	{
		EXPECT_FALSE(memcmp(msg, sent, len));
		for (uint8_t *at = room; at < room + sizeof(room); at++)
			ASSERT_TRUE((at >= msg && at < msg + len) || *at == CANARY)
				<< "at " << at - msg;
		memset(room, CANARY, sizeof(room));
	}

	uint64_t recv_size(const Queue &queue)
	{
		uint64_t size = ~0ull;

		EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, &size));
		return size;
	}
};

// holds: recv.whole, ctl.recv-size
TEST_F(Recv, GivesEveryLengthAsItWasSent)
{
	Queue queue(ctx, 3);

	// Several laps: no slot shows through what it held before.
	for (int lap = 0; lap < 5; lap++) {
		for (size_t len = 0; len <= 64; len++) {
			SCOPED_TRACE(len);
			ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, len));
			EXPECT_EQ(msgqipc_recv(ctx, queue, msg, 64), ssize_t(len));
			expect(len);
			EXPECT_EQ(recv_size(queue), len);
		}
	}
}

// holds: recv.exact-fit
TEST_F(Recv, GivesAMessageThatJustFits)
{
	Queue queue(ctx, 3);

	for (size_t len = 0; len <= 64; len++) {
		SCOPED_TRACE(len);
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, len));
		EXPECT_EQ(msgqipc_recv(ctx, queue, msg, len), ssize_t(len));
		expect(len);
	}
}

// holds: recv.trunc, ctl.recv-size
TEST_F(Recv, LeavesATruncatedMessageInPlace)
{
	Queue queue(ctx, 3);

	for (size_t len = 0; len < 64; len++) {
		SCOPED_TRACE(len);
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, 64));
		EXPECT_ERR(TRUNC, msgqipc_recv(ctx, queue, msg, len));
		expect(len);
		EXPECT_EQ(recv_size(queue), 64u);
		EXPECT_ERR(TRUNC, msgqipc_recv(ctx, queue, msg, len));
		expect(len);
		EXPECT_EQ(msgqipc_recv(ctx, queue, msg, 64), 64);
		expect(64);
		EXPECT_EQ(recv_size(queue), 64u);
	}
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, 64));
}

// holds: recv.trunc
TEST_F(Recv, TruncatesABlockingQueueToo)
{
	Queue queue(ctx, 3);

	queue.block();
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, 5));
	EXPECT_ERR(TRUNC, msgqipc_recv(ctx, queue, msg, 4));
	EXPECT_EQ(recv_size(queue), 5u);
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, 5), 5);
}

// holds: ctl.recv-size
TEST_F(Recv, TellsTheSizeOfEachQueueApart)
{
	Queue one(ctx), two(ctx);

	ASSERT_SUCC(msgqipc_send(ctx, &one.addr, sent, 11));
	ASSERT_SUCC(msgqipc_send(ctx, &two.addr, sent, 22));
	ASSERT_EQ(msgqipc_recv(ctx, one, msg, 64), 11);
	ASSERT_EQ(msgqipc_recv(ctx, two, msg, 64), 22);
	EXPECT_EQ(recv_size(one), 11u);
	EXPECT_EQ(recv_size(two), 22u);
}

// holds: recv.empty
TEST_F(Recv, FindsNothingInAnEmptyQueue)
{
	Queue queue(ctx, 3);

	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, 64));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, 1));
	EXPECT_SUCC(msgqipc_recv(ctx, queue, msg, 64));
	memset(room, CANARY, sizeof(room));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, 64));
	expect(0);
}

// holds: recv.larger
TEST_F(Recv, TakesABufferLargerThanAnyMessage)
{
	Queue queue(ctx, 3);

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, 64));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, 72), 64);
	expect(64);
}

// holds: recv.order, send.total-order
TEST_F(Recv, KeepsTheOrderOfSendsByTurns)
{
	api::Context other;
	Queue queue(ctx, 64);

	for (uint32_t each = 0; each < 64; each++)
		ASSERT_SUCC(msgqipc_send(each % 3 ? ctx : other, &queue.addr, &each, sizeof(each)));
	for (uint32_t each = 0; each < 64; each++) {
		uint32_t got = ~0u;

		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), 4);
		ASSERT_EQ(got, each);
	}
}

// holds: close.messages
TEST_F(Recv, LosesWhatACloseThrowsAway)
{
	Queue queue(ctx, 3);

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, sent, 1));
	EXPECT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &queue.addr, sent, 1));
	Queue next(ctx, 3);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, next, msg, 64));
}

} // namespace
