/* SPDX-License-Identifier: MIT */
/*
 * The parties of a ring as threads of one process. What holds between
 * processes holds here, too; but a race between threads is something that a
 * sanitizer can see.
 */
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "arena.h"
#include "child.h"
#include "letter.h"
#include "watchdog.h"

namespace
{

constexpr uint32_t senders = 3;
constexpr uint64_t each = 10000;

class Threads : public testing::TestWithParam<uint32_t>
{
protected:
	Arena arena{ GetParam() };
	std::atomic<bool> over = false;
	std::atomic<uint32_t> ruined = 0;

	void send_all(uint32_t index)
	{
		msgq_sender s = arena.sender(index);
		Patience patience;

		for (uint64_t number = 0; number < each && !over;) {
			const Letter letter(index, number);

			switch (ring_send(&s, letter.bytes, letter.len)) {
			case MSGQ_SENT:
			case MSGQ_SENT_WAKE:
				number++;
				break;
			case MSGQ_FULL:
			case MSGQ_SHUT:
				patience.miss();
				break;
			default:
				ruined++;
				return;
			}
		}
	}

	/* What the keeper does on behalf of others, who need not wait for it. */
	void keep()
	{
		while (!over) {
			ruined += msgq_keeper_reap(arena.ring(), senders, nullptr).cancelled;
			ruined += msgq_keeper_depth(arena.ring()) > GetParam();
			std::this_thread::yield();
		}
	}

	/* What it does for the receiver, who is the caller. */
	void keep_for_receiver()
	{
		ruined += msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE) != MSGQ_KEPT;
		ruined += msgq_keeper_open(arena.ring()) != MSGQ_KEPT;
		ruined += msgq_keeper_arm(arena.ring()) == MSGQ_KEEP_BROKEN;
	}
};

TEST_P(Threads, ReadNothingThatAnotherOneWrites)
{
	Watchdog watchdog("threads", 300);
	msgq_receiver r = arena.receiver();
	std::vector<std::thread> threads;
	uint64_t next[senders] = {};
	Patience patience;

	threads.emplace_back([&] { keep(); });
	for (uint32_t index = 0; index < senders; index++)
		threads.emplace_back([&, index] { send_all(index); });

	for (uint64_t got = 0; got < senders * each && !HasFailure() && !ruined;) {
		Letter letter, seen;
		uint32_t sender = 0;
		const auto peeked = ring_peek(&r, seen.bytes, 64, 0, &seen.len, &sender);
		const auto result = ring_recv(&r, letter.bytes, 64, &letter.len);

		if (result != MSGQ_GOT) {
			EXPECT_EQ(result, MSGQ_EMPTY);
			keep_for_receiver();
			patience.miss();
			continue;
		}
		EXPECT_TRUE(letter.whole());
		EXPECT_EQ(letter.number(), next[letter.sender() % senders]++);
		if (peeked == MSGQ_GOT) {
			EXPECT_EQ(sender, letter.sender());
			EXPECT_EQ(seen.number(), letter.number());
		}
		got++;
	}
	over = true;
	for (std::thread &thread : threads)
		thread.join();
	EXPECT_EQ(ruined, 0u);
}

INSTANTIATE_TEST_SUITE_P(Entries, Threads, testing::Values(1, 5, 64));

} // namespace
