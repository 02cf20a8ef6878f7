// SPDX-License-Identifier: MIT
// What somebody else than the receiver sees of the messages in a queue.
#include "abi.h"
#include "fixture.h"
#include "processes.h"
#include "sender_id.h"

#include <msgq/ring.h>
#include <poll.h>

using api::ALICE;
using api::BOB;
using api::Child;
using api::Context;
using api::Device;
using api::Line;
using api::Queue;

namespace
{

class Look : public api::Test
{
protected:
	// The message at @position or after, as @ctx sees it.
	static int peek(msgqipc_ctx *with, const msgqipc_addr &addr, uint64_t position,
			msgqipc_message *message)
	{
		memset(message, 0xff, sizeof(*message));
		message->addr = addr;
		message->position = position;
		return msgqipc_ctl(with, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_PEEK,
				   message);
	}

	// All there are, each in brackets.
	static std::string all(msgqipc_ctx *with, const msgqipc_addr &addr)
	{
		msgqipc_message message;
		std::string text;

		for (uint64_t position = 0;; position = message.position + 1) {
			EXPECT_SUCC(peek(with, addr, position, &message));
			if (message.state != MSGQIPC_PEEK_MESSAGE)
				return text;
			text += '[' +
				std::string(reinterpret_cast<char *>(message.msg), message.len) +
				']';
		}
	}
};

// holds: look.messages
TEST_F(Look, TellsMessagesInOrderAndTakesNone)
{
	Queue queue(ctx, 4);
	Context third;
	std::string longest(64, 'z');
	char msg[64];

	longest[63] = '!';
	EXPECT_EQ(all(third, queue.addr), "");
	for (const std::string &each : { std::string("one"), std::string(), longest })
		ASSERT_SUCC(msgqipc_send(third, &queue.addr, each.data(), each.size()));
	EXPECT_EQ(all(third, queue.addr), "[one][][" + longest + "]");
	EXPECT_EQ(all(ctx, queue.addr), "[one][][" + longest + "]");
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_EQ(all(third, queue.addr), "[][" + longest + "]");
	// Round the ring, and full.
	for (int each = 0; each < 2; each++)
		ASSERT_SUCC(msgqipc_send(third, &queue.addr, "more", 4));
	EXPECT_EQ(all(third, queue.addr), "[][" + longest + "][more][more]");
	for (int each = 0; each < 4; each++)
		ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_EQ(all(third, queue.addr), "");
}

// holds: look.messages
TEST_F(Look, TellsWhoSentAMessage)
{
	Queue queue(ctx, 4);
	Context named, third;
	msgqipc_message message;

	ASSERT_SUCC(api::set_sender_id(named, "the one"));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "a", 1));
	ASSERT_SUCC(msgqipc_send(named, &queue.addr, "b", 1));
	ASSERT_SUCC(peek(third, queue.addr, 0, &message));
	EXPECT_EQ(message.position, 0u);
	EXPECT_EQ(message.sendid.len, 0u);
	EXPECT_EQ(message.pid, uint32_t(getpid()));
	EXPECT_EQ(message.uid, geteuid());
	EXPECT_EQ(message.reserved, 0u);
	uint32_t first = message.sender;

	ASSERT_SUCC(peek(third, queue.addr, 1, &message));
	EXPECT_EQ(message.position, 1u);
	EXPECT_EQ(std::string(reinterpret_cast<char *>(message.sendid.spc), message.sendid.len),
		  "the one");
	EXPECT_NE(message.sender, first);
}

// holds: look.passes
TEST_F(Look, PassesOverWhatIsNotToBeReceived)
{
	Queue queue(ctx, 8);
	Context taken, third;
	msgqipc_message message;
	char msg[64];

	for (const char *each : { "a", "b", "c" }) {
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, each, 1));
		ASSERT_SUCC(msgqipc_send(taken, &queue.addr, "x", 1));
	}
	ASSERT_SUCC(msgqipc_cancel(taken, &queue.addr));
	EXPECT_EQ(all(third, queue.addr), "[a][b][c]");
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_EQ(all(third, queue.addr), "[b][c]");
	ASSERT_SUCC(peek(third, queue.addr, 3, &message));
	EXPECT_EQ(message.position, 4u);
	// A position beyond all that can be there is none, also where it would wrap.
	for (uint64_t far : { uint64_t(5), uint64_t(9), uint64_t(1) << 62 }) {
		ASSERT_SUCC(peek(third, queue.addr, far, &message));
		EXPECT_EQ(message.state, uint32_t(MSGQIPC_PEEK_NOTHING)) << far;
	}
}

// holds: look.passes
TEST_F(Look, PassesOverMoreThanItLooksAtInOneGo)
{
	Queue queue(ctx, 10000);
	Context taken, third;

	for (int each = 0; each < 9000; each++)
		ASSERT_SUCC(msgqipc_send(taken, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "last", 4));
	ASSERT_SUCC(msgqipc_cancel(taken, &queue.addr));
	EXPECT_EQ(all(third, queue.addr), "[last]");
}

// holds: look.gone
TEST_F(Look, FindsNoQueueThatIsGone)
{
	Queue queue(ctx, 4);
	msgqipc_addr other = queue.addr;
	msgqipc_message message;

	other.opaque[1]++;
	EXPECT_ERR(NOTFOUND, peek(ctx, other, 0, &message));
	ASSERT_SUCC(peek(ctx, queue.addr, 0, &message));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_ERR(NOTFOUND, peek(ctx, queue.addr, 0, &message));
}

// holds: look.owner
TEST_F(Look, IsForTheOwnerAndRoot)
{
	SKIP_UNLESS_ROOT();
	msgqipc_message message;

	Child owner([&](Line &up) {
		api::become(ALICE, ALICE);
		Context own;
		Queue queue(own, 4);

		EXPECT_SUCC(msgqipc_send(own, &queue.addr, "secret", 6));
		up.say(queue.addr);
		up.hear_out();
	});
	auto addr = owner.line.hear<msgqipc_addr>();

	// Its mode lets everybody look and send, which is less than to read.
	Child([&](Line &) {
		api::become(BOB, BOB);
		Context bob;

		EXPECT_TRUE(api::seen(bob, addr));
		EXPECT_ERR(ACCES, peek(bob, addr, 0, &message));
		EXPECT_TRUE(strstr(msgqipc_error_detail(), std::to_string(ALICE).c_str()))
			<< msgqipc_error_detail();
	}).finish();
	Child([&](Line &) {
		api::become(ALICE, BOB);
		Context alice;

		EXPECT_EQ(all(alice, addr), "[secret]");
	}).finish();
	EXPECT_EQ(all(ctx, addr), "[secret]");
	owner.line.hang_up();
	owner.finish();
}

// What passes by is whole, or not told of: the receiver goes on meanwhile.
// holds: look.messages
TEST_F(Look, SeesNoTornMessageWhileTheRingIsInUse)
{
	Context third;
	msgqipc_message message;
	unsigned seen = 0;

	Child busy([&](Line &up) {
		Context own;
		Queue queue(own, 2);
		char out[64], in[64];
		struct pollfd end = { up.descriptor(), POLLIN, 0 };

		up.say(queue.addr);
		for (unsigned char each = 0; each || !poll(&end, 1, 0); each++) {
			memset(out, each, sizeof(out));
			EXPECT_EQ(msgqipc_send(own, &queue.addr, out, each % 65u), 0);
			EXPECT_EQ(msgqipc_recv(own, queue, in, sizeof(in)), each % 65);
		}
	});
	auto addr = busy.line.hear<msgqipc_addr>();

	for (int looks = 0; looks < 200000 && (seen < 2000 || looks < 20000); looks++) {
		ASSERT_SUCC(peek(third, addr, 0, &message));
		if (message.state != MSGQIPC_PEEK_MESSAGE)
			continue;
		seen++;
		ASSERT_LE(message.len, 64u);
		for (unsigned at = 1; at < message.len; at++)
			ASSERT_EQ(message.msg[at], message.msg[0]) << at << " of " << message.len;
		if (message.len) {
			ASSERT_EQ(message.msg[0] % 65u, message.len);
		}
	}
	EXPECT_GT(seen, 0u);
	busy.line.hang_up();
	busy.finish();
}

class AbiLook : public api::AbiTest
{
};

// holds: look.gone
TEST_F(AbiLook, TakesOnlyAddressesOfQueues)
{
	Device device = Device::greeted();
	msgq_create made = device.create(4);
	msgq_peek peek = {};

	peek.address = made.address;
	peek.address.node = 1;
	EXPECT_WHY(NODE, device.why(MSGQ_IOC_PEEK, peek));
	EXPECT_EQ(peek.refusal.bound, uint64_t(made.address.node));
	peek.address = made.address;
	peek.address.reserved = 1;
	EXPECT_WHY(ADDRESS, device.why(MSGQ_IOC_PEEK, peek));
	peek.address = made.address;
	EXPECT_WHY(NONE, device.why(MSGQ_IOC_PEEK, peek));
	EXPECT_EQ(peek.state, uint32_t(MSGQ_PEEK_NOTHING));
}

// holds: look.passes
TEST_F(AbiLook, TellsOfASendThatIsNotFinished)
{
	Device receiver = Device::greeted(), sender = Device::greeted();
	msgq_create made = receiver.create(4);
	msgq_attach attached = sender.attach(made.address);
	msgq_peek peek = {};

	ASSERT_WHY(NONE, receiver.handle(MSGQ_IOC_ACTIVATE, made.handle));
	auto *slot = static_cast<msgq_slot *>(
		sender.map(attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
	ASSERT_NE(static_cast<void *>(slot), MAP_FAILED);
	slot->word = msgq_word(1, MSGQ_CLAIMED, 0, attached.sender);
	memcpy(slot->body, "hidden", 6);
	peek.address = made.address;
	ASSERT_WHY(NONE, receiver.why(MSGQ_IOC_PEEK, peek));
	EXPECT_EQ(peek.state, uint32_t(MSGQ_PEEK_CLAIM));
	EXPECT_EQ(peek.len, 0u);
	EXPECT_EQ(peek.msg[0], 0);
	EXPECT_EQ(peek.sender, attached.sender);
	EXPECT_EQ(peek.pid, uint32_t(getpid()));

	// A length that no honest sender writes is cut.
	slot->word = msgq_word(1, MSGQ_READY, 127, attached.sender);
	ASSERT_WHY(NONE, receiver.why(MSGQ_IOC_PEEK, peek));
	EXPECT_EQ(peek.state, uint32_t(MSGQ_PEEK_MESSAGE));
	EXPECT_EQ(peek.len, 64u);
	EXPECT_EQ(memcmp(peek.msg, "hidden", 6), 0);

	// And an index that nobody was given is nobody's.
	slot->word = msgq_word(1, MSGQ_READY, 6, 8191);
	ASSERT_WHY(NONE, receiver.why(MSGQ_IOC_PEEK, peek));
	EXPECT_EQ(peek.uid, ~0u);
	EXPECT_EQ(peek.pid, 0u);
}

} // namespace
