/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include "arena.h"

namespace
{

TEST(Reap, OpenClaimsOfTheDeadAreCancelledAndThoseOfOthersAreNot)
{
	Arena arena(8);
	msgq_sender dead = arena.sender(5), alive = arena.sender(6);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	const msgq_pos first = leave_claim(&dead);
	const msgq_pos other = leave_claim(&alive);
	const msgq_pos second = leave_claim(&dead);
	ASSERT_EQ(ring_send(&alive, "x", 1), MSGQ_SENT);
	const uint64_t untouched = msgq_word_at(arena.ring(), other);

	const msgq_reaped reaped = msgq_keeper_reap(arena.ring(), 5, nullptr);
	EXPECT_EQ(reaped.cancelled, 2u);
	EXPECT_EQ(reaped.drained, second.t + 1);
	EXPECT_EQ(msgq_word_state(msgq_word_at(arena.ring(), first)), MSGQ_CANCELLED);
	EXPECT_EQ(msgq_word_state(msgq_word_at(arena.ring(), second)), MSGQ_CANCELLED);
	EXPECT_EQ(msgq_word_at(arena.ring(), other), untouched);

	/* Over the first, up to the live sender's claim, and no further. */
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
	EXPECT_EQ(arena.head(), other.t);
	msgq_copy_in(arena.ring(), other.index, "o", 1);
	msgq_store_release(&arena.ring()->slot[other.index].word,
			   msgq_word(other.lap, MSGQ_READY, 1, 6));
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	EXPECT_EQ(byte, 'o');
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
	EXPECT_EQ(msgq_keeper_reap(arena.ring(), 5, nullptr).cancelled, 0u);
}

TEST(Reap, WhatTheDeadHadPublishedIsReceived)
{
	Arena arena(8);
	msgq_sender dead = arena.sender(5);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	for (char c : { 'a', 'b' })
		ASSERT_EQ(ring_send(&dead, &c, 1), MSGQ_SENT);
	leave_claim(&dead);
	EXPECT_EQ(msgq_keeper_reap(arena.ring(), 5, nullptr).cancelled, 1u);
	for (char c : { 'a', 'b' }) {
		ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
		EXPECT_EQ(byte, c);
	}
	EXPECT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
}

TEST(Reap, DrainedIsBehindTheLastWordOfTheDeadThatTheReceiverWillMeet)
{
	for (uint64_t start : { uint64_t{ 0 }, uint64_t{ 3 }, uint64_t{ 100 } })
		for (uint32_t of_dead = 0; of_dead < 4; of_dead++) {
			Arena arena(4, start);
			msgq_sender dead = arena.sender(0), alive = arena.sender(1);
			msgq_receiver r = arena.receiver();
			uint32_t len, sender;
			char byte;

			for (uint32_t n = 0; n < of_dead; n++)
				ASSERT_EQ(ring_send(&dead, "d", 1), MSGQ_SENT);
			ASSERT_EQ(ring_send(&alive, "a", 1), MSGQ_SENT);
			const msgq_reaped reaped = msgq_keeper_reap(arena.ring(), 0, nullptr);
			ASSERT_EQ(reaped.cancelled, 0u);
			ASSERT_EQ(reaped.drained, start + of_dead);
			while (arena.head() != reaped.drained)
				ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			for (uint64_t index = 0;
			     ring_peek(&r, &byte, 1, index, &len, &sender) == MSGQ_GOT; index++)
				ASSERT_EQ(sender, 1u);
		}
}

TEST(Reap, EverySlotIsCleanedWhereverTheHeadIsAndTheQueueGoesOnAtFullCapacity)
{
	constexpr uint32_t capacity = 7;

	for (uint64_t start = 0; start < capacity + 1; start++)
		for (uint32_t where = 0; where < capacity; where++) {
			Arena arena(capacity, start);
			msgq_sender dead = arena.sender(9), s = arena.sender(1);
			msgq_receiver r = arena.receiver();
			uint32_t len;
			char byte;

			for (uint32_t n = 0; n < capacity; n++)
				if (n == where)
					leave_claim(&dead);
				else
					ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
			ASSERT_EQ(msgq_keeper_reap(arena.ring(), 9, nullptr).cancelled, 1u);
			for (uint32_t n = 0; n < capacity - 1; n++)
				ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
			for (uint32_t n = 0; n < capacity; n++)
				ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
			ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_FULL);
		}
}

TEST(Reap, AClosedQueueStaysClosedAndAnArmedOneArmed)
{
	Arena arena(4);
	msgq_sender dead = arena.sender(5), s = arena.sender(6);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	/* The boundary comes to carry the name of the dead from the lap before. */
	for (int n = 0; n < 7; n++) {
		ASSERT_EQ(ring_send(&dead, "x", 1), MSGQ_SENT);
		ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	}
	ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
	ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE), MSGQ_KEPT);
	EXPECT_EQ(msgq_keeper_reap(arena.ring(), 5, nullptr).cancelled, 0u);
	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_SHUT);
	ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_SENT_WAKE);
}

int breaths;

TEST(Reap, ALongWalkBreathes)
{
	Arena arena(65536);

	breaths = 0;
	msgq_keeper_reap(arena.ring(), 5, [] { breaths++; });
	EXPECT_EQ(breaths, 16);
}

} // namespace
