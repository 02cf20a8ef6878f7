/* SPDX-License-Identifier: MIT */
/*
 * The bytes that a fuzzer is given, read as numbers. Past the end all is zero,
 * so that every string of bytes means something and none is refused.
 */
#ifndef MSGQ_TESTS_FUZZ_INPUT_H
#define MSGQ_TESTS_FUZZ_INPUT_H

#include <cstddef>
#include <cstdint>

class Input
{
public:
	Input(const uint8_t *data, size_t size) : at_(data), end_(data + size)
	{
	}

	bool empty() const
	{
		return at_ == end_;
	}

	uint8_t byte()
	{
		return empty() ? 0 : *at_++;
	}

	uint64_t number(unsigned bytes)
	{
		uint64_t value = 0;

		for (unsigned i = 0; i < bytes; i++)
			value |= static_cast<uint64_t>(byte()) << 8 * i;
		return value;
	}

	/*
	 * Mostly small, at times near a power of two or the end of the numbers:
	 * where bounds are. One byte as a rule, so that a flipped bit says much.
	 */
	uint64_t guess()
	{
		const uint8_t shape = byte();

		if (shape < 192)
			return shape % 24;
		if (shape < 240)
			return (1ull << (byte() % 64)) + shape % 3 - 1;
		if (shape < 248)
			return 0 - static_cast<uint64_t>(shape % 8);
		return number(8);
	}

private:
	const uint8_t *at_, *end_;
};

#endif
