/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <optional>
#include <time.h>

#include "arena.h"
#include "child.h"
#include "letter.h"
#include "shared.h"
#include "watchdog.h"

namespace
{

constexpr uint32_t seats = 3, kills = 500, lives_max = kills + seats;

/* A life is one sender process; its seat is its index in the words. */
struct Story {
	std::atomic<uint64_t> acknowledged[lives_max];
	std::atomic<uint64_t> received[lives_max];
	std::atomic<uint32_t> stop; /* senders: finish; the receiver: when empty */
	std::atomic<uint32_t> torn, misordered, ruined;
};

int send_on(const Arena &arena, Story *story, uint32_t seat, uint32_t life)
{
	msgq_sender s = arena.sender(seat);
	Patience patience;

	for (uint64_t number = 0; !story->stop; number++) {
		const Letter letter(life, number);
		msgq_send_result result;

		while ((result = ring_send(&s, letter.bytes, letter.len)) == MSGQ_FULL)
			patience.miss();
		if (result != MSGQ_SENT)
			return 1;
		story->acknowledged[life] = number + 1;
	}
	return 0;
}

int receive_on(const Arena &arena, Story *story)
{
	msgq_receiver r = arena.receiver();
	Patience patience;
	Letter letter;

	for (;;) {
		const bool last = story->stop == 2;

		switch (ring_recv(&r, letter.bytes, 64, &letter.len)) {
		case MSGQ_EMPTY:
			if (last)
				return 0;
			patience.miss();
			break;
		case MSGQ_GOT:
			if (!letter.whole() || letter.sender() >= lives_max)
				story->torn++;
			else if (letter.number() != story->received[letter.sender()]++)
				story->misordered++;
			break;
		default:
			story->ruined++;
			return 1;
		}
	}
}

void idle(uint64_t nanoseconds)
{
	const timespec span = { 0, static_cast<long>(nanoseconds) };

	nanosleep(&span, nullptr);
}

bool in_claim(const msgq_ring *ring, uint32_t seat)
{
	for (uint32_t i = 0; i < ring->slots; i++) {
		const uint64_t word = msgq_load_acquire(&ring->slot[i].word);

		if (msgq_word_state(word) == MSGQ_CLAIMED && msgq_word_sender(word) == seat)
			return true;
	}
	return false;
}

/* A claim is open for so short a time that chance alone seldom finds one. */
void stop_in_claim(const msgq_ring *ring, pid_t pid, uint32_t seat)
{
	for (int tries = 0; tries < 40; tries++) {
		int status;

		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		if (in_claim(ring, seat))
			return;
		kill(pid, SIGCONT);
		idle(mix(static_cast<uint64_t>(tries)) & 0x3fff);
	}
}

TEST(Kill, FiveHundredDeathsNeitherWedgeTheQueueNorTearLoseOrDoubleAMessage)
{
	Watchdog watchdog("five hundred deaths");
	Arena arena(16);
	Shared<Story> story;
	std::optional<Child> sender[seats];
	uint32_t life_of[seats], lives = 0, cancelling = 0, acknowledged_dead = 0;

	const auto be_born = [&](uint32_t seat) {
		const uint32_t life = lives++;

		life_of[seat] = life;
		sender[seat].emplace(
			[&, seat, life] { return send_on(arena, &*story, seat, life); });
	};

	Child receiver([&] { return receive_on(arena, &*story); });
	for (uint32_t seat = 0; seat < seats; seat++)
		be_born(seat);

	for (uint32_t n = 0; n < kills; n++) {
		const uint32_t seat = static_cast<uint32_t>(mix(n) % seats);

		idle(mix(n) >> 20 & 0x7ffff);
		if (n % 2)
			stop_in_claim(arena.ring(), sender[seat]->pid(), seat);
		sender[seat]->kill_now();
		const msgq_reaped reaped = msgq_keeper_reap(arena.ring(), seat, nullptr);
		ASSERT_LE(reaped.cancelled, 1u);
		cancelling += reaped.cancelled;

		/* Not wedged: everything claimed so far goes through. The watchdog sees to it. */
		const uint64_t boundary = msgq_keeper_boundary(arena.ring()).t;
		while (static_cast<int64_t>(arena.head() - boundary) < 0)
			sched_yield();
		ASSERT_GE(arena.head(), reaped.drained);
		const uint32_t life = life_of[seat];
		ASSERT_GE(story->received[life], story->acknowledged[life]) << "life " << life;
		acknowledged_dead += story->acknowledged[life] > 0;
		be_born(seat);
	}

	story->stop = 1;
	for (auto &child : sender)
		EXPECT_EQ(child->wait(), 0);
	story->stop = 2;
	EXPECT_EQ(receiver.wait(), 0);

	EXPECT_EQ(story->torn, 0u);
	EXPECT_EQ(story->misordered, 0u);
	EXPECT_EQ(story->ruined, 0u);
	uint64_t total = 0;
	for (uint32_t life = 0; life < lives; life++) {
		const bool survived =
			life == life_of[0] || life == life_of[1] || life == life_of[2];
		const uint64_t acknowledged = story->acknowledged[life];

		/* The dead may have published one more than they lived to acknowledge. */
		EXPECT_GE(story->received[life], acknowledged) << "life " << life;
		EXPECT_LE(story->received[life], acknowledged + !survived) << "life " << life;
		total += story->received[life];
	}
	printf("           %u kills, %u of them in an open claim; %u had sent; %llu messages\n",
	       kills, cancelling, acknowledged_dead, static_cast<unsigned long long>(total));
	EXPECT_GT(acknowledged_dead, kills / 4);
	EXPECT_GT(cancelling, 0u);
}

} // namespace
