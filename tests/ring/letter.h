/* SPDX-License-Identifier: MIT */
/*
 * A message that tells whether it is whole: who sent it, its number, and a
 * filling and a length that follow from these.
 */
#ifndef MSGQ_TESTS_RING_LETTER_H
#define MSGQ_TESTS_RING_LETTER_H

#include <cstdint>
#include <cstring>

#include <msgq/ring.h>

inline uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ull;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

struct Letter {
	static constexpr uint32_t header = 12;

	uint8_t bytes[MSGQ_MSG_MAX];
	uint32_t len;

	Letter() = default;

	Letter(uint32_t sender, uint64_t number)
	{
		const uint64_t seed = mix(number << 13 ^ sender);

		len = header + static_cast<uint32_t>(seed % (MSGQ_MSG_MAX + 1 - header));
		memset(bytes, static_cast<int>(seed >> 56), sizeof(bytes));
		memcpy(bytes, &sender, 4);
		memcpy(bytes + 4, &number, 8);
	}

	uint32_t sender() const
	{
		uint32_t value;

		memcpy(&value, bytes, 4);
		return value;
	}

	uint64_t number() const
	{
		uint64_t value;

		memcpy(&value, bytes + 4, 8);
		return value;
	}

	bool whole() const
	{
		if (len < header || len > MSGQ_MSG_MAX)
			return false;
		const Letter sent(sender(), number());
		return sent.len == len && !memcmp(sent.bytes, bytes, len);
	}
};

#endif
