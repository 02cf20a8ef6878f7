/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include "arena.h"
#include "letter.h"

namespace
{

TEST(Claim, ASenderWhoseGuessIsStaleByAnyDistanceFindsTheBoundary)
{
	constexpr uint32_t capacity = 100;

	for (uint32_t away = 0; away <= capacity; away++) {
		Arena arena(capacity, 5000);
		msgq_sender stale = arena.sender(1), busy = arena.sender(2);

		for (uint32_t n = 0; n < away; n++)
			ASSERT_EQ(ring_send(&busy, "", 0), MSGQ_SENT);
		ASSERT_EQ(msgq_keeper_boundary(arena.ring()).t, 5000 + away);
		if (away == capacity) {
			ASSERT_EQ(ring_send(&stale, "", 0), MSGQ_FULL);
			continue;
		}
		ASSERT_EQ(ring_send(&stale, "", 0), MSGQ_SENT);
		const uint64_t word =
			msgq_word_at(arena.ring(), msgq_pos_at(arena.ring(), 5000 + away));
		ASSERT_EQ(msgq_word_sender(word), 1u);
		ASSERT_EQ(msgq_word_state(word), MSGQ_READY);
	}
}

TEST(Claim, ASenderThatWasLappedAnyNumberOfTimesSendsAtTheBoundary)
{
	for (uint32_t laps = 1; laps < 6; laps++)
		for (uint32_t more = 0; more < 4; more++) {
			Arena arena(3);
			msgq_sender stale = arena.sender(1), busy = arena.sender(2);
			msgq_receiver r = arena.receiver();
			uint32_t len, sender;
			char byte;

			ASSERT_EQ(ring_send(&stale, "s", 1), MSGQ_SENT);
			ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			for (uint32_t n = 0; n < 4 * laps + more; n++) {
				ASSERT_EQ(ring_send(&busy, "b", 1), MSGQ_SENT);
				ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			}
			ASSERT_EQ(ring_send(&busy, "b", 1), MSGQ_SENT);
			ASSERT_EQ(ring_send(&stale, "s", 1), MSGQ_SENT);
			ASSERT_EQ(ring_peek(&r, &byte, 1, 1, &len, &sender), MSGQ_GOT);
			ASSERT_EQ(sender, 1u);
		}
}

TEST(Claim, TheBoundaryIsFoundForEveryHeadAndDepth)
{
	for (uint32_t capacity : { 1u, 2u, 3u, 4u, 7u, 8u, 33u })
		for (uint32_t head = 0; head <= capacity; head++)
			for (uint32_t depth = 0; depth <= capacity; depth++) {
				Arena arena(capacity, 10 * (capacity + 1) + head);
				msgq_sender s = arena.sender(1);

				for (uint32_t n = 0; n < depth; n++)
					ASSERT_EQ(ring_send(&s, "", 0), MSGQ_SENT);
				ASSERT_EQ(msgq_keeper_boundary(arena.ring()).t,
					  arena.head() + depth);
				ASSERT_EQ(msgq_keeper_depth(arena.ring()), depth);
				const msgq_pos b = msgq_keeper_boundary(arena.ring());
				const msgq_pos divided = msgq_pos_at(arena.ring(), b.t);
				ASSERT_EQ(b.lap, divided.lap);
				ASSERT_EQ(b.index, divided.index);
			}
}

TEST(Claim, AnOpenClaimHoldsTheReceiverButNotTheOtherSenders)
{
	Arena arena(4);
	msgq_sender slow = arena.sender(1), s = arena.sender(2);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	const msgq_pos open = leave_claim(&slow);
	for (char c : { 'a', 'b', 'c' })
		ASSERT_EQ(ring_send(&s, &c, 1), MSGQ_SENT);
	ASSERT_EQ(ring_send(&s, "d", 1), MSGQ_FULL);
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);

	msgq_copy_in(arena.ring(), open.index, "o", 1);
	msgq_store_release(&arena.ring()->slot[open.index].word,
			   msgq_word(open.lap, MSGQ_READY, 1, 1));
	for (char c : { 'o', 'a', 'b', 'c' }) {
		ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
		ASSERT_EQ(byte, c);
	}
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
}

TEST(Claim, PokeTellsWhatASendWouldMeetAndTakesNoSpace)
{
	Arena arena(2, 0, false);
	msgq_sender s = arena.sender(1);

	EXPECT_EQ(msgq_sender_poke(&s), MSGQ_SHUT);
	ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
	for (int n = 0; n < 2; n++) {
		for (int poke = 0; poke < 10; poke++)
			ASSERT_EQ(msgq_sender_poke(&s), MSGQ_SENT);
		ASSERT_EQ(msgq_keeper_depth(arena.ring()), static_cast<uint32_t>(n));
		ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	}
	EXPECT_EQ(msgq_sender_poke(&s), MSGQ_FULL);
}

} // namespace
