/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include "arena.h"

namespace
{

struct Peeked {
	msgq_recv_result result;
	char byte;
	uint32_t sender;
};

Peeked peek(const msgq_receiver &r, uint64_t index)
{
	Peeked p{ MSGQ_EMPTY, 0, 0 };
	uint32_t len;

	p.result = ring_peek(&r, &p.byte, 1, index, &len, &p.sender);
	return p;
}

TEST(Peek, EveryIndexIsThatManyMessagesBehindTheHeadAndNothingMoves)
{
	Arena arena(10, 7);
	msgq_sender a = arena.sender(1), b = arena.sender(2);
	const msgq_receiver r = arena.receiver();

	for (char c = 'a'; c < 'a' + 10; c++)
		ASSERT_EQ(ring_send(c % 2 ? &a : &b, &c, 1), MSGQ_SENT);
	for (int again = 0; again < 2; again++)
		for (uint32_t i = 0; i < 10; i++) {
			const Peeked p = peek(r, i);

			ASSERT_EQ(p.result, MSGQ_GOT);
			ASSERT_EQ(p.byte, static_cast<char>('a' + i));
			ASSERT_EQ(p.sender, ('a' + i) % 2 ? 1u : 2u);
		}
	EXPECT_EQ(peek(r, 10).result, MSGQ_EMPTY);
	EXPECT_EQ(peek(r, 11).result, MSGQ_EMPTY);
	EXPECT_EQ(peek(r, UINT64_MAX).result, MSGQ_EMPTY);
	EXPECT_EQ(arena.head(), 7u);
}

TEST(Peek, AnEmptyRingHasNothingAtAnyIndex)
{
	Arena arena(1);
	const msgq_receiver r = arena.receiver();

	for (uint64_t index : { uint64_t{ 0 }, uint64_t{ 1 }, UINT64_MAX })
		EXPECT_EQ(peek(r, index).result, MSGQ_EMPTY);
}

TEST(Peek, CancelledSlotsAreNotCounted)
{
	Arena arena(6);
	msgq_sender s = arena.sender(1), dead = arena.sender(2);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	leave_claim(&dead);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	leave_claim(&dead);
	leave_claim(&dead);
	ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_SENT);
	leave_claim(&dead);
	ASSERT_EQ(msgq_keeper_reap(arena.ring(), 2, nullptr).cancelled, 4u);

	EXPECT_EQ(peek(r, 0).byte, 'x');
	EXPECT_EQ(peek(r, 1).byte, 'y');
	EXPECT_EQ(peek(r, 2).result, MSGQ_EMPTY);
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(peek(r, 0).byte, 'y');
	EXPECT_EQ(peek(r, 1).result, MSGQ_EMPTY);
}

/* What is behind an open claim has no index yet: the claim may become a message. */
TEST(Peek, AnOpenClaimEndsWhatCanBeSeen)
{
	Arena arena(6);
	msgq_sender s = arena.sender(1), slow = arena.sender(2);
	const msgq_receiver r = arena.receiver();

	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	leave_claim(&slow);
	ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_SENT);
	EXPECT_EQ(peek(r, 0).byte, 'x');
	EXPECT_EQ(peek(r, 1).result, MSGQ_EMPTY);
}

} // namespace
