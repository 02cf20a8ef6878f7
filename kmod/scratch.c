// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/pagemap.h>
#include <linux/sched.h>

#include "attach.h"
#include "context.h"
#include "queue.h"
#include "scratch.h"

/*
 * A fault decides which page it is with the queue's lock held, but puts it into
 * the page table later, when it has let go of that. Meanwhile it holds the lock
 * of the page. So whoever holds the queue's lock, and has held the page's, knows
 * that no fault is on the way any more.
 */
static void msgq_scratch_await(struct page **page, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		lock_page(page[i]);
		unlock_page(page[i]);
		cond_resched();
	}
}

static void msgq_scratch_unmap(struct msgq_attachment *attachment)
{
	struct msgq_area area[MSGQ_AREAS];

	msgq_context_areas(attachment->queue, attachment->handle, area);
	unmap_mapping_range(attachment->context->mapping, area[MSGQ_AREA_SLOTS].offset,
			    area[MSGQ_AREA_SLOTS].size, 1);
}

int msgq_scratch_take(struct msgq_attachment *attachment)
{
	struct msgq_queue *queue = attachment->queue;
	u32 first = msgq_queue_area_start(queue, MSGQ_AREA_SLOTS) >> PAGE_SHIFT;
	int error;

	lockdep_assert_held(&queue->lock);
	error = msgq_memory_alloc(&attachment->scratch, PAGE_SIZE, NUMA_NO_NODE);
	if (error)
		return error;
	msgq_scratch_await(queue->memory.page + first, queue->memory.pages - first);
	msgq_scratch_unmap(attachment);
	return 0;
}

void msgq_scratch_free(struct msgq_attachment *attachment)
{
	lockdep_assert_held(&attachment->queue->lock);
	msgq_scratch_await(attachment->scratch.page, attachment->scratch.pages);
	msgq_scratch_unmap(attachment);
	msgq_memory_free(&attachment->scratch);
}
