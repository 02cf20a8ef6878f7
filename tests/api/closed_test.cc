// SPDX-License-Identifier: MIT
#include "processes.h"
#include "watching.h"

#include <memory>

using api::arm;
using api::Child;
using api::Context;
using api::forget;
using api::Line;
using api::Queue;
using api::readable;
using api::silent;
using api::told;

namespace
{

constexpr int LONG_MS = 20000;

class Closed : public api::Test
{
protected:
	Context sender;
};

// holds: events.closed, listen.notfound
TEST_F(Closed, IsToldOnce)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	arm(sender);
	EXPECT_FALSE(readable(sender));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_TRUE(readable(sender));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CLOSED, queue.addr));
	EXPECT_TRUE(silent(sender));
	EXPECT_ERR(NOTFOUND, forget(sender, queue.addr));
	EXPECT_ERR(NOTFOUND, api::listen(sender, queue.addr));
}

TEST_F(Closed, ReplacesWhatWasNotToldYet)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CLOSED, queue.addr));
	EXPECT_TRUE(silent(sender));
}

TEST_F(Closed, IsForgottenAsWell)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_SUCC(forget(sender, queue.addr));
	EXPECT_TRUE(silent(sender));
}

TEST_F(Closed, IsToldWhenTheOwnerIsKilled)
{
	Child owner([&](Line &up) {
		Context own;
		Queue queue(own, 4);

		up.say(queue.addr);
		pause();
	});
	msgqipc_addr addr = owner.line.hear<msgqipc_addr>();

	api::send(sender, addr, 4);
	ASSERT_SUCC(api::listen(sender, addr));
	arm(sender);
	EXPECT_FALSE(readable(sender));
	owner.kill_and_wait();
	EXPECT_TRUE(readable(sender, LONG_MS));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CLOSED, addr));
	EXPECT_TRUE(silent(sender));
}

TEST_F(Closed, FitsWhatRoomThereIs)
{
	std::vector<std::unique_ptr<Queue>> queues;

	for (int i = 0; i < 40; i++) {
		queues.push_back(std::make_unique<Queue>(ctx, 2));
		ASSERT_SUCC(api::listen(sender, queues.back()->addr));
	}
	for (int i = 0; i < 40; i++) {
		arm(sender);
		ASSERT_TRUE(readable(sender));
		std::vector<msgqipc_event> got = api::events(sender, 1);
		ASSERT_EQ(got.size(), 1u);
		EXPECT_TRUE(api::same(got[0].addr, queues[size_t(i)]->addr));
		EXPECT_EQ(readable(sender), i < 39);
	}
}

} // namespace
