/* SPDX-License-Identifier: MIT */
/*
 * What is promised must hold at every instruction of a send: each test walks
 * through all of them, one process per instruction.
 */
#include <gtest/gtest.h>

#include <cstdio>

#include "arena.h"
#include "letter.h"
#include "stepper.h"
#include "watchdog.h"

namespace
{

constexpr uint32_t victim = 7, other = 8;

/* Where the victim stands when it starts to send. */
struct Start {
	const char *name;
	uint32_t len;
	uint32_t behind; /* messages sent by others since it last looked */
	bool lapped;	 /* and all received */
	bool armed;
};

class Instant : public testing::TestWithParam<Start>
{
protected:
	static constexpr uint32_t capacity = 6;

	/* One ring in the start's condition, with the victim stopped after @count steps. */
	struct Scene {
		Arena arena;
		msgq_sender s, v;
		msgq_receiver r;
		uint8_t msg[MSGQ_MSG_MAX];
		uint32_t before = 0;

		explicit Scene(const Start &start)
		    : arena(capacity), s(arena.sender(other)), v(arena.sender(victim)),
		      r(arena.receiver())
		{
			memset(msg, 'v', sizeof(msg));
			for (uint32_t n = 0; n < start.behind; n++) {
				before += send('b') == MSGQ_SENT;
				if (start.lapped)
					before -= recv() == 'b';
			}
			if (start.armed && msgq_keeper_arm(arena.ring()) != MSGQ_KEPT)
				throw std::bad_alloc();
		}

		msgq_send_result send(char c)
		{
			return ring_send(&s, &c, 1);
		}

		/* The first byte; 0: nothing, -1: wrong. */
		int recv()
		{
			Letter in;

			switch (ring_recv(&r, in.bytes, 64, &in.len)) {
			case MSGQ_EMPTY:
				return 0;
			case MSGQ_GOT:
				break;
			default:
				return -1;
			}
			if (in.bytes[0] == 'v' && memcmp(in.bytes, msg, in.len) != 0)
				return -1;
			if (in.bytes[0] != 'v' && in.len != 1)
				return -1;
			return in.bytes[0];
		}

		bool skip_earlier()
		{
			while (before && recv() == 'b')
				before--;
			return !before;
		}
	};

	/* Calls @at for every instruction, until the send returned before it was reached. */
	template <typename At>
	void every_instant(At at)
	{
		Watchdog watchdog("every instruction of a send");

		for (unsigned count = 0;; count++) {
			ASSERT_LT(count, 5000u);
			Scene scene(GetParam());
			Stepper stepper(scene.v, scene.msg, GetParam().len);

			if (!stepper.usable())
				GTEST_SKIP() << "no ptrace here";
			const bool within = stepper.steps(count);
			at(scene, stepper);
			if (HasFatalFailure())
				FAIL() << "after instruction " << count;
			if (!within) {
				RecordProperty("instructions", static_cast<int>(count));
				instants_ = count;
				return;
			}
		}
	}

	unsigned instants_ = 0;
};

// holds: death.sender
TEST_P(Instant, DeathLosesNothingOfOthersAndNothingThatWasAcknowledged)
{
	unsigned cancelled = 0, published = 0;

	every_instant([&](Scene &scene, Stepper &stepper) {
		const bool acknowledged = stepper.returned();
		const msgq_send_result after = (stepper.kill_now(), scene.send('a'));

		ASSERT_TRUE(after == MSGQ_SENT || after == MSGQ_SENT_WAKE);
		ASSERT_TRUE(scene.skip_earlier());
		const msgq_reaped reaped = msgq_keeper_reap(scene.arena.ring(), victim, nullptr);
		ASSERT_LE(reaped.cancelled, 1u);
		cancelled += reaped.cancelled;
		int got = scene.recv();
		if (acknowledged) {
			ASSERT_EQ(got, 'v');
		}
		if (got == 'v') {
			ASSERT_EQ(reaped.cancelled, 0u);
			published++;
			got = scene.recv();
		}
		ASSERT_EQ(got, 'a');
		ASSERT_EQ(scene.recv(), 0);
		for (uint32_t n = 0; n < capacity; n++)
			ASSERT_EQ(scene.send('c'), MSGQ_SENT);
		ASSERT_EQ(scene.send('c'), MSGQ_FULL);
	});
	if (IsSkipped())
		return;
	printf("           %u instructions, dead before the claim %u, in it %u, published %u\n",
	       instants_, instants_ + 1 - cancelled - published, cancelled, published);
	EXPECT_GT(cancelled, 0u);
	EXPECT_GT(published, 0u);
}

// holds: recv.once
TEST_P(Instant, AStopDelaysOthersMessagesButLosesAndReordersNone)
{
	every_instant([&](Scene &scene, Stepper &stepper) {
		const bool acknowledged = stepper.returned();
		const msgq_send_result meanwhile = scene.send('a');

		ASSERT_TRUE(meanwhile == MSGQ_SENT || meanwhile == MSGQ_SENT_WAKE);
		ASSERT_TRUE(scene.skip_earlier());
		int first = scene.recv();
		const msgq_send_result result = stepper.finish();
		ASSERT_TRUE(stepper.usable());
		ASSERT_TRUE(result == MSGQ_SENT || result == MSGQ_SENT_WAKE);
		/* An armed slot has one claimer, and he is told. */
		if (GetParam().armed) {
			ASSERT_NE(result, meanwhile);
		}
		if (!first)
			first = scene.recv();
		const int second = scene.recv();
		ASSERT_TRUE((first == 'v' && second == 'a') || (first == 'a' && second == 'v'));
		if (acknowledged) {
			ASSERT_EQ(first, 'v');
		}
		ASSERT_EQ(scene.recv(), 0);
	});
}

// holds: deactivate.exact
TEST_P(Instant, ACloseLetsTheSendInOrShutsItOutAndItIsToldWhich)
{
	every_instant([&](Scene &scene, Stepper &stepper) {
		ASSERT_EQ(msgq_keeper_close(scene.arena.ring(), MSGQ_QUEUE_GONE), MSGQ_KEPT);
		const uint64_t boundary = msgq_keeper_boundary(scene.arena.ring()).t;
		const msgq_send_result result = stepper.finish();

		ASSERT_TRUE(stepper.usable());
		ASSERT_TRUE(result == MSGQ_SENT || result == MSGQ_SENT_WAKE || result == MSGQ_SHUT);
		ASSERT_EQ(msgq_keeper_boundary(scene.arena.ring()).t, boundary);
		ASSERT_TRUE(scene.skip_earlier());
		ASSERT_EQ(scene.recv(), result == MSGQ_SHUT ? 0 : 'v');
		ASSERT_EQ(scene.recv(), 0);
	});
}

TEST_P(Instant, AReceiverThatArmedBeforeTheClaimIsWoken)
{
	every_instant([&](Scene &scene, Stepper &stepper) {
		ASSERT_TRUE(scene.skip_earlier());
		const int early = scene.recv();
		const msgq_keep_result armed = msgq_keeper_arm(scene.arena.ring());
		const msgq_send_result result = stepper.finish();

		ASSERT_TRUE(stepper.usable());
		if (armed == MSGQ_KEPT && !early)
			ASSERT_EQ(result, MSGQ_SENT_WAKE);
		else
			ASSERT_TRUE(early == 'v' || armed == MSGQ_KEEP_PENDING);
		ASSERT_EQ(early ? early : scene.recv(), 'v');
	});
}

INSTANTIATE_TEST_SUITE_P(Starts, Instant,
			 testing::Values(Start{ "Short", 8, 0, false, false },
					 Start{ "Line", 56, 0, false, false },
					 Start{ "Long", 64, 0, false, false },
					 Start{ "Armed", 24, 0, false, true },
					 Start{ "Overtaken", 33, 4, false, false },
					 Start{ "Lapped", 61, 17, true, true }),
			 [](const auto &which) { return which.param.name; });

} // namespace
