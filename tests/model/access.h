/* SPDX-License-Identifier: MIT */
/*
 * One access of a party to what it shares with others: the unit in which the
 * model interleaves.
 */
#ifndef MSGQ_TESTS_MODEL_ACCESS_H
#define MSGQ_TESTS_MODEL_ACCESS_H

#include <cstdint>

/* The largest ring that the model has room for. */
inline constexpr unsigned slots_max = 4;

/* Places in the shared memory. A payload is two of them, so that it can tear. */
enum Place : uint8_t {
	place_word = 0,
	place_body = place_word + slots_max,
	place_tail = place_body + slots_max,
	place_head = place_tail + slots_max,
	place_state,
	place_reason,
	place_busy,
	place_cancels,
	place_wanted,
	place_revokes,
	places,
};

enum class Act : uint8_t {
	none, /* the operation is over */
	load,
	store,
	store_release,
	cas,
	/* What the kernel does around the ring, each of it indivisible. */
	fence,		/* waits until the party's own stores are out */
	fence_receiver, /* and the receiver's */
	listen,		/* the count of wake-ups is read, before arming */
	sleep,		/* waits until it has changed since */
	wake,
	lock, /* the queue's, which one party has at a time */
	unlock,
	tell,  /* the sender in .value that there is room; .expected: no queue any more */
	await, /* waits until told */
	take,  /* the slots, from the sender in .value; .expected: scratch for them at once */
	give,  /* them back */
};

struct Access {
	Act act;
	uint8_t place;
	uint64_t expected;
	uint64_t value;
};

#endif
