/* SPDX-License-Identifier: MIT */
/*
 * The memory of the ring under test. Its pointers point here, which gives places
 * their addresses; what is in them is the model's, but for the first moments.
 */
#ifndef MSGQ_TESTS_MODEL_MEMORY_H
#define MSGQ_TESTS_MODEL_MEMORY_H

#include <msgq/ring.h>

#include "party.h"

class Memory
{
public:
	/* A fresh ring, open, as the keeper leaves it. */
	static void init(uint32_t capacity, const Uses &uses);
	/* What is in the places then. */
	static void read(uint64_t *memory);

	static const msgq_ring &ring()
	{
		return ring_;
	}
	static const Uses &uses()
	{
		return uses_;
	}

private:
	static msgq_ring ring_;
	static Uses uses_;
};

#endif
