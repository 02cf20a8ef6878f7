// SPDX-License-Identifier: MIT
#include "sender_id.h"

#include "processes.h"

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::sender_id;
using api::set_sender_id;

namespace
{

class SenderId : public api::Test
{
protected:
	// What the vector's peek says of message @index: the id's bytes.
	std::string id_of(const Queue &queue, size_t index = 0)
	{
		msgqipc_sendid id;
		char msg[64];

		memset(&id, 0xff, sizeof(id));
		EXPECT_SUCC(ctx_v2()->peek(queue.ctx, queue.queue, &id, msg, sizeof(msg), index));
		EXPECT_LE(id.len, MSGQIPC_SENDID_SPC);
		return { reinterpret_cast<char *>(id.spc), id.len };
	}

	static const msgqipc_v2 *ctx_v2()
	{
		return msgqipc_load(MSGQIPC_API_V2)->v2;
	}

	static void send(msgqipc_ctx *from, const Queue &queue)
	{
		EXPECT_SUCC(msgqipc_send(from, &queue.addr, "x", 1));
	}
};

// holds: sendid.goes-with, peek.sendid
TEST_F(SenderId, GoesWithEachLaterSend)
{
	Queue queue(ctx, 8);
	Context other;

	send(other, queue);
	ASSERT_SUCC(set_sender_id(other, "first"));
	send(other, queue);
	send(other, queue);
	ASSERT_SUCC(set_sender_id(other, "second"));
	send(other, queue);
	ASSERT_SUCC(set_sender_id(other, ""));
	send(other, queue);
	EXPECT_EQ(id_of(queue, 0), "");
	EXPECT_EQ(id_of(queue, 1), "first");
	EXPECT_EQ(id_of(queue, 2), "first");
	EXPECT_EQ(id_of(queue, 3), "second");
	EXPECT_EQ(id_of(queue, 4), "");
}

TEST_F(SenderId, IsThatOfTheContext)
{
	Queue queue(ctx, 8);
	Context one, two;

	ASSERT_SUCC(set_sender_id(one, "one"));
	send(two, queue);
	send(one, queue);
	send(ctx, queue);
	EXPECT_EQ(id_of(queue, 0), "");
	EXPECT_EQ(id_of(queue, 1), "one");
	EXPECT_EQ(id_of(queue, 2), "");
}

TEST_F(SenderId, IsOfAllQueuesThatTheContextSendsTo)
{
	const std::string ids[] = { "", "a", "b", "a" };
	Queue first(ctx, 8), second(ctx, 8);

	for (const std::string &id : ids) {
		ASSERT_SUCC(set_sender_id(ctx, id));
		for (int again = 0; again < 2; again++) {
			send(ctx, first);
			send(ctx, second);
		}
	}
	for (const Queue *queue : { &first, &second })
		for (size_t index = 0; index < 8; index++)
			EXPECT_EQ(id_of(*queue, index), ids[index / 2]);
}

TEST_F(SenderId, MayHaveAnyBytesUpToItsMaximum)
{
	Queue queue(ctx, 8);
	std::string longest, zeros("\0a\0", 3);

	for (int byte = 0; byte < MSGQIPC_SENDID_SPC; byte++)
		longest += static_cast<char>(255 - byte);
	for (const std::string &id : { longest, zeros, std::string(1, '\0') }) {
		ASSERT_SUCC(set_sender_id(ctx, id));
		send(ctx, queue);
	}
	EXPECT_EQ(id_of(queue, 0), longest);
	EXPECT_EQ(id_of(queue, 1), zeros);
	EXPECT_EQ(id_of(queue, 2), std::string(1, '\0'));
}

// holds: sendid.size
TEST_F(SenderId, OverItsMaximumIsRefusedAndChangesNothing)
{
	Queue queue(ctx, 8);

	ASSERT_SUCC(set_sender_id(ctx, "kept"));
	for (unsigned len : { MSGQIPC_SENDID_SPC + 1, 256, 65535 }) {
		msgqipc_sendid id = sender_id("wrong");

		id.len = static_cast<uint16_t>(len);
		EXPECT_ERR(SIZE, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &id));
		EXPECT_STRNE(msgqipc_error_detail(), "");
	}
	send(ctx, queue);
	EXPECT_EQ(id_of(queue), "kept");
	EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, nullptr));
}

TEST_F(SenderId, IsToldWithWhatDoesNotFit)
{
	Queue queue(ctx, 8);
	msgqipc_sendid id = {};
	char msg[64];

	ASSERT_SUCC(set_sender_id(ctx, "me"));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "abcdef", 6));
	EXPECT_ERR(TRUNC, ctx_v2()->peek(ctx, queue, &id, msg, 3, 0));
	EXPECT_EQ(id.len, 2u);
	id = sender_id("untouched");
	EXPECT_ERR(NOTFOUND, ctx_v2()->peek(ctx, queue, &id, msg, 3, 1));
	EXPECT_EQ(id.len, 9u);
}

TEST_F(SenderId, OutlivesItsSender)
{
	Queue queue(ctx, 8);

	Child([&](Line &) {
		Context own;

		ASSERT_SUCC(set_sender_id(own, "dead"));
		send(own, queue);
	}).finish();
	// Which takes an index of its own.
	send(ctx, queue);
	EXPECT_EQ(id_of(queue, 0), "dead");
	EXPECT_EQ(id_of(queue, 1), "");
}

// A queue has room for 8192 senders that are not drained.
TEST_F(SenderId, ChangedBackAndForthDoesNotUseUpTheQueue)
{
	Queue queue(ctx, 20000);

	for (int each = 0; each < 20000; each++) {
		ASSERT_SUCC(set_sender_id(ctx, each % 2 ? "odd" : "even"));
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1)) << each;
	}
	EXPECT_EQ(id_of(queue, 0), "even");
	EXPECT_EQ(id_of(queue, 19999), "odd");
}

TEST_F(SenderId, NewForEachMessageIsRefusedOnlyAsLongAsNoneIsReceived)
{
	constexpr int senders = 8192;
	Queue queue(ctx, senders + 10);
	char msg[64];
	int sent = 0;

	for (; sent <= senders; sent++) {
		ASSERT_SUCC(set_sender_id(ctx, std::to_string(sent)));
		if (msgqipc_send(ctx, &queue.addr, "x", 1))
			break;
	}
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NORES);
	EXPECT_EQ(sent, senders);
	for (int each = 0; each < 3; each++) {
		EXPECT_EQ(id_of(queue), std::to_string(each));
		ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1)) << each;
		ASSERT_SUCC(set_sender_id(ctx, "again " + std::to_string(each)));
	}
	EXPECT_EQ(id_of(queue, senders - 1), "again 1");
}

TEST_F(SenderId, OfAContextWhoseTargetHasGoneIsSetAllTheSame)
{
	Context own;
	msgqipc_addr gone;

	{
		Context owner;
		Queue queue(owner, 4);

		gone = queue.addr;
		send(own, queue);
	}
	ASSERT_SUCC(set_sender_id(own, "late"));
	EXPECT_ERR(NOTFOUND, msgqipc_send(own, &gone, "x", 1));
	EXPECT_ERR(NOTFOUND, msgqipc_send(own, &gone, "x", 1));
	Queue queue(ctx, 4);
	send(own, queue);
	EXPECT_EQ(id_of(queue), "late");
}

} // namespace
