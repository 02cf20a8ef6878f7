/* SPDX-License-Identifier: MIT */
/*
 * The ring's atomic operations for the model: what MSGQ_ATOMIC_OVERRIDE names
 * when the shipped headers are compiled for it.
 *
 * memcpy is taken over as well, from here to the end of the unit that
 * includes the ring: the copies of payloads are the only other accesses to
 * shared memory, and a model that does not see them cannot see one torn.
 */
#ifndef MSGQ_TESTS_MODEL_ATOMIC_H
#define MSGQ_TESTS_MODEL_ATOMIC_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

uint64_t model_load(const volatile void *p);
void model_store(volatile void *p, uint64_t value);
void model_store_release(volatile void *p, uint64_t value);
/* Returns what was found. */
uint64_t model_cas(volatile void *p, uint64_t expected, uint64_t value);
void model_copy(void *to, const void *from, size_t bytes);

#ifdef __cplusplus
}
#endif

/* Of the type itself, without const. */
#define msgq_load(p) ((__typeof__(*(p) + 0))model_load(p))
#define msgq_load_acquire(p) msgq_load(p)
#define msgq_store(p, v) model_store((p), (v))
#define msgq_store_release(p, v) model_store_release((p), (v))
/* Statistics, which decide nothing. */
#define msgq_count(p) ((void)(p))
#define msgq_note(p, v) ((void)(p))
#define msgq_barrier() ((void)0)
#define msgq_pause() ((void)0)
#define msgq_prefetch_write(p) ((void)(p))
#define msgq_demote(p) ((void)(p))

static inline bool msgq_cas(__u64 *p, __u64 *expected, __u64 desired)
{
	const __u64 found = model_cas(p, *expected, desired);
	const bool swapped = found == *expected;

	*expected = found;
	return swapped;
}

#define memcpy(to, from, bytes) model_copy((to), (from), (bytes))

#endif
