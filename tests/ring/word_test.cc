/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include "arena.h"
#include "letter.h"

namespace
{

constexpr unsigned long long lap_mask = (1ull << 40) - 1;

TEST(Word, GivesBackEveryFieldItWasMadeOf)
{
	for (uint64_t lap : { 0ull, 1ull, 2ull, 1ull << 20, 1ull << 39, lap_mask })
		for (uint32_t len = 0; len < 128; len++)
			for (uint32_t sender : { 0u, 1u, 4096u, MSGQ_SENDERS_MAX - 1 })
				for (int state = 0; state < 4; state++) {
					const auto s = static_cast<msgq_slot_state>(state);
					const uint64_t word = msgq_word(lap, s, len, sender);

					ASSERT_EQ(msgq_word_lap(word), lap);
					ASSERT_EQ(msgq_word_len(word), len);
					ASSERT_EQ(msgq_word_sender(word), sender);
					ASSERT_EQ(msgq_word_state(word), s);
					ASSERT_FALSE(word & (MSGQ_WORD_ARMED | MSGQ_WORD_CLOSED));
				}
}

TEST(Word, FlagsShareNoBitWithFields)
{
	const uint64_t flags = MSGQ_WORD_ARMED | MSGQ_WORD_CLOSED;
	const uint64_t word = msgq_word(77, MSGQ_READY, 64, 5);

	EXPECT_NE(MSGQ_WORD_ARMED, MSGQ_WORD_CLOSED);
	EXPECT_EQ(msgq_word_lap(word | flags), 77u);
	EXPECT_EQ(msgq_word_len(word | flags), 64u);
	EXPECT_EQ(msgq_word_sender(word | flags), 5u);
	EXPECT_EQ(msgq_word_state(word | flags), MSGQ_READY);
}

TEST(Word, FreshMemoryIsFreeForTheFirstLap)
{
	EXPECT_EQ(msgq_word_ahead(0, 1), -1);
	EXPECT_NE(msgq_word_state(0), MSGQ_CLAIMED);
}

TEST(Word, LapsCompareBySignedDifferenceThroughTheirWrap)
{
	for (uint64_t lap :
	     { 1ull, 1000ull, lap_mask, lap_mask + 1, lap_mask + 2, 1ull << 63, ~0ull })
		for (int64_t apart : { 0, 1, -1, 2, -2, 12345, -12345 }) {
			const uint64_t word =
				msgq_word(lap + static_cast<uint64_t>(apart), MSGQ_READY, 1, 1);

			ASSERT_EQ(msgq_word_ahead(word, lap), apart) << lap;
		}
	EXPECT_EQ(msgq_word_ahead(msgq_word(1ull << 39, MSGQ_READY, 0, 0), 1), (1ll << 39) - 1);
	EXPECT_LT(msgq_word_ahead(msgq_word(1ull << 39, MSGQ_READY, 0, 0), 0), 0);
}

TEST(Position, StepsAddAndDivisionAgree)
{
	for (uint32_t capacity : { 1u, 2u, 3u, 7u, 1000u, 65536u }) {
		Arena arena(capacity);
		const msgq_ring *ring = arena.ring();

		for (uint64_t start :
		     { uint64_t{ 0 }, uint64_t{ 12345678901 }, ~uint64_t{ 0 } / 2 }) {
			msgq_pos walked = msgq_pos_at(ring, start);

			for (uint32_t n = 0; n < 2 * ring->slots; n++) {
				const msgq_pos divided = msgq_pos_at(ring, start + n);

				ASSERT_EQ(walked.t, divided.t);
				ASSERT_EQ(walked.lap, divided.lap);
				ASSERT_EQ(walked.index, divided.index);
				if (n < ring->slots) {
					const msgq_pos added =
						msgq_pos_add(ring, msgq_pos_at(ring, start), n);

					ASSERT_EQ(added.t, divided.t);
					ASSERT_EQ(added.lap, divided.lap);
					ASSERT_EQ(added.index, divided.index);
				}
				walked = msgq_pos_next(ring, walked);
			}
		}
	}
}

/* Fills, drains and refills a ring that starts just before @start + one lap. */
void run_through(uint32_t capacity, uint64_t start)
{
	Arena arena(capacity, start);
	msgq_sender s = arena.sender(3), late = arena.sender(4);
	msgq_receiver r = arena.receiver();
	uint64_t sent = 0, got = 0;
	Letter letter;

	while (got < 8ull * (capacity + 1)) {
		for (;;) {
			const Letter out(3, sent);
			msgq_sender *by = mix(sent) % 5 ? &s : &late;
			const auto result = ring_send(by, out.bytes, out.len);

			if (result == MSGQ_FULL)
				break;
			ASSERT_EQ(result, MSGQ_SENT);
			sent++;
		}
		ASSERT_EQ(sent - got, capacity);
		ASSERT_EQ(msgq_keeper_depth(arena.ring()), capacity);
		ASSERT_EQ(msgq_keeper_boundary(arena.ring()).t, start + sent);
		for (uint64_t n = 1 + mix(got) % capacity; n; n--) {
			ASSERT_EQ(ring_recv(&r, letter.bytes, 64, &letter.len), MSGQ_GOT);
			ASSERT_TRUE(letter.whole());
			ASSERT_EQ(letter.number(), got++);
		}
		/* Late comers and the restarted find their way by division. */
		r = arena.receiver();
	}
	ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_GONE), MSGQ_KEPT);
	ASSERT_EQ(ring_send(&s, "", 0), MSGQ_SHUT);
}

TEST(Position, ARingRunsThroughTheWrapOfTheLap)
{
	for (uint32_t capacity : { 1u, 2u, 3u, 10u, 64u })
		for (uint64_t before = 0; before < 3; before++) {
			const uint64_t laps = (1ull << 40) - 2 - before;

			run_through(capacity, laps * (capacity + 1) + before % (capacity + 1));
			if (HasFatalFailure())
				FAIL() << "capacity " << capacity << ", before " << before;
		}
}

/* Only where the slots divide 2^64; others need 584 years at a message a nanosecond. */
TEST(Position, ARingOfAPowerOfTwoSlotsRunsThroughTheWrapOfThePosition)
{
	for (uint32_t capacity : { 1u, 3u, 7u, 63u })
		for (uint64_t before = 1; before < 10; before++) {
			run_through(capacity, 0 - before);
			if (HasFatalFailure())
				FAIL() << "capacity " << capacity << ", before " << before;
		}
}

} // namespace
