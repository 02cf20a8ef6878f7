/* SPDX-License-Identifier: MIT */
/*
 * A sender whose claims may have been revoked: when it is in doubt, what it says
 * of the send then, and how it goes on. Here nobody takes slots away: what is
 * sent in doubt is in the ring.
 */
#include <gtest/gtest.h>

#include "arena.h"
#include "stepper.h"
#include "watchdog.h"

namespace
{

__attribute__((noinline)) msgq_send_result ring_poke(msgq_sender *s)
{
	return msgq_sender_poke(s);
}

uint64_t revokes(const Arena &arena)
{
	return msgq_load(&arena.ring()->keeper->revokes);
}

TEST(Doubt, WhoAttachesAfterARevocationIsInNone)
{
	Arena arena(4);

	EXPECT_EQ(msgq_keeper_revoked(arena.ring()), 1u);
	EXPECT_EQ(msgq_keeper_revoked(arena.ring()), 2u);
	msgq_sender s = arena.sender(5);
	EXPECT_EQ(s.revokes, 2u);
	EXPECT_EQ(ring_poke(&s), MSGQ_SENT);
	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
}

TEST(Doubt, ASendAfterARevocationNamesItsClaimAndTheCountItSaw)
{
	Arena arena(4);
	msgq_sender s = arena.sender(5);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte = 0;

	ASSERT_EQ(ring_send(&s, "a", 1), MSGQ_SENT);
	msgq_keeper_revoked(arena.ring());
	EXPECT_EQ(ring_send(&s, "b", 1), MSGQ_DOUBT);
	EXPECT_EQ(s.claim, 1u);
	EXPECT_EQ(s.seen, 1u);

	/* Until it is settled, so is the next. */
	EXPECT_EQ(ring_send(&s, "c", 1), MSGQ_DOUBT);
	EXPECT_EQ(s.claim, 2u);
	for (char c : { 'a', 'b', 'c' }) {
		ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
		EXPECT_EQ(byte, c);
	}
}

TEST(Doubt, ItOutweighsBeingWokenFor)
{
	Arena arena(4);
	msgq_sender s = arena.sender(5), other = arena.sender(6);

	ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
	msgq_keeper_revoked(arena.ring());
	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_DOUBT);
	/* Nobody else will find the mark: who settles a doubt has to wake. */
	msgq_sender_renew(&other, 6, revokes(arena));
	EXPECT_EQ(ring_send(&other, "x", 1), MSGQ_SENT);
}

TEST(Doubt, NoAnswerIsGivenThatMayBeFromScratch)
{
	struct {
		const char *what;
		msgq_send_result without;
		void (*make)(const msgq_ring *);
	} const answers[] = {
		{ "room", MSGQ_SENT,
		  [](const msgq_ring *) {
		  } },
		{ "full", MSGQ_FULL,
		  [](const msgq_ring *ring) {
			  msgq_sender filler;

			  msgq_sender_init(&filler, ring, 9);
			  while (ring_send(&filler, "x", 1) == MSGQ_SENT)
				  ;
		  } },
		{ "shut", MSGQ_SHUT,
		  [](const msgq_ring *ring) {
			  msgq_keeper_close(ring, MSGQ_QUEUE_INACTIVE);
		  } },
		{ "broken", MSGQ_BROKEN,
		  [](const msgq_ring *ring) {
			  for (uint32_t i = 0; i < ring->slots; i++)
				  ring->slot[i].word = msgq_word(77, MSGQ_READY, 0, 0);
		  } },
	};

	for (const auto &answer : answers) {
		Arena arena(2);
		msgq_sender s = arena.sender(5);

		answer.make(arena.ring());
		ASSERT_EQ(ring_poke(&s), answer.without) << answer.what;
		msgq_keeper_revoked(arena.ring());
		s.claim = s.seen = 44;
		EXPECT_EQ(ring_poke(&s), MSGQ_DOUBT) << answer.what;
		EXPECT_EQ(s.claim, MSGQ_NEVER) << answer.what;
		EXPECT_EQ(s.seen, 0u) << answer.what;

		if (answer.without == MSGQ_SENT)
			continue;
		s.claim = s.seen = 44;
		EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_DOUBT) << answer.what;
		EXPECT_EQ(s.claim, MSGQ_NEVER) << answer.what;
		msgq_sender_renew(&s, 5, revokes(arena));
		EXPECT_EQ(ring_send(&s, "x", 1), answer.without) << answer.what;
	}
}

TEST(Doubt, OnceSettledTheSenderGoesOnFromTheHeadByItsNewIndex)
{
	for (uint64_t start : { uint64_t{ 0 }, uint64_t{ 3 }, uint64_t{ 1000 } }) {
		Arena arena(4, start);
		msgq_sender s = arena.sender(5), other = arena.sender(6);
		msgq_receiver r = arena.receiver();
		uint32_t len, sender;
		char byte;

		ASSERT_EQ(ring_send(&other, "a", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&other, "b", 1), MSGQ_SENT);
		ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
		/* As if scratch had told so. */
		s.head = start + 7;
		s.guess = msgq_pos_at(arena.ring(), start + 7);
		msgq_keeper_revoked(arena.ring());

		msgq_sender_renew(&s, 4, revokes(arena));
		EXPECT_EQ(s.head, start + 1);
		EXPECT_EQ(s.guess.t, start + 1);
		EXPECT_EQ(s.guess.lap, (start + 1) / arena.ring()->slots + 1);
		EXPECT_EQ(s.guess.index, (start + 1) % arena.ring()->slots);
		ASSERT_EQ(ring_send(&s, "c", 1), MSGQ_SENT);
		ASSERT_EQ(ring_peek(&r, &byte, 1, 1, &len, &sender), MSGQ_GOT);
		EXPECT_EQ(byte, 'c');
		EXPECT_EQ(sender, 4u);
	}
}

/* The kernel's count is told, not read anew: it may have gone on since. */
TEST(Doubt, ARevocationAfterTheAnswerIsADoubtOfItsOwn)
{
	Arena arena(4);
	msgq_sender s = arena.sender(5);

	const uint64_t told = msgq_keeper_revoked(arena.ring());
	msgq_keeper_revoked(arena.ring());
	msgq_sender_renew(&s, 5, told);
	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_DOUBT);
}

TEST(Doubt, UndoneIsTheLastClaimCancelledAndAllThatCameAfterTheRevocation)
{
	constexpr uint64_t revoked = 3, last = 10;

	EXPECT_TRUE(msgq_keeper_undone(10, 2, revoked, last));
	EXPECT_FALSE(msgq_keeper_undone(9, 2, revoked, last));
	EXPECT_FALSE(msgq_keeper_undone(11, 2, revoked, last));
	for (uint64_t claim : { uint64_t{ 9 }, uint64_t{ 10 }, uint64_t{ 11 } })
		for (uint64_t seen : { revoked, revoked + 1 })
			EXPECT_TRUE(msgq_keeper_undone(claim, seen, revoked, last));
}

/* At whichever instruction a claim is revoked, its sender finds out. */
TEST(Doubt, WhoLosesAClaimIsInDoubtAndToldThatItWasUndone)
{
	Watchdog watchdog("every instruction of a send");
	unsigned lost = 0, kept = 0, seen_before = 0;

	for (unsigned count = 0;; count++) {
		Arena arena(4);
		Stepper stepper(arena.sender(7), "message", 7);

		ASSERT_LT(count, 5000u);
		if (!stepper.usable())
			GTEST_SKIP() << "no ptrace here";
		const bool within = stepper.steps(count);
		const msgq_reaped reaped = msgq_keeper_reap(arena.ring(), 7, nullptr);
		const uint64_t revoked = reaped.cancelled ? msgq_keeper_revoked(arena.ring()) : 0;

		if (within)
			stepper.finish();
		ASSERT_TRUE(stepper.returned());
		if (reaped.cancelled) {
			const msgq_sender s = stepper.sender();

			lost++;
			seen_before += s.seen < revoked;
			ASSERT_EQ(stepper.result(), MSGQ_DOUBT) << "after " << count;
			ASSERT_EQ(s.claim, 0u) << "after " << count;
			ASSERT_TRUE(msgq_keeper_undone(s.claim, s.seen, revoked, reaped.last))
				<< "after " << count;
		} else {
			kept++;
			ASSERT_EQ(stepper.result(), MSGQ_SENT) << "after " << count;
		}
		if (!within)
			break;
	}
	/* Between claim and publish, before and after the count was read there. */
	EXPECT_GT(lost, 10u);
	EXPECT_GT(kept, 10u);
	EXPECT_GT(seen_before, 1u);
	EXPECT_LT(seen_before, lost);
}

} // namespace
