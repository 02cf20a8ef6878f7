// SPDX-License-Identifier: MIT
// Who sends to a queue, as NAMED_SENDERS tells it.
#include "fixture.h"
#include "processes.h"
#include "sender_id.h"

#include <ctime>
#include <memory>
#include <sys/stat.h>

using api::ALICE;
using api::become;
using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::set_sender_id;

namespace
{

class Senders : public api::Test
{
protected:
	static void send(msgqipc_ctx *from, const msgqipc_addr &to, int count)
	{
		for (int each = 0; each < count; each++)
			ASSERT_SUCC(msgqipc_send(from, &to, "x", 1));
	}

	static void receive(const Queue &queue, int count)
	{
		char msg[64];

		for (int each = 0; each < count; each++)
			ASSERT_SUCC(msgqipc_recv(queue.ctx, queue, msg, sizeof(msg)));
	}

	static int ask(msgqipc_ctx *ctx, msgqipc_senders *senders)
	{
		return msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SENDERS,
				   senders);
	}

	static std::vector<msgqipc_sender> all(msgqipc_ctx *ctx, const msgqipc_addr &addr,
					       uint32_t room = 8, uint64_t *next = nullptr)
	{
		std::vector<msgqipc_sender> found, page(room);
		msgqipc_senders request = {};

		request.addr = addr;
		do {
			request.sender = page.data();
			request.count = room;
			if (ask(ctx, &request) || request.count > room) {
				ADD_FAILURE() << msgqipc_strerror(msgqipc_get_error()) << ": "
					      << msgqipc_error_detail();
				break;
			}
			found.insert(found.end(), page.begin(), page.begin() + request.count);
		} while (request.count);
		if (next)
			*next = request.next;
		return found;
	}
};

// holds: senders.fields
TEST_F(Senders, AreToldInTheOrderInWhichTheyBegan)
{
	Queue queue(ctx, 16);
	Context one, two;
	uint64_t next, now = uint64_t(time(nullptr)) * 1000000000u;

	EXPECT_TRUE(all(ctx, queue.addr, 8, &next).empty());
	EXPECT_EQ(next, 0u);
	send(two, queue.addr, 2);
	send(one, queue.addr, 3);
	send(two, queue.addr, 1);
	auto senders = all(ctx, queue.addr, 8, &next);
	ASSERT_EQ(senders.size(), 2u);
	EXPECT_EQ(next, 6u);
	for (const auto &each : senders) {
		EXPECT_EQ(each.pid, uint32_t(getpid()));
		EXPECT_EQ(each.uid, geteuid());
		EXPECT_EQ(each.open, 0u);
		EXPECT_EQ(each.recent, 3u);
		EXPECT_EQ(each.sendid.len, 0u);
		EXPECT_EQ(each.flags, api::mediated() ? MSGQIPC_SENDER_MEDIATED : 0u);
		EXPECT_GT(each.attached_ns, now - 3600000000000u);
		EXPECT_LT(each.attached_ns, now + 3600000000000u);
	}
	EXPECT_EQ(senders[0].last, 5u);
	EXPECT_EQ(senders[1].last, 4u);
	EXPECT_LE(senders[0].attached_ns, senders[1].attached_ns);
	EXPECT_NE(senders[0].index, senders[1].index);
}

// holds: senders.recent
TEST_F(Senders, AreCountedByTheLastMessagesReceivedOrNot)
{
	Queue queue(ctx, 9); // of 10 slots
	Context one, two, silent;

	for (int lap = 0; lap < 20; lap++) {
		send(one, queue.addr, 7);
		receive(queue, 7);
	}
	send(two, queue.addr, 4);
	receive(queue, 1);
	ASSERT_SUCC(msgqipc_poke(silent, &queue.addr));
	auto senders = all(ctx, queue.addr);
	ASSERT_EQ(senders.size(), 3u);
	EXPECT_EQ(senders[0].recent, 6u);
	EXPECT_EQ(senders[0].last, 139u);
	EXPECT_EQ(senders[1].recent, 4u);
	EXPECT_EQ(senders[1].last, 143u);
	EXPECT_EQ(senders[2].recent, 0u);
	EXPECT_EQ(senders[2].last, MSGQIPC_POS_NONE);
}

// holds: senders.recent
TEST_F(Senders, AreCountedInARingOfAnySize)
{
	Queue queue(ctx, 10000);
	Context one, two;

	send(one, queue.addr, 9000);
	send(two, queue.addr, 500);
	auto senders = all(ctx, queue.addr);
	ASSERT_EQ(senders.size(), 2u);
	EXPECT_EQ(senders[0].recent, 9000u);
	EXPECT_EQ(senders[0].last, 8999u);
	EXPECT_EQ(senders[1].recent, 500u);
	EXPECT_EQ(senders[1].last, 9499u);
}

// holds: senders.recent
TEST_F(Senders, AreNotTakenForWhoHadTheirIndexBefore)
{
	Queue queue(ctx, 16);
	uint32_t index;
	{
		Context former;

		send(former, queue.addr, 5);
		auto senders = all(ctx, queue.addr);
		ASSERT_EQ(senders.size(), 1u);
		index = senders[0].index;
		receive(queue, 5);
	}
	EXPECT_TRUE(all(ctx, queue.addr).empty());
	// Indices go around: one of these gets the former's.
	std::vector<std::unique_ptr<Context>> later;
	bool met = false;

	for (int each = 0; each < 8; each++) {
		later.push_back(std::make_unique<Context>());
		ASSERT_SUCC(msgqipc_poke(*later.back(), &queue.addr));
	}
	for (const auto &each : all(ctx, queue.addr)) {
		EXPECT_EQ(each.recent, 0u) << each.index;
		EXPECT_EQ(each.last, MSGQIPC_POS_NONE);
		met |= each.index == index;
	}
	EXPECT_TRUE(met);
}

// holds: senders.fields
TEST_F(Senders, AreToldWithTheIdThatTheySendUnder)
{
	Queue queue(ctx, 16);
	Context one;

	ASSERT_SUCC(set_sender_id(one, "first"));
	send(one, queue.addr, 1);
	ASSERT_SUCC(set_sender_id(one, "second"));
	send(one, queue.addr, 2);
	auto senders = all(ctx, queue.addr);
	ASSERT_EQ(senders.size(), 1u);
	msgqipc_sendid expected = api::sender_id("second");
	EXPECT_FALSE(memcmp(&senders[0].sendid, &expected, sizeof(expected)));
	EXPECT_EQ(senders[0].recent, 2u);
}

// holds: senders.fields
TEST_F(Senders, AreTheProcessesThatTheyAre)
{
	Queue queue(ctx, 16);
	Child child([&](Line &up) {
		Context own;

		send(own, queue.addr, 1);
		up.say();
		up.hear();
	});

	child.line.hear();
	auto senders = all(ctx, queue.addr);
	ASSERT_EQ(senders.size(), 1u);
	EXPECT_EQ(senders[0].pid, uint32_t(child.pid()));
	child.kill_and_wait();
	EXPECT_TRUE(all(ctx, queue.addr).empty());
}

// holds: senders.pages
TEST_F(Senders, ComeInPagesOfAnySize)
{
	constexpr uint32_t COUNT = 150;
	Queue queue(ctx, 200);
	std::vector<std::unique_ptr<Context>> contexts;

	for (uint32_t each = 0; each < COUNT; each++) {
		contexts.push_back(std::make_unique<Context>());
		send(*contexts.back(), queue.addr, 1);
	}
	// Not only the last of them goes.
	contexts.erase(contexts.begin() + 70);
	for (uint32_t room : { 1u, 7u, 64u, 149u, 1000u }) {
		auto senders = all(ctx, queue.addr, room);

		SCOPED_TRACE(room);
		ASSERT_EQ(senders.size(), COUNT - 1);
		for (uint32_t each = 0; each < COUNT - 1; each++) {
			EXPECT_EQ(senders[each].recent, 1u);
			EXPECT_EQ(senders[each].last, each < 70 ? each : each + 1);
		}
	}
}

// holds: senders.acces
TEST_F(Senders, AreForWhoMayLook)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(0004);
	Queue closed(ctx);
	umask(0002);
	Queue open(ctx);
	umask(before);

	send(ctx, open.addr, 1);
	Child child([&](Line &) {
		become(ALICE, ALICE);
		Context own;
		msgqipc_sender room;
		msgqipc_senders request = { closed.addr, &room, 1, 0, 0, 0 };

		EXPECT_ERR(ACCES, ask(own, &request));
		EXPECT_EQ(all(own, open.addr).size(), 1u);
	});
	child.finish();
}

// holds: senders.invalid
TEST_F(Senders, OfNoQueueAndWithoutRoomAreRefused)
{
	msgqipc_sender room;
	msgqipc_senders request = {};
	msgqipc_addr addr;
	{
		Context other;
		Queue queue(other);

		addr = queue.addr;
		request = { addr, nullptr, 1, 0, 0, 0 };
		EXPECT_ERR(INVAL, ask(ctx, &request));
		request = { addr, &room, 0, 0, 0, 0 };
		EXPECT_ERR(INVAL, ask(ctx, &request));
	}
	request = { addr, &room, 1, 0, 0, 0 };
	EXPECT_ERR(NOTFOUND, ask(ctx, &request));
	request = { {}, &room, 1, 0, 0, 0 };
	EXPECT_ERR(NOTFOUND, ask(ctx, &request));
	EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SENDERS,
				      nullptr));
}

} // namespace
