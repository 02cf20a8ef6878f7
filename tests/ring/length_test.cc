/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <cstring>

#include "arena.h"
#include "letter.h"

namespace
{

constexpr uint8_t canary = 0xa5;

/* A buffer of exactly @size bytes, and whether anything beside it was touched. */
struct Fenced {
	uint8_t bytes[192];

	Fenced()
	{
		memset(bytes, canary, sizeof(bytes));
	}
	uint8_t *at()
	{
		return bytes + 64;
	}

	bool untouched_but(uint32_t size) const
	{
		for (uint32_t i = 0; i < sizeof(bytes); i++)
			if ((i < 64 || i >= 64 + size) && bytes[i] != canary)
				return false;
		return true;
	}
};

void fill(uint8_t *bytes, uint32_t len, uint64_t salt)
{
	for (uint32_t i = 0; i < len; i++)
		bytes[i] = static_cast<uint8_t>(mix(salt + i) | 1) == canary
				   ? 0
				   : static_cast<uint8_t>(mix(salt + i));
}

TEST(Length, EveryLengthArrivesIntactAndNothingElseIsTouched)
{
	Arena arena(5);
	msgq_sender s = arena.sender(1);
	msgq_receiver r = arena.receiver();

	for (uint64_t round = 0; round < 20; round++)
		for (uint32_t len = 0; len <= MSGQ_MSG_MAX; len++)
			for (uint32_t room : { len, static_cast<uint32_t>(MSGQ_MSG_MAX) }) {
				uint8_t out[64];
				Fenced in, peeked;
				uint32_t got = 99, sender = 99;

				fill(out, len, round * 977 + len);
				ASSERT_EQ(ring_send(&s, out, len), MSGQ_SENT);
				ASSERT_EQ(ring_peek(&r, peeked.at(), room, 0, &got, &sender),
					  MSGQ_GOT);
				ASSERT_EQ(got, len);
				ASSERT_EQ(sender, 1u);
				ASSERT_FALSE(memcmp(out, peeked.at(), len));
				ASSERT_TRUE(peeked.untouched_but(len));
				got = 99;
				ASSERT_EQ(ring_recv(&r, in.at(), room, &got), MSGQ_GOT);
				ASSERT_EQ(got, len);
				ASSERT_FALSE(memcmp(out, in.at(), len)) << len;
				ASSERT_TRUE(in.untouched_but(len)) << len;
			}
}

TEST(Length, TheSendersBufferIsReadNoFurtherThanTheMessage)
{
	const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
	auto *two = static_cast<uint8_t *>(mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE,
						MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	Arena arena(70);
	msgq_sender s = arena.sender(1);
	msgq_receiver r = arena.receiver();

	ASSERT_NE(two, MAP_FAILED);
	ASSERT_EQ(mprotect(two + page, page, PROT_NONE), 0);
	for (uint32_t len = 0; len <= MSGQ_MSG_MAX; len++) {
		uint8_t *end_at_guard = two + page - len;
		uint32_t got;

		ASSERT_EQ(ring_send(&s, end_at_guard, len), MSGQ_SENT);
		ASSERT_EQ(ring_recv(&r, end_at_guard, len, &got), MSGQ_GOT);
		ASSERT_EQ(got, len);
	}
	munmap(two, 2 * page);
}

TEST(Length, ShortCopiesTheFirstBytesAndLeavesTheMessage)
{
	Arena arena(5);
	msgq_sender s = arena.sender(1);
	msgq_receiver r = arena.receiver();

	for (uint32_t len = 1; len <= MSGQ_MSG_MAX; len++) {
		uint8_t out[64];
		uint32_t got, sender;

		fill(out, len, len);
		ASSERT_EQ(ring_send(&s, out, len), MSGQ_SENT);
		for (uint32_t room = 0; room < len; room++) {
			Fenced in, peeked;

			ASSERT_EQ(ring_peek(&r, peeked.at(), room, 0, &got, &sender), MSGQ_SHORT);
			ASSERT_EQ(got, len);
			ASSERT_FALSE(memcmp(out, peeked.at(), room));
			ASSERT_TRUE(peeked.untouched_but(room));
			ASSERT_EQ(ring_recv(&r, in.at(), room, &got), MSGQ_SHORT);
			ASSERT_EQ(got, len);
			ASSERT_FALSE(memcmp(out, in.at(), room));
			ASSERT_TRUE(in.untouched_but(room));
			ASSERT_EQ(arena.head(), len - 1);
		}
		Fenced in;
		ASSERT_EQ(ring_recv(&r, in.at(), len, &got), MSGQ_GOT);
		ASSERT_FALSE(memcmp(out, in.at(), len));
	}
}

TEST(Length, TheSlotsAreOfTheSizeThatTheyAreSaidToBe)
{
	EXPECT_EQ(sizeof(msgq_slot), size_t{ MSGQ_LINE });
	EXPECT_EQ(offsetof(msgq_keeper_page, state) % MSGQ_LINE, 0u);
	/* 640 of slots, 80 of tails, rounded up to lines, and the tally's. */
	EXPECT_EQ(msgq_ring_bytes(9), 640u + 128 + 64);
	/* Full lines of tails need no rounding. */
	EXPECT_EQ(msgq_ring_bytes(7), 8u * 72 + 64);
}

} // namespace
