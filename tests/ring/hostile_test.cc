/* SPDX-License-Identifier: MIT */
/*
 * Whoever may send can write anything over the slots, and whoever receives
 * anything over the head. All calls of the others must end and stay within
 * the ring and their buffers; guard pages and canaries watch that.
 */
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

class Scribbler
{
public:
	Scribbler(const msgq_ring *ring, uint64_t seed, bool lies_about_head)
	    : ring_(ring), state_(seed), lies_about_head_(lies_about_head)
	{
	}

	void scribble()
	{
		const uint64_t head = msgq_load(&ring_->consumer->head);
		const uint64_t dice = random();

		if (lies_about_head_ && dice % 8 == 0) {
			msgq_store(dice % 16 ? &ring_->consumer->head : &ring_->consumer->busy,
				   any(head));
			return;
		}
		const msgq_pos near = msgq_pos_at(ring_, head + random() % (2ull * ring_->slots));
		msgq_store(&ring_->slot[near.index].word, word(near.lap));
	}

private:
	uint64_t random()
	{
		return state_ = mix(state_);
	}

	uint64_t any(uint64_t near)
	{
		switch (random() % 4) {
		case 0:
			return random();
		case 1:
			return near + random() % 5 - 2;
		case 2:
			return near + ring_->slots * (random() % 5 - 2);
		default:
			return 0 - random() % 4;
		}
	}

	/* Nonsense that is nearly sense reaches further than noise does. */
	uint64_t word(uint64_t lap)
	{
		const uint64_t noise = random();

		if (noise % 8 == 0)
			return random();
		return msgq_word(lap + random() % 5 - 2,
				 static_cast<msgq_slot_state>(noise >> 8 & 3), noise >> 16 & 127,
				 noise >> 32 & 3) |
		       (noise % 8 == 1 ? noise & (MSGQ_WORD_ARMED | MSGQ_WORD_CLOSED) : 0);
	}

	const msgq_ring *ring_;
	uint64_t state_;
	const bool lies_about_head_;
};

/* Every public operation once; false when one gave a nonsensical answer. */
class Victim
{
public:
	explicit Victim(const Arena &arena)
	    : arena_(arena), s_(arena.sender(1)), r_(arena.receiver())
	{
		memset(buffer_, 0x5a, sizeof(buffer_));
		memset(out_, 0x77, sizeof(out_));
	}

	bool send(uint64_t n)
	{
		const auto result = ring_send(&s_, out_, static_cast<uint32_t>(n % 65));

		if (result == MSGQ_BROKEN && n % 16 == 0)
			s_ = arena_.sender(1);
		if (n % 7 == 0)
			static_cast<void>(msgq_sender_poke(&s_));
		return result >= MSGQ_SENT && result <= MSGQ_BROKEN;
	}

	bool receive(uint64_t n)
	{
		const uint64_t room = n % 3 ? MSGQ_MSG_MAX : mix(n) % 65;
		uint32_t len = 0, sender = 0;
		const auto result = ring_recv(&r_, at(), room, &len);

		if (!sane(result, room, len))
			return false;
		if (result == MSGQ_RUINED && n % 16 == 0)
			r_ = arena_.receiver();
		len = 0;
		const auto peeked = ring_peek(&r_, at(), room, n % 9, &len, &sender);
		return sane(peeked, room, len) && sender < MSGQ_SENDERS_MAX;
	}

	bool keep(uint64_t n)
	{
		const msgq_ring *ring = arena_.ring();

		if (msgq_keeper_depth(ring) > ring->capacity)
			return false;
		switch (n % 5) {
		case 0:
			return msgq_keeper_close(ring, MSGQ_QUEUE_INACTIVE) <= MSGQ_KEEP_BROKEN;
		case 1:
			return msgq_keeper_open(ring) <= MSGQ_KEEP_BROKEN;
		case 2:
			return msgq_keeper_arm(ring) <= MSGQ_KEEP_BROKEN;
		case 3:
			return msgq_keeper_reap(ring, n / 5 % 4, nullptr).cancelled <= ring->slots;
		default:
			msgq_keeper_cancel_begin(ring);
			/* Now and then it takes long, and receivers see it. */
			return n / 5 % 2 ||
			       msgq_keeper_cancel(ring, odd, nullptr, nullptr) <= ring->slots;
		}
	}

private:
	static bool odd(const void *, uint32_t sender)
	{
		return sender % 2;
	}

	uint8_t *at()
	{
		return buffer_ + 64;
	}

	bool sane(msgq_recv_result result, uint64_t room, uint32_t len)
	{
		for (size_t i = 0; i < sizeof(buffer_); i++)
			if ((i < 64 || i >= 64 + room) && buffer_[i] != 0x5a)
				return false;
		memset(buffer_, 0x5a, sizeof(buffer_));
		if (result == MSGQ_GOT)
			return len <= room;
		if (result == MSGQ_SHORT)
			return len > room && len <= MSGQ_MSG_MAX;
		return true;
	}

	const Arena &arena_;
	msgq_sender s_;
	msgq_receiver r_;
	uint8_t buffer_[192];
	uint8_t out_[MSGQ_MSG_MAX];
};

class Hostile : public testing::TestWithParam<uint32_t>
{
};

/* By one process, so that a failure can be repeated. */
// holds: trust.scribble
TEST_P(Hostile, BetweenAnyTwoCallsScribblingHarmsNobody)
{
	Watchdog watchdog("scribbling between calls");

	for (uint64_t seed = 0; seed < 40; seed++) {
		Arena arena(GetParam(), seed % 2 ? mix(seed) : 0);
		Scribbler scribbler(arena.ring(), seed, seed % 4 < 2);
		Victim victim(arena);

		for (uint64_t n = 0; n < 4000; n++) {
			for (uint64_t k = mix(n + seed) % 4; k; k--)
				scribbler.scribble();
			ASSERT_TRUE(victim.send(n)) << "seed " << seed << ", step " << n;
			ASSERT_TRUE(victim.receive(n)) << "seed " << seed << ", step " << n;
			ASSERT_TRUE(victim.keep(mix(n))) << "seed " << seed << ", step " << n;
		}
	}
}

// holds: trust.scribble, send.failure
TEST_P(Hostile, WithinCallsScribblingHarmsNobodyAndEveryCallEnds)
{
	constexpr uint64_t calls = 20000;

	for (bool lies : { false, true }) {
		Watchdog watchdog("scribbling within calls");
		Arena arena(GetParam());
		Shared<std::atomic<bool>> done;
		Child hostile([&] {
			Scribbler scribbler(arena.ring(), 1, lies);

			while (!*done)
				scribbler.scribble();
			return 0;
		});
		const auto run = [&](bool (Victim::*call)(uint64_t)) {
			return Child([&, call] {
				Victim victim(arena);

				for (uint64_t n = 0; n < calls; n++)
					if (!(victim.*call)(n))
						return 1;
				return 0;
			});
		};
		Child sender = run(&Victim::send), receiver = run(&Victim::receive),
		      keeper = run(&Victim::keep);

		EXPECT_EQ(sender.wait(), 0);
		EXPECT_EQ(receiver.wait(), 0);
		EXPECT_EQ(keeper.wait(), 0);
		*done = true;
		EXPECT_EQ(hostile.wait(), 0);
	}
}

INSTANTIATE_TEST_SUITE_P(Entries, Hostile, testing::Values(1u, 2u, 7u, 64u, 1000u));

/* Every word says "skip me", lap after lap, written faster than it is read. */
// holds: trust.scribble
TEST(HostileRing, AReceiverLedInCirclesGivesUp)
{
	Watchdog watchdog("a receiver led in circles");
	Arena arena(1000);
	msgq_receiver r = arena.receiver();
	Shared<std::atomic<bool>> done;
	Child hostile([&] {
		msgq_pos pos = msgq_pos_at(arena.ring(), 0);

		while (!*done)
			for (uint64_t end = arena.head() + arena.ring()->slots; pos.t < end;
			     pos = msgq_pos_next(arena.ring(), pos))
				msgq_store(&arena.ring()->slot[pos.index].word,
					   msgq_word(pos.lap, MSGQ_CANCELLED, 0, 2));
		return 0;
	});

	while (!msgq_load_acquire(&arena.ring()->slot[arena.ring()->slots - 1].word))
		sched_yield();
	for (int n = 0; n < 200; n++) {
		const uint64_t before = arena.head();
		uint8_t byte;
		uint32_t len;

		ASSERT_NE(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
		ASSERT_LE(arena.head() - before, arena.ring()->slots + MSGQ_SKIP_TRIES);
		sched_yield();
	}
	*done = true;
	EXPECT_EQ(hostile.wait(), 0);
}

} // namespace
