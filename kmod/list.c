// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/pid.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "context.h"
#include "list.h"
#include "queue.h"
#include "scope.h"

static void msgq_list_fill(struct msgq_queue *queue, struct msgq_info *info)
{
	lockdep_assert_held(&queue->scope->lock);
	memset(info, 0, sizeof(*info));
	info->address = queue->address;
	info->key = queue->key;
	info->cookie = queue->cookie;
	info->received = msgq_load(&queue->ring.consumer->head);
	info->created_ns = queue->created_ns;
	info->bytes = queue->memory.bytes;
	info->entries = queue->ring.capacity;
	info->depth = msgq_keeper_depth(&queue->ring);
	info->waiting = !!(msgq_load(&queue->ring.consumer->sleeps) & MSGQ_SLEEPS_RECV);
	info->uid = msgq_perm_uid(queue->perm.uid);
	info->gid = msgq_perm_gid(queue->perm.gid);
	info->creator_uid = msgq_perm_uid(queue->perm.creator_uid);
	info->creator_gid = msgq_perm_gid(queue->perm.creator_gid);
	info->mode = queue->perm.mode;
	info->flags = queue->mediated ? MSGQ_INFO_MEDIATED : 0;
	/* A queue in the scope has a living owner: closing takes the lock. */
	info->pid = pid_vnr(queue->owner->pid);

	mutex_lock(&queue->lock);
	info->state = queue->state;
	info->senders = queue->rows.live;
	mutex_unlock(&queue->lock);
}

void msgq_list_request(struct msgq_context *context, struct msgq_list *list,
		       struct msgq_info *info, u32 room)
{
	struct msgq_scope *scope = context->scope;
	u32 number = list->from, filled = 0;
	struct msgq_queue *queue;

	mutex_lock(&scope->lock);
	for (; filled < room && (queue = msgq_table_from(&scope->queues, &number)); number++) {
		if (msgq_perm_may(&queue->perm, scope, MSGQ_MAY_LOOK))
			msgq_list_fill(queue, &info[filled++]);
	}
	mutex_unlock(&scope->lock);
	list->count = filled;
	list->from = number;
}
