/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The pages of a queue: seen by the kernel in one piece, mapped area by area. */
#ifndef MSGQ_MEMORY_H
#define MSGQ_MEMORY_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct msgq_memory {
	void *base;
	u64 bytes;
	struct page **page;
	u32 pages;
};

/* Zeroed, charged to the caller's cgroup; @node as for alloc_pages_node(). */
int msgq_memory_alloc(struct msgq_memory *memory, u64 bytes, int node);

/* Pages that are still mapped somewhere live on until they are not. */
void msgq_memory_free(struct msgq_memory *memory);

/* Complains about memory that was never freed. */
void msgq_memory_exit(void);

#endif
