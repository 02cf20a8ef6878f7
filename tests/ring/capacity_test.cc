/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include "arena.h"
#include "letter.h"

namespace
{

class Capacity : public testing::TestWithParam<uint32_t>
{
};

TEST_P(Capacity, ExactlyThisManyFitAndOneReceiveMakesRoomForOne)
{
	const uint32_t capacity = GetParam();
	Arena arena(capacity);
	msgq_sender s = arena.sender(1);
	msgq_receiver r = arena.receiver();
	uint64_t sent = 0, got = 0;
	Letter letter;

	for (uint32_t n = 0; n < capacity; n++, sent++) {
		const Letter out(1, sent);

		ASSERT_EQ(msgq_keeper_depth(arena.ring()), n);
		ASSERT_EQ(msgq_sender_poke(&s), MSGQ_SENT);
		ASSERT_EQ(ring_send(&s, out.bytes, out.len), MSGQ_SENT);
	}
	const uint64_t swaps = std::max<uint64_t>(3ull * (capacity + 1), 3000);
	for (uint64_t n = 0; n < swaps; n++) {
		const Letter out(1, sent);

		ASSERT_EQ(msgq_keeper_depth(arena.ring()), capacity);
		ASSERT_EQ(ring_send(&s, out.bytes, out.len), MSGQ_FULL);
		ASSERT_EQ(ring_recv(&r, letter.bytes, 64, &letter.len), MSGQ_GOT);
		ASSERT_TRUE(letter.whole());
		ASSERT_EQ(letter.number(), got++);
		ASSERT_EQ(ring_send(&s, out.bytes, out.len), MSGQ_SENT);
		sent++;
	}
	EXPECT_EQ(msgq_sender_poke(&s), MSGQ_FULL);
	for (uint32_t n = 0; n < capacity; n++) {
		ASSERT_EQ(ring_recv(&r, letter.bytes, 64, &letter.len), MSGQ_GOT);
		ASSERT_EQ(letter.number(), got++);
	}
	EXPECT_EQ(ring_recv(&r, letter.bytes, 64, &letter.len), MSGQ_EMPTY);
	EXPECT_EQ(msgq_keeper_depth(arena.ring()), 0u);
}

TEST_P(Capacity, OneSenderFindsTheRoomAnotherOneLeft)
{
	const uint32_t capacity = GetParam();
	Arena arena(capacity);
	msgq_sender a = arena.sender(1), b = arena.sender(2);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	for (int lap = 0; lap < 3; lap++) {
		for (uint32_t n = 0; n + 1 < capacity; n++)
			ASSERT_EQ(ring_send(&a, "a", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&b, "b", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&b, "b", 1), MSGQ_FULL);
		ASSERT_EQ(ring_send(&a, "a", 1), MSGQ_FULL);
		for (uint32_t n = 0; n < capacity; n++) {
			ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			ASSERT_EQ(byte, n + 1 < capacity ? 'a' : 'b');
		}
	}
}

INSTANTIATE_TEST_SUITE_P(Entries, Capacity, testing::Values(1u, 3u, 64u, 1000u, 65536u));

TEST(CapacityOfOpenClaims, ClaimsAndCancelledMessagesCountUntilTheHeadHasPassedThem)
{
	Arena arena(3);
	msgq_sender dead = arena.sender(7), s = arena.sender(1);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	ASSERT_EQ(leave_claim(&dead).t, 0u);
	ASSERT_EQ(leave_claim(&dead).t, 1u);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_FULL);
	ASSERT_EQ(msgq_keeper_reap(arena.ring(), 7, nullptr).cancelled, 2u);
	ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_FULL);
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	ASSERT_EQ(byte, 'x');
	for (int n = 0; n < 3; n++)
		ASSERT_EQ(ring_send(&s, "z", 1), MSGQ_SENT);
	ASSERT_EQ(ring_send(&s, "z", 1), MSGQ_FULL);
}

} // namespace
