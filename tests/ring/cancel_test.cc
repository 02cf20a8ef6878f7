/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <linux/membarrier.h>
#include <sched.h>
#include <string>
#include <sys/syscall.h>

#include "arena.h"
#include "child.h"
#include "shared.h"
#include "watchdog.h"

namespace
{

bool is(const void *who, uint32_t sender)
{
	return *static_cast<const uint32_t *>(who) == sender;
}

/* Both halves, with the receiver at rest in between. */
uint32_t cancel(const Arena &arena, uint32_t sender)
{
	msgq_keeper_cancel_begin(arena.ring());
	return msgq_keeper_cancel(arena.ring(), is, &sender, nullptr);
}

std::string rest(msgq_receiver *r)
{
	std::string all;
	uint32_t len;
	char byte;

	while (ring_recv(r, &byte, 1, &len) == MSGQ_GOT)
		all += byte;
	return all;
}

void send(msgq_sender *s, const std::string &text)
{
	for (char byte : text)
		ASSERT_EQ(ring_send(s, &byte, 1), MSGQ_SENT);
}

msgq_slot_state state(const Arena &arena, uint64_t t)
{
	return msgq_word_state(msgq_word_at(arena.ring(), msgq_pos_at(arena.ring(), t)));
}

TEST(Cancel, TakesOneSendersMessagesWhereverTheHeadIs)
{
	for (uint64_t start = 0; start < 9; start++)
		for (uint32_t received = 0; received < 3; received++) {
			Arena arena(8, start);
			msgq_sender a = arena.sender(1), b = arena.sender(2);
			msgq_receiver r = arena.receiver();
			uint32_t len;
			char byte;

			for (int n = 0; n < 4; n++) {
				send(&a, "a");
				send(&b, "b");
			}
			for (uint32_t n = 0; n < received; n++)
				ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			ASSERT_EQ(cancel(arena, 1), 4 - (received + 1) / 2);
			ASSERT_EQ(cancel(arena, 1), 0u);
			ASSERT_EQ(arena.ring()->keeper->cancels, 0u);
			ASSERT_EQ(rest(&r), std::string(4 - received / 2, 'b'));
			send(&a, "12345678");
			ASSERT_EQ(ring_send(&a, "x", 1), MSGQ_FULL);
			ASSERT_EQ(rest(&r), "12345678");
		}
}

TEST(Cancel, LeavesOpenClaims)
{
	Arena arena(4);
	msgq_sender a = arena.sender(1);
	msgq_receiver r = arena.receiver();
	const msgq_pos open = leave_claim(&a);

	send(&a, "x");
	EXPECT_EQ(cancel(arena, 1), 1u);
	EXPECT_EQ(state(arena, open.t), MSGQ_CLAIMED);
	msgq_copy_in(arena.ring(), open.index, "o", 1);
	msgq_store_release(&arena.ring()->slot[open.index].word,
			   msgq_word(open.lap, MSGQ_READY, 1, 1));
	EXPECT_EQ(rest(&r), "o");
}

TEST(Cancel, LeavesAMessageInTheMiddleOfItsReceiptAndTakesTheNext)
{
	Arena arena(4);
	msgq_sender a = arena.sender(1);
	msgq_receiver r = arena.receiver();

	send(&a, "abc");
	msgq_store(&arena.ring()->consumer->busy, 1);
	EXPECT_EQ(cancel(arena, 1), 2u);
	EXPECT_EQ(rest(&r), "a");
	/* Of a message behind the head it says nothing. */
	send(&a, "d");
	EXPECT_EQ(arena.ring()->consumer->busy, 1u);
	EXPECT_EQ(cancel(arena, 1), 1u);
	EXPECT_EQ(rest(&r), "");
}

TEST(Cancel, OfAMessageThatDoesNotFitIsNotTooLate)
{
	Arena arena(4);
	msgq_sender a = arena.sender(1);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	ASSERT_EQ(ring_send(&a, "long", 4), MSGQ_SENT);
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_SHORT);
	EXPECT_EQ(cancel(arena, 1), 1u);
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
}

TEST(Cancel, MeanwhileTheReceiverTakesByWord)
{
	Arena arena(4);
	msgq_sender a = arena.sender(1);
	msgq_receiver r = arena.receiver();
	uint32_t len, self = 1;
	char byte;

	send(&a, "ab");
	msgq_keeper_cancel_begin(arena.ring());
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	EXPECT_EQ(byte, 'a');
	EXPECT_EQ(state(arena, 0), MSGQ_TAKEN);
	EXPECT_EQ(state(arena, 1), MSGQ_READY);
	EXPECT_EQ(msgq_keeper_cancel(arena.ring(), is, &self, nullptr), 1u);
	EXPECT_EQ(rest(&r), "");
	/* What was taken so, or cancelled, is claimed again like any other. */
	for (int lap = 0; lap < 3; lap++) {
		send(&a, "1234");
		EXPECT_EQ(rest(&r), "1234");
	}
}

TEST(Cancel, TouchesNothingOfTheNextLap)
{
	Arena arena(2);
	msgq_sender a = arena.sender(1);
	msgq_receiver r = arena.receiver();

	send(&a, "ab");
	/* As a keeper does that was held up after it had read the head. */
	EXPECT_EQ(rest(&r), "ab");
	send(&a, "cd");
	msgq_store(&arena.ring()->consumer->head, 0);
	msgq_store(&arena.ring()->consumer->busy, 0);
	/* c, and b, which the receiver would have taken by a swap. */
	EXPECT_EQ(cancel(arena, 1), 2u);
	msgq_store(&arena.ring()->consumer->head, 2);
	EXPECT_EQ(rest(&r), "d");
}

TEST(Cancel, OfAnArmedOrClosedQueueLeavesItSo)
{
	Arena arena(4);
	msgq_sender a = arena.sender(0);

	ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
	ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE), MSGQ_KEPT);
	EXPECT_EQ(cancel(arena, 0), 0u);
	EXPECT_EQ(ring_send(&a, "x", 1), MSGQ_SHUT);
	ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
	EXPECT_EQ(ring_send(&a, "x", 1), MSGQ_SENT_WAKE);
}

int breaths;

TEST(Cancel, ALongWalkBreathesAndAShortRingIsWalkedOnce)
{
	Arena large(65535), small(2);
	msgq_sender a = large.sender(1);
	uint32_t self = 1;

	send(&a, std::string(65535, 'x'));
	breaths = 0;
	msgq_keeper_cancel_begin(large.ring());
	EXPECT_EQ(msgq_keeper_cancel(large.ring(), is, &self, [] { breaths++; }), 65535u);
	EXPECT_EQ(breaths, 16);

	for (uint32_t i = 0; i < small.ring()->slots; i++)
		small.ring()->slot[i].word = msgq_word(1, MSGQ_READY, 127, 1);
	EXPECT_EQ(cancel(small, 1), small.ring()->slots);
}

TEST(Cancel, AHeadOrABusyThatLiesHarmsOnlyItsReceiver)
{
	for (uint64_t head :
	     { uint64_t(0), uint64_t(3), uint64_t(1) << 40, UINT64_MAX - 1, UINT64_MAX })
		for (uint64_t busy : { uint64_t(0), uint64_t(4), head + 1, head, UINT64_MAX }) {
			Arena arena(4);
			msgq_sender a = arena.sender(1), b = arena.sender(2);

			send(&a, "ab");
			msgq_store(&arena.ring()->consumer->head, head);
			msgq_store(&arena.ring()->consumer->busy, busy);
			ASSERT_LE(cancel(arena, 1), 2u);
			ASSERT_EQ(arena.ring()->keeper->cancels, 0u);
			msgq_store(&arena.ring()->consumer->head, 0);
			ASSERT_EQ(ring_send(&b, "1", 1), MSGQ_SENT);
		}
}

struct Tally {
	std::atomic<uint64_t> sent, cancelled;
	std::atomic<bool> over;
};

/* As it is used: a message is received or counted as cancelled, one of both. */
TEST(CancelRace, EveryMessageIsReceivedOrCancelled)
{
	const char *more = std::getenv("MSGQ_RACES");
	const uint64_t races = more ? std::strtoull(more, nullptr, 0) : 20000;
	Watchdog watchdog("cancelling what is being received", 1200);
	Arena arena(7);
	Shared<Tally> tally;
	msgq_receiver r = arena.receiver();
	uint64_t got = 0;

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0))
		GTEST_SKIP() << "no membarrier here";
	Child sender([&] {
		msgq_sender s = arena.sender(1);

		while (!tally->over)
			if (ring_send(&s, "x", 1) == MSGQ_SENT)
				tally->sent++;
			else
				sched_yield();
		return 0;
	});
	Child keeper([&] {
		const uint32_t wanted = 1;

		for (uint64_t n = 0; n < races; n++) {
			msgq_keeper_cancel_begin(arena.ring());
			if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0))
				return 1;
			const uint32_t count =
				msgq_keeper_cancel(arena.ring(), is, &wanted, nullptr);

			tally->cancelled += count;
			if (!count)
				sched_yield();
		}
		tally->over = true;
		return 0;
	});
	const auto receive = [&] {
		uint32_t len;
		char byte;

		return ring_recv(&r, &byte, 1, &len) == MSGQ_GOT;
	};
	while (!tally->over)
		if (receive())
			got++;
		else
			sched_yield();
	EXPECT_EQ(keeper.wait(), 0);
	EXPECT_EQ(sender.wait(), 0);
	while (receive())
		got++;
	EXPECT_EQ(got + tally->cancelled, tally->sent.load());
	EXPECT_EQ(arena.head(), tally->sent.load());
	printf("%llu received, %llu cancelled\n", static_cast<unsigned long long>(got),
	       static_cast<unsigned long long>(tally->cancelled.load()));
}

} // namespace
