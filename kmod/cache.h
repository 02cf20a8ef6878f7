/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_CACHE_H
#define MSGQ_CACHE_H

#include <linux/slab.h>

/*
 * For all that users cause to be allocated: charged to their cgroup, and where
 * that has no more, an error to whoever asks and not the OOM killer's affair.
 */
#define MSGQ_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

static inline void msgq_cache_construct(void *object)
{
}

/*
 * A cache with a constructor is never merged with others, so that destroying
 * it at unload reports every object that was leaked.
 */
static inline struct kmem_cache *msgq_cache_create(const char *name, unsigned int size)
{
	return kmem_cache_create(name, size, 0, SLAB_ACCOUNT, msgq_cache_construct);
}

#endif
