/* SPDX-License-Identifier: MIT */
/*
 * The ring's atomic operations for its fuzzer, which is told of each before
 * it is done: what MSGQ_ATOMIC_OVERRIDE names when the shipped headers are
 * compiled for it.
 */
#ifndef MSGQ_TESTS_FUZZ_RING_ATOMIC_H
#define MSGQ_TESTS_FUZZ_RING_ATOMIC_H

#include <stdbool.h>

/* Something may change in the ring now. */
void ring_step();

#define msgq_load(p) (ring_step(), *static_cast<const volatile __typeof__(*(p)) *>(p))
#define msgq_load_acquire(p) msgq_load(p)
#define msgq_store(p, v) (ring_step(), (void)(*(p) = (v)))
#define msgq_store_release(p, v) msgq_store((p), (v))
#define msgq_count(p) ((void)++*(p))
#define msgq_note(p, v) ((void)(*(p) = (v)))
#define msgq_barrier() ((void)0)
#define msgq_pause() ((void)0)
#define msgq_prefetch_write(p) ((void)(p))
#define msgq_demote(p) ((void)(p))

static inline bool msgq_cas(__u64 *p, __u64 *expected, __u64 desired)
{
	ring_step();
	const __u64 found = *p;
	const bool swapped = found == *expected;

	if (swapped)
		*p = desired;
	*expected = found;
	return swapped;
}

#endif
