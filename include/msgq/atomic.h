/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The few atomic operations that the ring is made of, for kernel and user
 * space, C and C++. Nothing else in the ring touches shared words.
 *
 * A checker that wants to see every access defines MSGQ_ATOMIC_OVERRIDE to
 * the name of a header with the same operations and so runs the ring as it
 * is shipped.
 */
#ifndef MSGQ_ATOMIC_H
#define MSGQ_ATOMIC_H

#include <linux/types.h>

#if defined(MSGQ_ATOMIC_OVERRIDE)

#include MSGQ_ATOMIC_OVERRIDE

#elif defined(__KERNEL__)

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/prefetch.h>
#include <asm/barrier.h>
#include <asm/processor.h>

#define msgq_load(p) READ_ONCE(*(p))
#define msgq_load_acquire(p) smp_load_acquire(p)
#define msgq_store(p, v) WRITE_ONCE(*(p), (v))
#define msgq_store_release(p, v) smp_store_release((p), (v))
#define msgq_barrier() barrier()
#define msgq_pause() cpu_relax()
#define msgq_prefetch_write(p) prefetchw(p)
/* The kernel does not wait for answers: it has nothing to gain. */
#define msgq_demote(p) ((void)(p))

/*
 * For statistics: one more, by whoever; and a value, by its only writer. Nothing
 * that the ring does hangs on what is there, so a checker may leave both out.
 */
#define msgq_count(p) atomic64_inc((atomic64_t *)(p))
#define msgq_note(p, v) WRITE_ONCE(*(p), (v))

/* On failure *expected becomes what was found. Orders as a full barrier. */
static inline bool msgq_cas(__u64 *p, __u64 *expected, __u64 desired)
{
	__u64 found = cmpxchg64(p, *expected, desired);
	bool swapped = found == *expected;

	*expected = found;
	return swapped;
}

#else

#include <stdbool.h>

#define msgq_load(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define msgq_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define msgq_store(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define msgq_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
/* For statistics: see above. */
#define msgq_count(p) ((void)__atomic_fetch_add((p), 1, __ATOMIC_RELAXED))
#define msgq_note(p, v) msgq_store((p), (v))
/* Of the compiler; the other side brings the CPU's. */
#define msgq_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)

static inline void msgq_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

/* Fetches the line for writing. A hint: it can neither fault nor order. */
static inline void msgq_prefetch_write(const void *p)
{
#if defined(__x86_64__)
	/* The builtin fetches for reading only, unless told of a newer CPU. */
	__asm__ __volatile__("prefetchw %0" : : "m"(*(const char *)p));
#else
	__builtin_prefetch(p, 1);
#endif
}

/*
 * Pushes the line out to where the CPUs meet, for another one to find it
 * sooner. A hint, and a no-op where the CPU does not know it.
 */
static inline void msgq_demote(const void *p)
{
#if defined(__x86_64__)
	__asm__ __volatile__("cldemote %0" : : "m"(*(const char *)p) : "memory");
#else
	(void)p;
#endif
}

/* On failure *expected becomes what was found. */
static inline bool msgq_cas(__u64 *p, __u64 *expected, __u64 desired)
{
	return __atomic_compare_exchange_n(p, expected, desired, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

#endif
#endif
