// SPDX-License-Identifier: MIT
// What is cancelled and what is not; cancel_race_test.cc has the races.
#include "processes.h"
#include "sender_id.h"

using api::ALICE;
using api::BOB;
using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::set_sender_id;

namespace
{

class Cancel : public api::Test
{
protected:
	static void send(msgqipc_ctx *from, const msgqipc_addr &addr, const std::string &text)
	{
		for (char each : text)
			ASSERT_SUCC(msgqipc_send(from, &addr, &each, 1));
	}

	// All that can be received, a byte each.
	static std::string rest(const Queue &queue)
	{
		std::string all;
		char msg;

		while (msgqipc_recv(queue.ctx, queue, &msg, 1) == 1)
			all += msg;
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
		return all;
	}
};

// holds: cancel.no-id, cancel.silent
TEST_F(Cancel, TakesBackWhatThisContextSentWithoutAnId)
{
	Queue queue(ctx);
	Context own, other;

	send(own, queue.addr, "a");
	send(other, queue.addr, "1");
	send(own, queue.addr, "b");
	send(ctx, queue.addr, "2");
	ASSERT_SUCC(set_sender_id(own, "id"));
	send(own, queue.addr, "3");
	ASSERT_SUCC(set_sender_id(own, ""));
	send(own, queue.addr, "c");
	ASSERT_SUCC(msgqipc_cancel(own, &queue.addr));
	EXPECT_EQ(rest(queue), "123");
}

// holds: cancel.sendid
TEST_F(Cancel, TakesBackWhatWasSentUnderTheIdByWhicheverContext)
{
	Queue queue(ctx);
	Context one, two, canceller;

	send(one, queue.addr, "1");
	ASSERT_SUCC(set_sender_id(one, "id"));
	ASSERT_SUCC(set_sender_id(two, "id"));
	ASSERT_SUCC(set_sender_id(canceller, "id"));
	send(one, queue.addr, "ab");
	send(two, queue.addr, "c");
	send(ctx, queue.addr, "2");
	ASSERT_SUCC(set_sender_id(two, "di"));
	send(two, queue.addr, "3");
	ASSERT_SUCC(set_sender_id(two, "id2"));
	send(two, queue.addr, "4");
	// Which itself has sent nothing, and has no need to.
	ASSERT_SUCC(msgqipc_cancel(canceller, &queue.addr));
	EXPECT_EQ(rest(queue), "1234");
}

TEST_F(Cancel, TakesBackWhatTheDeadSentUnderTheId)
{
	Queue queue(ctx);

	Child([&](Line &) {
		Context own;

		send(own, queue.addr, "1");
		ASSERT_SUCC(set_sender_id(own, "id"));
		send(own, queue.addr, "ab");
	}).finish();
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	ASSERT_SUCC(set_sender_id(ctx, "id"));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	EXPECT_EQ(rest(queue), "1");
}

// holds: cancel.others
TEST_F(Cancel, OfTheSameIdOfAnotherUserDoesNothing)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(0);
	Queue queue(ctx);

	umask(before);
	for (uid_t user : { ALICE, BOB })
		Child([&](Line &) {
			api::become(user, user);
			Context own;

			ASSERT_SUCC(set_sender_id(own, "id"));
			send(own, queue.addr, user == ALICE ? "a" : "b");
		}).finish();
	// Not even root's.
	ASSERT_SUCC(set_sender_id(ctx, "id"));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	char msg;
	EXPECT_EQ(msgqipc_peek(ctx, queue, &msg, 1, 1), 1);
	Child([&](Line &) {
		api::become(ALICE, ALICE);
		Context own;

		ASSERT_SUCC(set_sender_id(own, "id"));
		ASSERT_SUCC(msgqipc_cancel(own, &queue.addr));
	}).finish();
	EXPECT_EQ(rest(queue), "b");
}

// holds: peek.cancelled
TEST_F(Cancel, LeavesNothingToPeekAt)
{
	Queue queue(ctx);
	Context other;
	char msg = 0;

	send(other, queue.addr, "a");
	send(ctx, queue.addr, "1");
	send(other, queue.addr, "bc");
	send(ctx, queue.addr, "2");
	ASSERT_SUCC(msgqipc_cancel(other, &queue.addr));
	EXPECT_EQ(msgqipc_peek(ctx, queue, &msg, 1, 0), 1);
	EXPECT_EQ(msg, '1');
	EXPECT_EQ(msgqipc_peek(ctx, queue, &msg, 1, 1), 1);
	EXPECT_EQ(msg, '2');
	EXPECT_ERR(NOTFOUND, msgqipc_peek(ctx, queue, &msg, 1, 2));
	EXPECT_EQ(rest(queue), "12");
}

// holds: cancel.room
TEST_F(Cancel, GivesRoomWhenTheReceiverHasPassed)
{
	Queue queue(ctx, 4);

	for (int round = 0; round < 7; round++) {
		send(ctx, queue.addr, "abcd");
		ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
		EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
		EXPECT_EQ(rest(queue), "");
		send(ctx, queue.addr, "1");
		EXPECT_EQ(rest(queue), "1");
	}
}

// holds: cancel.received, cancel.none
TEST_F(Cancel, IsOfWhatIsThereAndOfNothingLater)
{
	Queue queue(ctx);

	send(ctx, queue.addr, "ab");
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	send(ctx, queue.addr, "12");
	EXPECT_EQ(rest(queue), "12");
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	send(ctx, queue.addr, "3");
	EXPECT_EQ(rest(queue), "3");
}

TEST_F(Cancel, TakesBackWhatDidNotFitTheReceiversBuffer)
{
	Queue queue(ctx);
	char msg[64];

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abc", 3));
	EXPECT_ERR(TRUNC, msgqipc_recv(ctx, queue, msg, 2));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

TEST_F(Cancel, WorksInAnInactiveQueue)
{
	Queue queue(ctx);
	Context other;

	send(ctx, queue.addr, "a");
	send(other, queue.addr, "1");
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	EXPECT_EQ(rest(queue), "1");
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	send(ctx, queue.addr, "2");
	EXPECT_EQ(rest(queue), "2");
}

TEST_F(Cancel, OfALargeQueueFindsEveryMessage)
{
	constexpr uint32_t entries = 10000;
	Queue queue(ctx, entries);
	Context other;

	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t each = 0; each < entries; each++)
			ASSERT_SUCC(msgqipc_send(each % 3 ? ctx : other, &queue.addr,
						 each % 3 ? "a" : "1", 1));
		ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
		EXPECT_EQ(rest(queue), std::string((entries + 2) / 3, '1'));
	}
}

// holds: cancel.errors
TEST_F(Cancel, TellsOfQueuesThatAreNotThere)
{
	Context owner;
	Queue queue(owner);
	msgqipc_addr never = {};

	never.opaque[1] = 12345;
	EXPECT_ERR(NOTFOUND, msgqipc_cancel(ctx, &never));
	EXPECT_STRNE(msgqipc_error_detail(), "");
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	ASSERT_SUCC(msgqipc_close(owner, queue, 0));
	EXPECT_ERR(NOTFOUND, msgqipc_cancel(ctx, &queue.addr));
}

// holds: cancel.errors
TEST_F(Cancel, TakesPermissionToSend)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(022);
	Queue queue(ctx);

	umask(before);
	Child([&](Line &) {
		api::become(ALICE, ALICE);
		Context own;

		EXPECT_ERR(ACCES, msgqipc_cancel(own, &queue.addr));
		EXPECT_STRNE(msgqipc_error_detail(), "");
	}).finish();
}

TEST_F(Cancel, IsInBothVersions)
{
	Queue queue(ctx);
	Context old(MSGQIPC_API_V1);

	send(old, queue.addr, "a");
	ASSERT_SUCC(msgqipc_load(MSGQIPC_API_V1)->v1->cancel(old, &queue.addr));
	EXPECT_EQ(rest(queue), "");
	ASSERT_SUCC(msgqipc_load(MSGQIPC_API_V2)->v2->cancel(ctx, &queue.addr));
}

TEST_F(Cancel, LeavesASleepingReceiverAsleep)
{
	Context sender;
	msgqipc_addr addr;
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own, 4);
		char msg;

		queue.block();
		up.say(queue.addr);
		EXPECT_EQ(msgqipc_recv(own, queue, &msg, 1), 1);
		EXPECT_EQ(msg, '1');
	});

	addr = receiver.line.hear<msgqipc_addr>();
	api::await_sleeper(ctx, addr);
	ASSERT_SUCC(msgqipc_cancel(sender, &addr));
	api::await_sleeper(ctx, addr);
	send(sender, addr, "1");
	receiver.finish();
}

} // namespace
