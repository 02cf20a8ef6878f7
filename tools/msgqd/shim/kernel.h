/* SPDX-License-Identifier: MIT */
/*
 * The kernel's primitives, as far as the core files in kmod/ use them, for a
 * process with a single thread. Included by the compiler before everything
 * else; the headers that the core names are made, empty, by the build.
 */
#ifndef MSGQD_SHIM_KERNEL_H
#define MSGQD_SHIM_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#define U32_MAX UINT32_MAX

#define PAGE_SIZE 4096ull
#define PAGE_SHIFT 12
#define PAGE_ALIGN(bytes) (((bytes) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define sizeof_field(type, field) sizeof(((type *)0)->field)
#define container_of(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(value, low, high) ((value) < (low) ? (low) : (value) > (high) ? (high) : (value))

/* None of those of MSGQ_FEATURE_*: they are of the kernel's. */
#define MSGQ_FEATURES_HERE 0ull

#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define array_index_nospec(index, size) (index)
#define cond_resched() ((void)0)

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define WARN_ON(condition) ((condition) ? (shim_warn(__FILE__, __LINE__, #condition), true) : false)
void shim_warn(const char *file, int line, const char *what);

static inline u64 hash_64(u64 value, unsigned int bits)
{
	return value * 0x61c8864680b583ebull >> (64 - bits);
}

static inline const void *memchr_inv(const void *start, int byte, size_t size)
{
	const u8 *bytes = start;

	for (; size; bytes++, size--) {
		if (*bytes != byte)
			return bytes;
	}
	return NULL;
}

static inline void strscpy_pad(u8 *to, const char *from, size_t size)
{
	strncpy((char *)to, from, size - 1);
	to[size - 1] = 0;
}

u64 get_random_u64(void);

static inline u64 ktime_get_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
}

static inline u64 ktime_get_real_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

/* Memory stays on the node that touches it first; the daemon has no say. */
#define NUMA_NO_NODE (-1)
#define numa_node_id() NUMA_NO_NODE

/* The daemon sets it by an option of its own. */
#define module_param(name, type, mode) type *shim_param_##name = &name

#define __stringify_1(text) #text
#define __stringify(text) __stringify_1(text)
#define MODULE_PARM_DESC(name, text) _Static_assert(1, text)

#include "alloc.h"
#include "caller.h"
#include "list.h"
#include "lock.h"
#include "trace.h"

#endif
