// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "cache.h"
#include "context.h"
#include "list.h"
#include "queue.h"
#include "refuse.h"
#include "senders.h"

static void msgq_senders_fill(const struct msgq_attachment *attachment,
			      struct msgq_sender_info *info)
{
	memset(info, 0, sizeof(*info));
	info->attached_ns = attachment->attached_ns;
	info->last = MSGQ_SENDER_NONE;
	info->index = attachment->revoked ? U32_MAX : attachment->index;
	/* An attachment on the list has a living context. */
	info->pid = pid_vnr(attachment->context->pid);
	info->uid = msgq_perm_uid(attachment->identity.uid);
	info->sendid = attachment->identity.sendid;
	if (attachment->revoked)
		info->flags |= MSGQ_SENDER_REVOKED;
	if (attachment->queue->mediated)
		info->flags |= MSGQ_SENDER_MEDIATED;
}

/*
 * Those from number *@from on, which it sets to where to go on. Returns how many.
 * Their words are at @since or beyond: before, they are of who had the index then.
 */
static u32 msgq_senders_attached(struct msgq_queue *queue, u64 *from,
				 struct msgq_sender_info *info, u64 *since, u32 room)
{
	const struct msgq_attachment *attachment;
	u32 filled = 0;

	mutex_lock(&queue->lock);
	list_for_each_entry(attachment, &queue->attachments, by_queue) {
		if (filled == room)
			break;
		if (attachment->number < *from)
			continue;
		msgq_senders_fill(attachment, &info[filled]);
		since[filled++] = attachment->since;
		*from = attachment->number + 1;
	}
	mutex_unlock(&queue->lock);
	return filled;
}

static void msgq_senders_word(struct msgq_sender_info *info, u64 word, u64 t)
{
	switch (msgq_word_state(word)) {
	case MSGQ_CLAIMED:
		info->open++;
		break;
	case MSGQ_READY:
	case MSGQ_TAKEN:
		info->recent++;
		if (info->last == MSGQ_SENDER_NONE || info->last < t)
			info->last = t;
		break;
	case MSGQ_CANCELLED:
		break;
	}
}

/*
 * All words, once: those from the head on are of its lap, or of the lap before,
 * and were received then. Without the queue's lock: senders claim and receivers
 * receive meanwhile, lock or not, and to look at a large ring takes a while.
 */
static void msgq_senders_look(const struct msgq_ring *ring, struct msgq_sender_info *info,
			      const u64 *since, const u8 *number)
{
	struct msgq_pos pos = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));
	u32 looked;

	for (looked = 0; looked < ring->slots; looked++, pos = msgq_pos_next(ring, pos)) {
		u64 word = msgq_word_at(ring, pos);
		u8 which = number[msgq_word_sender(word)];
		s64 ahead = msgq_word_ahead(word, pos.lap);
		u64 t = pos.t;

		if ((looked & 4095) == 4095)
			cond_resched();
		/* Lap 0 is memory as it came. */
		if (ahead == -1 && pos.lap > 1)
			t -= ring->slots;
		else if (ahead)
			continue;
		if (which && t >= since[which - 1])
			msgq_senders_word(&info[which - 1], word, t);
	}
}

int msgq_senders_request(struct msgq_context *context, void *request, void *into, u32 room)
{
	struct msgq_senders *senders = request;
	struct msgq_sender_info *info = into;
	u64 since[MSGQ_LIST_ROOM];
	struct msgq_queue *queue;
	u8 *number; /* in @info, from 1, by index */
	int error = 0;
	u32 i;

	queue = msgq_attach_look(context, &senders->address, &senders->refusal, &error);
	if (!queue)
		return error;
	number = kvcalloc(MSGQ_SENDERS_MAX, sizeof(*number), MSGQ_GFP);
	if (!number) {
		error = msgq_refuse(&senders->refusal, -ENOMEM, MSGQ_WHY_MEMORY, MSGQ_SENDERS_MAX);
		goto put;
	}
	senders->count = msgq_senders_attached(queue, &senders->from, info, since,
					       min(room, MSGQ_LIST_ROOM));
	senders->slots = queue->ring.slots;
	senders->next = msgq_keeper_boundary(&queue->ring).t;
	for (i = 0; i < senders->count; i++) {
		if (info[i].index < MSGQ_SENDERS_MAX)
			number[info[i].index] = i + 1;
	}
	if (senders->count)
		msgq_senders_look(&queue->ring, info, since, number);
	kvfree(number);
put:
	msgq_queue_put(queue);
	return error;
}
