/* SPDX-License-Identifier: MIT */
/* For how long a claim at the head has been open, and when that is too long. */
#include <gtest/gtest.h>

#include <msgq/stalled.h>

#include "arena.h"

namespace
{

constexpr uint64_t limit = 1000, now = 5000;

struct Scene {
	Arena arena;
	msgq_stalled stalled;
	msgq_receiver r;

	explicit Scene(uint64_t limit_ns, uint64_t start = 0) : arena(4, start), r(arena.receiver())
	{
		msgq_stalled_init(&stalled, limit_ns);
	}

	bool due(uint64_t now_ns)
	{
		return msgq_stalled_due(&stalled, arena.ring(), now_ns);
	}

	/* The claims of @sender go, and the receiver passes what is gone. */
	msgq_recv_result revoke(uint32_t sender)
	{
		uint32_t len;
		char byte;

		msgq_keeper_reap(arena.ring(), sender, nullptr);
		return ring_recv(&r, &byte, 1, &len);
	}
};

TEST(Stalled, WithoutAnOpenClaimAtTheHeadNothingEverIs)
{
	Scene scene(limit);
	msgq_sender s = scene.arena.sender(1), stopped = scene.arena.sender(2);

	EXPECT_FALSE(scene.due(now));
	EXPECT_FALSE(scene.due(now + 10 * limit));
	ASSERT_EQ(ring_send(&s, "x", 1), MSGQ_SENT);
	leave_claim(&stopped);
	/* Behind a message it holds up nobody, and its time has not begun. */
	EXPECT_FALSE(scene.due(now + 20 * limit));
	EXPECT_FALSE(scene.due(now + 30 * limit));
	EXPECT_EQ(scene.stalled.until, 0u);
}

TEST(Stalled, AClaimIsDueOnceItHasBeenMetForTheWholeTime)
{
	for (uint64_t start : { uint64_t{ 0 }, uint64_t{ 4 }, uint64_t{ 1 } << 40 }) {
		Scene scene(limit, start);
		msgq_sender stopped = scene.arena.sender(2);

		leave_claim(&stopped);
		EXPECT_FALSE(scene.due(now));
		EXPECT_EQ(scene.stalled.until, start + 1);
		EXPECT_FALSE(scene.due(now + limit / 2));
		EXPECT_FALSE(scene.due(now + limit - 1));
		EXPECT_TRUE(scene.due(now + limit));
		EXPECT_TRUE(scene.due(now + 3 * limit));
	}
}

TEST(Stalled, ALimitOfNothingIsNever)
{
	Scene scene(0);
	msgq_sender stopped = scene.arena.sender(2);

	leave_claim(&stopped);
	EXPECT_FALSE(scene.due(now));
	EXPECT_FALSE(scene.due(now + 1000 * limit));

	/* Set later, it counts from when the claim was met. */
	scene.stalled.limit_ns = limit;
	EXPECT_TRUE(scene.due(now + limit));
}

TEST(Stalled, ClaimsThatWereThereWithTheFirstAreAsOld)
{
	Scene scene(limit);
	msgq_sender first = scene.arena.sender(1), second = scene.arena.sender(2);
	msgq_sender third = scene.arena.sender(3);

	leave_claim(&first);
	leave_claim(&second);
	EXPECT_FALSE(scene.due(now));
	EXPECT_EQ(scene.stalled.until, 2u);
	leave_claim(&third);
	EXPECT_TRUE(scene.due(now + limit));

	EXPECT_EQ(scene.revoke(1), MSGQ_EMPTY);
	ASSERT_EQ(scene.arena.head(), 1u);
	EXPECT_TRUE(scene.due(now + limit + 1));

	/* But one that came after has all the time there is. */
	EXPECT_EQ(scene.revoke(2), MSGQ_EMPTY);
	ASSERT_EQ(scene.arena.head(), 2u);
	EXPECT_FALSE(scene.due(now + limit + 2));
	EXPECT_EQ(scene.stalled.until, 3u);
	EXPECT_FALSE(scene.due(now + 2 * limit + 1));
	EXPECT_TRUE(scene.due(now + 2 * limit + 2));
}

TEST(Stalled, ASenderThatGoesOnEndsIt)
{
	Scene scene(limit);
	msgq_sender slow = scene.arena.sender(1);
	uint32_t len;
	char byte;

	const msgq_pos at = leave_claim(&slow);
	EXPECT_FALSE(scene.due(now));
	msgq_store_release(&scene.arena.ring()->slot[at.index].word,
			   msgq_word(at.lap, MSGQ_READY, 1, 1));
	EXPECT_FALSE(scene.due(now + 2 * limit));
	ASSERT_EQ(ring_recv(&scene.r, &byte, 1, &len), MSGQ_GOT);
	EXPECT_FALSE(scene.due(now + 3 * limit));

	/* Its next one is not as old as that. */
	leave_claim(&slow);
	EXPECT_FALSE(scene.due(now + 4 * limit));
	EXPECT_TRUE(scene.due(now + 5 * limit));
}

TEST(Stalled, WhatCouldNotBeRevokedHasItsTimeAgain)
{
	Scene scene(limit);
	msgq_sender stopped = scene.arena.sender(1);

	leave_claim(&stopped);
	EXPECT_FALSE(scene.due(now));
	ASSERT_TRUE(scene.due(now + limit));
	msgq_stalled_again(&scene.stalled, now + limit);
	EXPECT_FALSE(scene.due(now + 2 * limit - 1));
	EXPECT_TRUE(scene.due(now + 2 * limit));
	EXPECT_EQ(scene.stalled.until, 1u);
}

/* A receiver that lies with its head has only its own queue to spoil. */
TEST(Stalled, ARingThatMakesNoSenseIsNotStalled)
{
	Scene scene(limit);
	msgq_sender stopped = scene.arena.sender(1);

	leave_claim(&stopped);
	EXPECT_FALSE(scene.due(now));
	msgq_store(&scene.arena.ring()->consumer->head, uint64_t{ 77 });
	EXPECT_FALSE(scene.due(now + 2 * limit));
}

} // namespace
