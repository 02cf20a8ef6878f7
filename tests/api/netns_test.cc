// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <sched.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Namespace : public api::Test
{
protected:
	void SetUp() override
	{
		api::Test::SetUp();
		Child trial([](Line &) { _exit(unshare(CLONE_NEWNET) ? 77 : 0); });

		if (trial.wait())
			GTEST_SKIP() << "a network namespace of its own was refused";
	}
};

// holds: netns.hidden
TEST_F(Namespace, HidesNamesAddressesAndListings)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	char msg[64];

	Child([&](Line &) {
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		Context inside;
		msgqipc_addr found;

		EXPECT_ERR(NOTFOUND, api::lookup(inside, key, &found));
		EXPECT_ERR(NOTFOUND, api::unlink(inside, key));
		EXPECT_ERR(NOTFOUND, msgqipc_send(inside, &queue.addr, "x", 1));
		EXPECT_ERR(NOTFOUND, msgqipc_poke(inside, &queue.addr));
		EXPECT_TRUE(api::list(inside).empty());
	}).finish();
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: netns.own
TEST_F(Namespace, HasTheSameKeyForItself)
{
	msgqipc_key key = api::unique_key();
	Queue outer(ctx, 4, key);
	Child inner([&](Line &up) {
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		Context inside;
		msgqipc_addr addr, found;
		msgqipc_queue *queue =
			msgqipc_create(inside, key, &addr, 4, 0, MSGQIPC_CREATE_EXCL);
		char msg[64];

		ASSERT_SUCC(queue);
		ASSERT_SUCC(msgqipc_activate(inside, queue));
		ASSERT_SUCC(api::lookup(inside, key, &found));
		EXPECT_TRUE(api::same(found, addr));
		EXPECT_SUCC(msgqipc_send(inside, &found, "inside", 6));
		EXPECT_EQ(msgqipc_recv(inside, queue, msg, sizeof(msg)), 6);
		EXPECT_EQ(api::list(inside).size(), 1u);
		up.say(addr);
		up.hear();
	});
	msgqipc_addr addr = inner.line.hear<msgqipc_addr>(), found;

	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, outer.addr));
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_FALSE(api::seen(ctx, addr));
	inner.line.say();
	inner.finish();
	EXPECT_SUCC(api::lookup(ctx, key, &found));
}

} // namespace
