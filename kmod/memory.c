// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "memory.h"

/* Single pages come from no cache that would notice a leak. */
static atomic_long_t msgq_pages_live;

static void msgq_memory_free_pages(struct msgq_memory *memory)
{
	u32 i;

	for (i = 0; i < memory->pages; i++)
		put_page(memory->page[i]);
	atomic_long_sub(memory->pages, &msgq_pages_live);
	kvfree(memory->page);
	memory->page = NULL;
	memory->pages = 0;
}

int msgq_memory_alloc(struct msgq_memory *memory, u64 bytes, int node)
{
	u32 pages = DIV_ROUND_UP_ULL(bytes, PAGE_SIZE);

	memory->bytes = pages * PAGE_SIZE;
	memory->pages = 0;
	memory->page = kvcalloc(pages, sizeof(*memory->page), GFP_KERNEL_ACCOUNT);
	if (!memory->page)
		return -ENOMEM;

	for (; memory->pages < pages; memory->pages++) {
		/* A queue too large for the machine must not wake the OOM killer. */
		struct page *page = alloc_pages_node(node, GFP_KERNEL_ACCOUNT | __GFP_ZERO |
						     __GFP_RETRY_MAYFAIL | __GFP_NOWARN, 0);

		if (!page || fatal_signal_pending(current)) {
			if (page)
				put_page(page);
			msgq_memory_free_pages(memory);
			return -ENOMEM;
		}
		memory->page[memory->pages] = page;
		atomic_long_inc(&msgq_pages_live);
		cond_resched();
	}

	memory->base = vmap(memory->page, pages, VM_MAP, PAGE_KERNEL);
	if (!memory->base) {
		msgq_memory_free_pages(memory);
		return -ENOMEM;
	}
	return 0;
}

void msgq_memory_free(struct msgq_memory *memory)
{
	vunmap(memory->base);
	msgq_memory_free_pages(memory);
}

void msgq_memory_exit(void)
{
	long leaked = atomic_long_read(&msgq_pages_live);

	WARN(leaked, "msgq: leak of %ld pages\n", leaked);
}
