// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "context.h"
#include "list.h"
#include "queue.h"
#include "scope.h"

/* The queue is locked. What users have written is bounded, and else taken as it is. */
static void msgq_list_count(struct msgq_queue *queue, struct msgq_info *info)
{
	const struct msgq_ring *ring = &queue->ring;
	u64 head, skipped, high;

	/* In this order: who moves the head has counted before what it skipped. */
	head = msgq_load_acquire(&ring->consumer->head);
	skipped = msgq_load(&ring->consumer->skipped);
	info->depth = msgq_keeper_depth(ring);
	info->received = head - min(skipped, head);
	info->sent = head + info->depth - min(queue->rows.reaped, head + info->depth);
	info->cancelled = queue->cancelled;
	info->reaped = queue->rows.reaped;
	info->full = msgq_load(&msgq_ring_tally(ring)->full);
	high = info->full ? ring->capacity : msgq_load(&ring->consumer->high);
	high = max_t(u64, high, info->depth);
	queue->high = max_t(u64, queue->high, min_t(u64, high, ring->capacity));
	info->high = queue->high;
}

/* What the scope's lock keeps, or nothing changes. */
static void msgq_list_name(struct msgq_queue *queue, struct msgq_info *info)
{
	lockdep_assert_held(&queue->scope->lock);
	memset(info, 0, sizeof(*info));
	info->address = queue->address;
	info->key = queue->key;
	info->cookie = queue->cookie;
	info->created_ns = queue->created_ns;
	info->bytes = queue->memory.bytes;
	info->entries = queue->ring.capacity;
	info->waiting = !!(msgq_load(&queue->ring.consumer->sleeps) & MSGQ_SLEEPS_RECV);
	info->uid = msgq_perm_uid(queue->perm.uid);
	info->gid = msgq_perm_gid(queue->perm.gid);
	info->creator_uid = msgq_perm_uid(queue->perm.creator_uid);
	info->creator_gid = msgq_perm_gid(queue->perm.creator_gid);
	info->mode = queue->perm.mode;
	info->flags = queue->mediated ? MSGQ_INFO_MEDIATED : 0;
	/* A queue in the scope has a living owner: closing takes the lock. */
	info->pid = pid_vnr(queue->owner->pid);
}

/* False: it was closed meanwhile. */
static bool msgq_list_state(struct msgq_queue *queue, struct msgq_info *info)
{
	mutex_lock(&queue->lock);
	info->state = queue->state;
	info->senders = queue->rows.live;
	info->listeners = queue->listeners;
	info->activated_ns = queue->activated_ns;
	msgq_list_count(queue, info);
	mutex_unlock(&queue->lock);
	return info->state != MSGQ_QUEUE_GONE;
}

/* The first from *@from on that the caller may look at, with a reference. */
static struct msgq_queue *msgq_list_next(struct msgq_scope *scope, u32 *from,
					 struct msgq_info *info)
{
	struct msgq_queue *queue;

	mutex_lock(&scope->lock);
	for (; (queue = msgq_table_from(&scope->queues, from)); (*from)++) {
		if (!msgq_perm_may(&queue->perm, scope, MSGQ_MAY_LOOK))
			continue;
		msgq_list_name(queue, info);
		msgq_queue_get(queue);
		break;
	}
	mutex_unlock(&scope->lock);
	return queue;
}

u32 msgq_list_queues(struct msgq_scope *scope, u32 *from, struct msgq_info *info, u32 room)
{
	struct msgq_queue *queue;
	u32 filled = 0;

	/* Never both locks: a queue that is busy shall not hold up all others. */
	for (; filled < room && (queue = msgq_list_next(scope, from, &info[filled])); (*from)++) {
		if (msgq_list_state(queue, &info[filled]))
			filled++;
		msgq_queue_put(queue);
	}
	return filled;
}

int msgq_list_request(struct msgq_context *context, void *request, void *into, u32 room)
{
	struct msgq_list *list = request;

	list->count = msgq_list_queues(context->scope, &list->from, into, room);
	return 0;
}
