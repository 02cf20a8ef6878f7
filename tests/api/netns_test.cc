// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <fcntl.h>
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

// holds: netns.stays
TEST_F(Namespace, IsThatInWhichAContextWasMade)
{
	msgqipc_key key = api::unique_key();
	Child traveller([&](Line &up) {
		msgqipc_addr found;
		Context left;
		Queue queue(left, 4, key);
		char msg[64];

		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		Context inside;
		EXPECT_ERR(NOTFOUND, api::lookup(inside, key, &found));
		EXPECT_ERR(NOTFOUND, msgqipc_send(inside, &queue.addr, "x", 1));
		EXPECT_SUCC(api::lookup(left, key, &found));
		up.say(queue.addr);
		up.hear();
		EXPECT_EQ(msgqipc_recv(left, queue, msg, sizeof(msg)), 7);
		up.say();
		pause();
	});
	msgqipc_addr addr = traveller.line.hear<msgqipc_addr>(), found;

	EXPECT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "outside", 7));
	traveller.line.say();
	traveller.line.hear();
	traveller.kill_and_wait();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &found));
}

// Nobody is in it any more, but the contexts that were made there.
// holds: netns.outlives
TEST_F(Namespace, LastsAsLongAsItsContexts)
{
	msgqipc_key key = api::unique_key();

	for (bool killed : { false, true }) {
		Child traveller([&](Line &up) {
			int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
			msgqipc_addr found;
			char msg[64];

			ASSERT_GE(home, 0);
			ASSERT_EQ(unshare(CLONE_NEWNET), 0);
			Context receiver, sender;
			Queue queue(receiver, 4, key);
			ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "before", 6));
			ASSERT_EQ(setns(home, CLONE_NEWNET), 0);
			close(home);
			// Whatever dismantles a namespace comes with a delay.
			usleep(50000);
			EXPECT_SUCC(msgqipc_send(sender, &queue.addr, "after", 5));
			EXPECT_EQ(msgqipc_recv(receiver, queue, msg, sizeof(msg)), 6);
			EXPECT_EQ(msgqipc_recv(receiver, queue, msg, sizeof(msg)), 5);
			EXPECT_SUCC(api::lookup(sender, key, &found));
			Queue later(sender, 4);
			EXPECT_SUCC(msgqipc_send(receiver, &later.addr, "x", 1));
			Context outside;
			EXPECT_ERR(NOTFOUND, msgqipc_send(outside, &queue.addr, "x", 1));
			up.say();
			up.hear();
		});

		traveller.line.hear();
		if (killed) {
			traveller.kill_and_wait();
		} else {
			traveller.line.say();
			traveller.finish();
		}
	}
}

} // namespace
