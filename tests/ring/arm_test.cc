/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <atomic>
#include <climits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <vector>

#include "arena.h"
#include "child.h"
#include "letter.h"
#include "shared.h"
#include "watchdog.h"

namespace
{

TEST(Arm, ExactlyTheOneThatClaimsTheArmedSlotIsToldToWake)
{
	Arena arena(4);
	msgq_sender a = arena.sender(1), b = arena.sender(2);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	for (int round = 0; round < 12; round++) {
		for (int again = 0; again < 2; again++)
			ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
		ASSERT_EQ(msgq_sender_poke(&a), MSGQ_SENT);
		ASSERT_EQ(ring_send(round % 2 ? &a : &b, "x", 1), MSGQ_SENT_WAKE);
		ASSERT_EQ(ring_send(&a, "x", 1), MSGQ_SENT);
		ASSERT_EQ(ring_send(&b, "x", 1), MSGQ_SENT);
		for (int n = 0; n < 3; n++)
			ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);
	}
}

TEST(Arm, AMessageSaysReadyAndAnOpenClaimSaysPending)
{
	Arena arena(4);
	msgq_sender s = arena.sender(1), dead = arena.sender(2);
	msgq_receiver r = arena.receiver();
	uint32_t len;
	char byte;

	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	EXPECT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEEP_READY);
	ASSERT_EQ(ring_recv(&r, &byte, 1, &len), MSGQ_GOT);

	const msgq_pos open = leave_claim(&dead);
	const uint64_t word = msgq_word_at(arena.ring(), open);
	EXPECT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEEP_PENDING);
	EXPECT_EQ(msgq_word_at(arena.ring(), open), word);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	EXPECT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEEP_PENDING);
	ASSERT_EQ(msgq_keeper_reap(arena.ring(), 2, nullptr).cancelled, 1u);
	EXPECT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEEP_READY);
}

TEST(Arm, OutlivesACloseAndAnOpen)
{
	Arena arena(4);
	msgq_sender s = arena.sender(1);

	ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
	ASSERT_EQ(msgq_keeper_close(arena.ring(), MSGQ_QUEUE_INACTIVE), MSGQ_KEPT);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SHUT);
	ASSERT_EQ(msgq_keeper_arm(arena.ring()), MSGQ_KEPT);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SHUT);
	ASSERT_EQ(msgq_keeper_open(arena.ring()), MSGQ_KEPT);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT_WAKE);
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
}

/* A receiver that sleeps in a futex in place of the kernel's wait. */
struct Bed {
	std::atomic<uint32_t> calls;
	std::atomic<uint64_t> sleeps;

	void sleep(uint32_t seen)
	{
		sleeps++;
		syscall(SYS_futex, &calls, FUTEX_WAIT, seen, nullptr, nullptr, 0);
	}

	void wake()
	{
		calls++;
		syscall(SYS_futex, &calls, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
	}
};

/* As msgqipc_recv() does; without any time-out, so that a lost wake-up hangs. */
bool recv_or_sleep(const Arena &arena, msgq_receiver *r, Bed *bed, uint64_t *value)
{
	Patience patience;

	for (;;) {
		uint32_t len;
		const uint32_t seen = bed->calls;
		const auto result = ring_recv(r, value, sizeof(*value), &len);

		if (result == MSGQ_GOT)
			return true;
		if (result != MSGQ_EMPTY)
			return false;
		switch (msgq_keeper_arm(arena.ring())) {
		case MSGQ_KEPT:
			bed->sleep(seen);
			break;
		case MSGQ_KEEP_PENDING:
			patience.miss();
			break;
		case MSGQ_KEEP_READY:
			break;
		default:
			return false;
		}
	}
}

bool send_and_wake(msgq_sender *s, Bed *bed, uint64_t value)
{
	Patience patience;

	for (;;)
		switch (ring_send(s, &value, sizeof(value))) {
		case MSGQ_SENT_WAKE:
			bed->wake();
			return true;
		case MSGQ_SENT:
			return true;
		case MSGQ_FULL:
			patience.miss();
			break;
		default:
			return false;
		}
}

TEST(Arm, NoWakeUpIsLostInAHundredThousandHandOffs)
{
	constexpr uint64_t rounds = 100000;
	Watchdog watchdog("hand-offs by sleeping receivers");
	Arena there(4), back(4);
	Shared<Bed[2]> beds;
	Bed *far = &(*beds)[0], *near = &(*beds)[1];

	Child echo([&] {
		msgq_receiver r = there.receiver();
		msgq_sender s = back.sender(1);
		uint64_t value;

		for (uint64_t n = 0; n < rounds; n++)
			if (!recv_or_sleep(there, &r, far, &value) ||
			    !send_and_wake(&s, near, value + 1))
				return 1;
		return 0;
	});
	msgq_receiver r = back.receiver();
	msgq_sender s = there.sender(1);
	for (uint64_t n = 0; n < rounds; n++) {
		uint64_t value;

		ASSERT_TRUE(send_and_wake(&s, far, n));
		ASSERT_TRUE(recv_or_sleep(back, &r, near, &value));
		ASSERT_EQ(value, n + 1);
	}
	EXPECT_EQ(echo.wait(), 0);
	EXPECT_GT(far->sleeps + near->sleeps, 0u);
}

TEST(Arm, NoWakeUpIsLostBetweenManySendersAtOddMomentsAndOneSleeper)
{
	constexpr uint64_t each = 30000;
	constexpr uint32_t senders = 3;
	Watchdog watchdog("bursts to a sleeping receiver");
	Arena arena(8);
	Shared<Bed> bed;
	std::vector<Child> children;
	uint64_t sum = 0;

	for (uint32_t index = 0; index < senders; index++)
		children.emplace_back([&, index] {
			msgq_sender s = arena.sender(index);

			for (uint64_t n = 1; n <= each; n++) {
				for (uint64_t idle = mix(n * senders + index) % 300; idle; idle--)
					msgq_pause();
				if (!send_and_wake(&s, &*bed, n))
					return 1;
			}
			return 0;
		});
	msgq_receiver r = arena.receiver();
	for (uint64_t got = 0; got < each * senders; got++) {
		uint64_t value;

		ASSERT_TRUE(recv_or_sleep(arena, &r, &*bed, &value));
		sum += value;
	}
	for (Child &child : children)
		EXPECT_EQ(child.wait(), 0);
	EXPECT_EQ(sum, senders * (each * (each + 1) / 2));
	EXPECT_GT(bed->sleeps, 0u);
}

} // namespace
