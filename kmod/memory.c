// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "cache.h"
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

static struct page *msgq_memory_page(int node, unsigned int order, gfp_t more)
{
	return alloc_pages_node(node, MSGQ_GFP_MAPPED | __GFP_ZERO | __GFP_NOWARN | more, order);
}

/*
 * A small queue in one piece, where one is to be had for the asking: the
 * kernel then has it mapped already. Its pages are given back one by one, as
 * others are.
 */
static bool msgq_memory_alloc_piece(struct msgq_memory *memory, u32 pages, int node)
{
	unsigned int order = get_order((unsigned long)pages << PAGE_SHIFT);
	struct page *piece;
	u32 i;

	if (order > PAGE_ALLOC_COSTLY_ORDER)
		return false;
	piece = msgq_memory_page(node, order, __GFP_NORETRY);
	if (!piece)
		return false;
	split_page(piece, order);
	for (i = 0; i < pages; i++)
		memory->page[i] = piece + i;
	for (; i < 1u << order; i++)
		put_page(piece + i);
	memory->pages = pages;
	atomic_long_add(pages, &msgq_pages_live);
	memory->base = page_address(piece);
	return true;
}

static int msgq_memory_alloc_pages(struct msgq_memory *memory, u32 pages, int node)
{
	for (; memory->pages < pages; memory->pages++) {
		/* A queue too large for the machine must not wake the OOM killer. */
		struct page *page = msgq_memory_page(node, 0, __GFP_RETRY_MAYFAIL);

		if (!page || fatal_signal_pending(current)) {
			if (page)
				put_page(page);
			return -ENOMEM;
		}
		memory->page[memory->pages] = page;
		atomic_long_inc(&msgq_pages_live);
		cond_resched();
	}
	memory->base = vmap(memory->page, pages, VM_MAP, PAGE_KERNEL);
	return memory->base ? 0 : -ENOMEM;
}

int msgq_memory_alloc(struct msgq_memory *memory, u64 bytes, int node)
{
	u32 pages = DIV_ROUND_UP_ULL(bytes, PAGE_SIZE);

	memory->bytes = pages * PAGE_SIZE;
	memory->pages = 0;
	memory->page = kvcalloc(pages, sizeof(*memory->page), MSGQ_GFP);
	if (!memory->page)
		return -ENOMEM;
	if (msgq_memory_alloc_piece(memory, pages, node))
		return 0;
	if (!msgq_memory_alloc_pages(memory, pages, node))
		return 0;
	msgq_memory_free_pages(memory);
	return -ENOMEM;
}

void msgq_memory_free(struct msgq_memory *memory)
{
	if (is_vmalloc_addr(memory->base))
		vunmap(memory->base);
	msgq_memory_free_pages(memory);
}

void msgq_memory_exit(void)
{
	long leaked = atomic_long_read(&msgq_pages_live);

	WARN(leaked, "msgq: leak of %ld pages\n", leaked);
}
