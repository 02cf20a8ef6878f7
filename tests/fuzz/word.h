/* SPDX-License-Identifier: MIT */
/* A word of a ring out of a fuzzer's bytes: nonsense that is nearly sense. */
#ifndef MSGQ_TESTS_FUZZ_WORD_H
#define MSGQ_TESTS_FUZZ_WORD_H

#include <msgq/ring.h>

#include "input.h"

/* Noise is refused by its lap alone, so most words are within two laps of @lap. */
inline uint64_t fuzz_word(Input &input, uint64_t lap)
{
	const uint8_t shape = input.byte();
	uint64_t word;

	if (shape >= 248)
		return input.number(8);
	word = msgq_word(lap + shape / 4 % 5 - 2, static_cast<msgq_slot_state>(shape % 4),
			 input.byte() % 128, input.byte() % 4);
	if (shape >= 128)
		word |= shape & 64 ? MSGQ_WORD_ARMED : MSGQ_WORD_CLOSED;
	return word;
}

#endif
