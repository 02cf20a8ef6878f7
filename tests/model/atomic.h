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

#include <cstddef>
#include <cstdint>
#include <string.h>
#include <type_traits>

#include "access.h"

uint64_t model_access(const volatile void *p, Act act, uint64_t expected, uint64_t value);
void model_copy(void *to, const void *from, size_t bytes);

template <typename T>
std::remove_cv_t<T> model_load(T *p)
{
	return static_cast<std::remove_cv_t<T>>(model_access(p, Act::load, 0, 0));
}

template <typename T>
void model_store(T *p, Act act, std::type_identity_t<T> value)
{
	model_access(p, act, 0, static_cast<uint64_t>(value));
}

#define msgq_load(p) model_load(p)
#define msgq_load_acquire(p) model_load(p)
#define msgq_store(p, v) model_store((p), Act::store, (v))
#define msgq_store_release(p, v) model_store((p), Act::store_release, (v))
#define msgq_barrier() ((void)0)
#define msgq_pause() ((void)0)
#define msgq_prefetch_write(p) ((void)(p))
#define msgq_demote(p) ((void)(p))

static inline bool msgq_cas(__u64 *p, __u64 *expected, __u64 desired)
{
	const __u64 found = model_access(p, Act::cas, *expected, desired);
	const bool swapped = found == *expected;

	*expected = found;
	return swapped;
}

#define memcpy(to, from, bytes) model_copy((to), (from), (bytes))

#endif
