// SPDX-License-Identifier: MIT
#include "fixture.h"

using api::Context;
using api::Queue;

namespace
{

// 0 stands for the maximum, which only the implementation knows.
class Capacity : public ::testing::TestWithParam<uint32_t>
{
protected:
	Context ctx;
	uint32_t entries = GetParam();
	uint64_t sent = 0, received = 0;

	void SetUp() override
	{
		uint64_t max = 0;

		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
		ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_MAX_MESSAGES, 0, &max));
		ASSERT_GE(max, 1000u);
		if (!entries)
			entries = static_cast<uint32_t>(max);
	}

	void send(const Queue &queue)
	{
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, &sent, sizeof(sent)));
		sent++;
	}

	void receive(const Queue &queue)
	{
		uint64_t got = ~0ull;

		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), ssize_t(sizeof(got)));
		ASSERT_EQ(got, received);
		received++;
	}

	void fill(const Queue &queue)
	{
		while (sent - received < entries)
			ASSERT_NO_FATAL_FAILURE(send(queue));
	}

	void drain(const Queue &queue)
	{
		while (received < sent)
			ASSERT_NO_FATAL_FAILURE(receive(queue));
	}
};

// holds: create.exact, send.full
TEST_P(Capacity, IsExact)
{
	Queue queue(ctx, entries);
	char msg[64];

	ASSERT_NO_FATAL_FAILURE(fill(queue));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_NO_FATAL_FAILURE(drain(queue));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: send.room
TEST_P(Capacity, GrowsByOneWithEveryRecv)
{
	Queue queue(ctx, entries);
	uint32_t steps = entries < 5000 ? 3 * entries + 2 : 5000;

	ASSERT_NO_FATAL_FAILURE(fill(queue));
	for (uint32_t step = 0; step < steps; step++) {
		ASSERT_NO_FATAL_FAILURE(receive(queue));
		ASSERT_NO_FATAL_FAILURE(send(queue));
		ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	}
	ASSERT_NO_FATAL_FAILURE(drain(queue));
}

// holds: create.exact
TEST_P(Capacity, StaysExactAllTheWayAroundManyTimes)
{
	Queue queue(ctx, entries);
	uint64_t state = 1;
	int laps = entries > 5000 ? 1 : 20;
	char msg[64];

	for (int lap = 0; lap < laps; lap++) {
		ASSERT_NO_FATAL_FAILURE(fill(queue));
		ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
		// An odd number of messages is left, so that laps start anywhere.
		state = state * 6364136223846793005u + 1442695040888963407u;
		uint64_t leave = (state >> 33) % entries;
		while (sent - received > leave)
			ASSERT_NO_FATAL_FAILURE(receive(queue));
	}
	ASSERT_NO_FATAL_FAILURE(drain(queue));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: send.full, send.room
TEST_P(Capacity, IsTheSameForASecondSender)
{
	Queue queue(ctx, entries);
	Context second;

	ASSERT_NO_FATAL_FAILURE(fill(queue));
	EXPECT_ERR(RNR, msgqipc_send(second, &queue.addr, "x", 1));
	ASSERT_NO_FATAL_FAILURE(receive(queue));
	ASSERT_SUCC(msgqipc_send(second, &queue.addr, &sent, sizeof(sent)));
	sent++;
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(second, &queue.addr, "x", 1));
	ASSERT_NO_FATAL_FAILURE(drain(queue));
}

INSTANTIATE_TEST_SUITE_P(Of, Capacity, ::testing::Values(1, 2, 3, 63, 64, 1000, 0),
			 [](const auto &entries) {
				 return entries.param ? std::to_string(entries.param) : "Maximum";
			 });

} // namespace
