/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "arena.h"
#include "child.h"
#include "letter.h"
#include "shared.h"
#include "watchdog.h"

namespace
{

TEST(Close, ARingIsBornClosedAndInactive)
{
	Arena arena(3, 0, false);
	msgq_sender s = arena.sender(1);

	EXPECT_EQ(ring_send(&s, "x", 1), MSGQ_SHUT);
	EXPECT_EQ(arena.ring()->keeper->reason, static_cast<uint32_t>(MSGQ_QUEUE_INACTIVE));
	EXPECT_EQ(msgq_keeper_depth(arena.ring()), 0u);
	EXPECT_EQ(arena.ring()->keeper->magic, MSGQ_MAGIC);
}

TEST(Close, AtEveryDepthItShutsSendersOutKeepsTheMessagesAndOpensAgain)
{
	for (uint32_t capacity : { 1u, 2u, 3u, 8u })
		for (uint32_t depth = 0; depth <= capacity; depth++)
			for (int start = 0; start < 4; start++) {
				Arena arena(capacity, static_cast<uint64_t>(start));
				msgq_sender s = arena.sender(1), fresh = arena.sender(2);
				msgq_receiver r = arena.receiver();
				uint32_t len;
				char byte;

				for (uint32_t n = 0; n < depth; n++)
					ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
				for (int again = 0; again < 2; again++)
					ASSERT_EQ(msgq_keeper_close(arena.ring(),
								    MSGQ_QUEUE_INACTIVE),
						  MSGQ_KEPT);
				ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_SHUT);
				ASSERT_EQ(ring_send(&fresh, "y", 1), MSGQ_SHUT);
				ASSERT_EQ(msgq_sender_poke(&fresh), MSGQ_SHUT);
				for (uint32_t n = 0; n < depth; n++) {
					ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
					ASSERT_EQ(byte, 'x');
					ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_SHUT);
				}
				ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_EMPTY);
				for (int again = 0; again < 2; again++)
					ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
				for (uint32_t n = 0; n < capacity; n++)
					ASSERT_EQ(ring_send(n % 2 ? &s : &fresh, "z", 1),
						  MSGQ_SENT);
				ASSERT_EQ(ring_send(&s, "z", 1), MSGQ_FULL);
			}
}

TEST(Close, TheReasonCanBeReadAndAFullQueueThatIsClosedIsClosed)
{
	for (msgq_queue_state reason : { MSGQ_QUEUE_INACTIVE, MSGQ_QUEUE_GONE }) {
		Arena arena(2);
		msgq_sender s = arena.sender(1);

		for (int n = 0; n < 2; n++)
			ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_FULL);
		ASSERT_EQ(msgq_keeper_close(arena.ring(), reason), MSGQ_KEPT);
		ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SHUT);
		ASSERT_EQ(msgq_load_acquire(&arena.ring()->keeper->reason),
			  static_cast<uint32_t>(reason));
	}
}

/* A flag on a claim would be wiped by its publish: the boundary needs a slot of its own. */
TEST(Close, AFullRingWithAnOpenClaimAtItsHeadCloses)
{
	for (uint32_t capacity : { 1u, 2u, 5u }) {
		Arena arena(capacity);
		msgq_sender slow = arena.sender(1), s = arena.sender(2);
		msgq_receiver r = arena.receiver();
		uint32_t len;
		char byte;

		const msgq_pos open = leave_claim(&slow);
		for (uint32_t n = 1; n < capacity; n++)
			ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_FULL);
		ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE), MSGQ_KEPT);
		msgq_copy_in(arena.ring(), open.index, "o", 1);
		msgq_store_release(&arena.ring()->slot[open.index].word,
				   msgq_word(open.lap, MSGQ_READY, 1, 1));
		for (uint32_t n = 0; n < capacity; n++) {
			ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
			ASSERT_EQ(byte, n ? 'x' : 'o');
			ASSERT_EQ(ring_send(&s, "y", 1), MSGQ_SHUT);
		}
	}
}

constexpr uint32_t rivals = 2;

struct Race {
	std::atomic<uint32_t> round;	      /* senders may go up to here */
	std::atomic<uint32_t> parked[rivals]; /* the round they met SHUT in */
	std::atomic<uint64_t> sent[rivals];
};

int race(const Arena &arena, Race *shared, uint32_t index, uint32_t rounds)
{
	msgq_sender s = arena.sender(index);
	uint64_t number = 0;
	Patience patience;

	for (uint32_t round = 1; round <= rounds; round++) {
		while (shared->round < round)
			patience.miss();
		for (;;) {
			const Letter letter(index, number);
			const auto result = ring_send(&s, letter.bytes, letter.len);

			if (result == MSGQ_SHUT)
				break;
			if (result == MSGQ_FULL)
				patience.miss();
			else if (result == MSGQ_SENT)
				number++;
			else
				return 1;
		}
		if (msgq_load_acquire(&arena.ring()->keeper->reason) != MSGQ_QUEUE_INACTIVE)
			return 2;
		shared->sent[index] = number;
		shared->parked[index] = round;
	}
	return 0;
}

TEST(Close, TenThousandRacesWithSendersLoseNothingAndLetNothingInAfterwards)
{
	constexpr uint32_t rounds = 10000;
	Watchdog watchdog("races of close");
	Arena arena(50, 0, false);
	Shared<Race> shared;
	std::vector<Child> children;
	uint64_t got[rivals] = {}, total = 0;
	Patience patience;
	Letter letter;

	for (uint32_t index = 0; index < rivals; index++)
		children.emplace_back([&, index] { return race(arena, &*shared, index, rounds); });

	msgq_receiver r = arena.receiver();
	const auto take = [&] {
		const auto result = ring_recv(&r, letter.bytes, 64, &letter.len);

		if (result != MSGQ_GOT)
			return result;
		if (!letter.whole() || letter.sender() >= rivals ||
		    letter.number() != got[letter.sender()])
			return MSGQ_RUINED;
		got[letter.sender()]++;
		total++;
		return result;
	};

	for (uint32_t round = 1; round <= rounds; round++) {
		ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
		shared->round = round;
		for (uint64_t n = mix(round) % 200; n; n--)
			if (take() == MSGQ_EMPTY)
				patience.miss();
		ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE), MSGQ_KEPT);

		const uint64_t boundary = msgq_keeper_boundary(arena.ring()).t;
		while (total < boundary) {
			const auto result = take();

			ASSERT_NE(result, MSGQ_RUINED);
			if (result == MSGQ_EMPTY)
				patience.miss();
		}
		for (uint32_t index = 0; index < rivals; index++)
			while (shared->parked[index] < round)
				patience.miss();
		ASSERT_EQ(msgq_keeper_boundary(arena.ring()).t, boundary);
		ASSERT_EQ(take(), MSGQ_EMPTY);
		for (uint32_t index = 0; index < rivals; index++)
			ASSERT_EQ(shared->sent[index], got[index]) << "round " << round;
	}
	for (Child &child : children)
		EXPECT_EQ(child.wait(), 0);
	EXPECT_GT(total, 0u);
}

} // namespace
