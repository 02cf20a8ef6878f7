// SPDX-License-Identifier: MIT
// MSGQ_TEST_MESSAGES: how many messages go through in each of these tests.
#include "fixture.h"
#include "message.h"
#include "processes.h"

#include <memory>
#include <sched.h>

using api::Child;
using api::Context;
using api::Line;
using api::Message;
using api::Queue;

namespace
{

struct Shape {
	const char *name;
	uint32_t senders;
	uint32_t entries;
	bool blocking;
	uint32_t share; // of MSGQ_TEST_MESSAGES: one in so many
};

void PrintTo(const Shape &shape, std::ostream *out)
{
	*out << shape.name;
}

class Load : public ::testing::TestWithParam<Shape>
{
protected:
	Context ctx;

	void SetUp() override
	{
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
		api::watch(5);
	}

	static void flood(const msgqipc_addr &addr, uint32_t sender, uint64_t count)
	{
		Context own;
		Message message;

		api::watch(5);
		for (uint64_t number = 0; number < count; number++) {
			size_t len = api::compose(message, sender, number);

			while (msgqipc_send(own, &addr, &message, len)) {
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR)
					<< msgqipc_strerror(msgqipc_get_error());
				// Cores may be fewer than processes.
				sched_yield();
			}
		}
	}

	// Polls for a while before it lets others run.
	ssize_t receive(const Queue &queue, Message &message)
	{
		for (;;) {
			for (int misses = 0; misses < 200; misses++) {
				ssize_t len = msgqipc_recv(ctx, queue, &message, sizeof(message));

				if (len >= 0 || msgqipc_get_error() != MSGQIPC_ERR_NOTFOUND)
					return len;
			}
			sched_yield();
		}
	}
};

// holds: recv.once, send.fifo
TEST_P(Load, LosesDoublesTearsAndReordersNothing)
{
	const Shape &shape = GetParam();
	uint64_t total = api::setting("MSGQ_TEST_MESSAGES", 1000000) / shape.share;
	uint64_t each = total / shape.senders;
	std::vector<uint64_t> next(shape.senders);
	std::vector<std::unique_ptr<Child>> senders;
	Queue queue(ctx, shape.entries);
	Message message;

	for (uint32_t sender = 0; sender < shape.senders; sender++)
		senders.push_back(
			std::make_unique<Child>([&](Line &) { flood(queue.addr, sender, each); }));
	queue.block(shape.blocking);
	for (uint64_t received = 0; received < each * shape.senders; received++) {
		ssize_t len = shape.blocking ? msgqipc_recv(ctx, queue, &message, sizeof(message))
					     : receive(queue, message);

		ASSERT_GE(len, 0) << msgqipc_strerror(msgqipc_get_error());
		ASSERT_TRUE(api::whole(message, len))
			<< "message " << received << ", length " << len;
		ASSERT_LT(message.sender, shape.senders);
		ASSERT_EQ(message.number, next[message.sender]) << "of sender " << message.sender;
		next[message.sender]++;
	}
	for (auto &sender : senders)
		sender->finish();
	queue.block(false);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, &message, sizeof(message)));
}

INSTANTIATE_TEST_SUITE_P(Of, Load,
			 ::testing::Values(Shape{ "OneSender", 1, 256, false, 1 },
					   Shape{ "TwoSenders", 2, 256, false, 1 },
					   Shape{ "EightSenders", 8, 256, false, 1 },
					   Shape{ "TwoSendersToASmallQueue", 2, 1, false, 20 },
					   Shape{ "EightSendersToASmallQueue", 8, 3, false, 20 },
					   Shape{ "TwoSendersToASleeper", 2, 16, true, 10 },
					   Shape{ "EightSendersToASleeper", 8, 1, true, 20 }),
			 [](const auto &shape) { return shape.param.name; });

class SelfSend : public api::Test
{
};

// holds: send.self, send.sync, recv.order
TEST_F(SelfSend, KeepsEveryMessage)
{
	uint64_t total = api::setting("MSGQ_TEST_MESSAGES", 1000000);
	Queue queue(ctx, 5);
	Message message, got;

	for (uint64_t number = 0; number < total; number++) {
		size_t len = api::compose(message, 1, number);

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, &message, len));
		if (number < 3)
			continue;
		ssize_t got_len = msgqipc_recv(ctx, queue, &got, sizeof(got));
		ASSERT_TRUE(api::whole(got, got_len)) << got_len;
		ASSERT_EQ(got.number, number - 3);
	}
}

// Two processes that answer each other: what was sent before is received before.
// holds: send.total-order
TEST_F(SelfSend, ComesInTheOrderOfSendsOfDifferentProcesses)
{
	uint64_t rounds = api::setting("MSGQ_TEST_MESSAGES", 1000000) / 50;
	Queue queue(ctx, 64);
	Child other([&](Line &up) {
		Context own;
		Queue baton(own, 1);

		up.say(baton.addr);
		baton.block();
		for (uint64_t round = 0; round < rounds; round++) {
			uint64_t number;

			ASSERT_EQ(msgqipc_recv(own, baton, &number, 8), 8);
			number++;
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, &number, 8));
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "turn", 4));
		}
	});
	msgqipc_addr baton = other.line.hear<msgqipc_addr>();

	queue.block();
	for (uint64_t round = 0; round < rounds; round++) {
		uint64_t first = 2 * round, got = ~0ull;

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, &first, 8));
		ASSERT_SUCC(msgqipc_send(ctx, &baton, &first, 8));
		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, 8), 8);
		ASSERT_EQ(got, first);
		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, 8), 8);
		ASSERT_EQ(got, first + 1);
		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, 8), 4);
	}
	other.finish();
}

} // namespace
