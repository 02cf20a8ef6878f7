// SPDX-License-Identifier: MIT
#include "processes.h"
#include "watching.h"

#include <atomic>
#include <memory>

#include <sys/stat.h>

using api::arm;
using api::Child;
using api::Context;
using api::forget;
using api::Line;
using api::Queue;
using api::readable;
using api::receive;
using api::silent;
using api::told;

namespace
{

constexpr int LONG_MS = 20000;

class CanSend : public api::Test
{
protected:
	Context sender;

	static void nrqr(msgqipc_ctx *of, uint64_t value)
	{
		ASSERT_SUCC(msgqipc_ctl(of, nullptr, MSGQIPC_CTL_SET_NRQR, value, nullptr));
	}

	static void fill(msgqipc_ctx *from, const msgqipc_addr &addr)
	{
		int sent;

		do
			sent = msgqipc_send(from, &addr, "x", 1);
		while (!sent);
		ASSERT_ERR(RNR, sent);
	}
};

// holds: events.cansend-now
TEST_F(CanSend, IsToldAtOnceWhenItIsSo)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	EXPECT_TRUE(readable(sender));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	EXPECT_TRUE(silent(sender));
	EXPECT_FALSE(readable(sender));
}

// holds: listen.idempotent, events.cansend-again
TEST_F(CanSend, IsToldOnceHoweverOftenOneListens)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	ASSERT_SUCC(api::listen(sender, queue.addr));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	EXPECT_TRUE(silent(sender));
}

// holds: events.cansend-active, fd.arm
TEST_F(CanSend, WaitsForActivation)
{
	Queue queue(ctx, 4);

	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	ASSERT_SUCC(api::listen(sender, queue.addr));
	EXPECT_TRUE(silent(sender));
	arm(sender);
	EXPECT_FALSE(readable(sender));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_TRUE(readable(sender));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
}

// holds: events.cansend-full
TEST_F(CanSend, WaitsForTheFirstFreeEntry)
{
	for (uint32_t entries : { 1u, 3u, 64u, 100u }) {
		SCOPED_TRACE(entries);
		Queue queue(ctx, entries);

		fill(sender, queue.addr);
		ASSERT_SUCC(api::listen(sender, queue.addr));
		EXPECT_TRUE(silent(sender));
		receive(queue);
		EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	}
}

// holds: nrqr.threshold
TEST_F(CanSend, WaitsForExactlyItsPart)
{
	for (uint32_t entries : { 1u, 3u, 64u, 100u }) {
		for (uint32_t part = 0; part <= 5; part++) {
			SCOPED_TRACE(entries);
			SCOPED_TRACE(part);
			uint32_t needed = part ? (entries + (1u << part) - 1) >> part : 1;
			Queue queue(ctx, entries);

			nrqr(sender, part);
			fill(sender, queue.addr);
			ASSERT_SUCC(api::listen(sender, queue.addr));
			receive(queue, needed - 1);
			EXPECT_TRUE(silent(sender));
			receive(queue);
			EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
			receive(queue, entries - needed);
			EXPECT_TRUE(silent(sender));
		}
	}
}

TEST_F(CanSend, FollowsAQueueThatFillsAnew)
{
	Queue queue(ctx, 64);
	Context other;

	nrqr(sender, MSGQIPC_NRQR_2);
	fill(sender, queue.addr);
	ASSERT_SUCC(api::listen(sender, queue.addr));
	for (int round = 0; round < 10; round++) {
		receive(queue, 20);
		api::send(other, queue.addr, 20);
	}
	EXPECT_TRUE(silent(sender));
	receive(queue, 31);
	EXPECT_TRUE(silent(sender));
	receive(queue);
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
}

TEST_F(CanSend, ChangesWithThePartThatIsAskedFor)
{
	Queue queue(ctx, 64);

	nrqr(sender, MSGQIPC_NRQR_2);
	fill(sender, queue.addr);
	ASSERT_SUCC(api::listen(sender, queue.addr));
	receive(queue, 16);
	EXPECT_TRUE(silent(sender));
	nrqr(sender, MSGQIPC_NRQR_4);
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
}

TEST_F(CanSend, IsToldToEachForItsOwnPart)
{
	Queue queue(ctx, 64);
	std::vector<std::unique_ptr<Context>> senders;

	for (uint32_t part = 0; part <= 5; part++) {
		senders.push_back(std::make_unique<Context>());
		nrqr(*senders.back(), part);
	}
	fill(sender, queue.addr);
	for (auto &each : senders)
		ASSERT_SUCC(api::listen(*each, queue.addr));
	for (uint32_t free = 1; free <= 64; free++) {
		receive(queue);
		for (uint32_t part = 0; part <= 5; part++) {
			SCOPED_TRACE(part);
			uint32_t needed = part ? 64u >> part : 1;

			if (free == needed)
				EXPECT_TRUE(told(*senders[part], MSGQIPC_EVT_CANSEND, queue.addr));
			else
				EXPECT_TRUE(silent(*senders[part]));
		}
	}
}

// holds: events.cansend-again
TEST_F(CanSend, IsToldAgainAfterARefusal)
{
	Queue queue(ctx, 2);

	ASSERT_SUCC(api::listen(sender, queue.addr));
	for (int round = 0; round < 3; round++) {
		ASSERT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
		fill(sender, queue.addr);
		EXPECT_TRUE(silent(sender));
		receive(queue);
	}
	ASSERT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_poke(sender, &queue.addr));
	EXPECT_TRUE(silent(sender));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
}

TEST_F(CanSend, WorksForAnOwnQueue)
{
	Queue queue(ctx, 2);

	fill(ctx, queue.addr);
	ASSERT_SUCC(api::listen(ctx, queue.addr));
	receive(queue, 2);
	EXPECT_TRUE(told(ctx, MSGQIPC_EVT_CANSEND, queue.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_TRUE(told(ctx, MSGQIPC_EVT_CLOSED, queue.addr));
}

// holds: forget.ends, forget.unknown
TEST_F(CanSend, IsForgotten)
{
	Queue queue(ctx, 2), other(ctx, 2);

	EXPECT_ERR(NOTFOUND, forget(sender, queue.addr));
	ASSERT_SUCC(api::listen(sender, queue.addr));
	ASSERT_SUCC(forget(sender, queue.addr));
	EXPECT_TRUE(silent(sender));
	EXPECT_ERR(NOTFOUND, forget(sender, queue.addr));
	fill(sender, queue.addr);
	receive(queue, 2);
	ASSERT_SUCC(api::listen(sender, other.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, other.addr));
}

TEST_F(CanSend, OutlastsTheDeathOfOthersWhoWait)
{
	Queue queue(ctx, 4);
	Child other([&](Line &up) {
		Context own;

		nrqr(own, MSGQIPC_NRQR_2);
		ASSERT_SUCC(api::listen(own, queue.addr));
		up.say();
		pause();
	});

	fill(sender, queue.addr);
	ASSERT_SUCC(api::listen(sender, queue.addr));
	other.line.hear();
	other.kill_and_wait();
	receive(queue);
	EXPECT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
}

// holds: listen.acces
TEST_F(CanSend, IsRefusedWithoutPermission)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(077);
	Queue queue(ctx, 4);

	umask(before);
	Child other([&](Line &) {
		api::become(api::ALICE, api::ALICE);
		Context own;

		EXPECT_ERR(ACCES, api::listen(own, queue.addr));
		EXPECT_ERR(NOTFOUND, forget(own, queue.addr));
	});
	other.finish();
}

// Whoever is attached may go on sending, and so is told when it can.
TEST_F(CanSend, IsToldToWhoWasAllowedBefore)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(0);
	msgqipc_named perm = {};
	Queue queue(ctx, 2);

	umask(before);
	Child other([&](Line &up) {
		api::become(api::ALICE, api::ALICE);
		Context own;

		EXPECT_SUCC(api::listen(own, queue.addr));
		EXPECT_TRUE(told(own, MSGQIPC_EVT_CANSEND, queue.addr));
		up.say();
		up.hear();
		fill(own, queue.addr);
		EXPECT_TRUE(silent(own));
		up.say();
		EXPECT_TRUE(readable(own, LONG_MS));
		EXPECT_TRUE(told(own, MSGQIPC_EVT_CANSEND, queue.addr));
	});
	other.line.hear();
	perm.uid = getuid();
	perm.gid = getgid();
	perm.mode = 0600;
	ASSERT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SET_PERM, &perm));
	other.line.say();
	other.line.hear();
	receive(queue);
	other.finish();
}

// holds: nrqr.values
TEST_F(CanSend, KnowsItsParts)
{
	EXPECT_ERR(NRQR, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_NRQR, 6, nullptr));
	EXPECT_ERR(NRQR, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_NRQR, 1ull << 32, nullptr));
	for (uint32_t part = 0; part <= 5; part++)
		nrqr(ctx, part);
	EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, nullptr));
	EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_FORGET_ADDR, 0, nullptr));
}

// A receiver that runs meanwhile: between its head and what is wanted of it
// there is no barrier but the one that listening makes it pass.
TEST_F(CanSend, IsNotMissedByARunningReceiver)
{
	constexpr uint32_t ROUNDS = 2000;
	api::Shared<std::atomic<bool>> over(false);
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own, 4);
		char msg[64];

		up.say(queue.addr);
		while (!*over)
			msgqipc_recv(own, queue, msg, sizeof(msg));
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	nrqr(sender, MSGQIPC_NRQR_2);
	ASSERT_SUCC(api::listen(sender, addr));
	for (uint32_t round = 0; round < ROUNDS; round++) {
		arm(sender);
		ASSERT_TRUE(readable(sender, LONG_MS)) << round;
		ASSERT_TRUE(told(sender, MSGQIPC_EVT_CANSEND, addr));
		while (!msgqipc_send(sender, &addr, "x", 1))
			;
		ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
	}
	*over = true;
	receiver.finish();
}

} // namespace
