// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <msgq/keeper.h>

#include "context.h"
#include "due.h"
#include "queue.h"
#include "recheck.h"
#include "revoke.h"

/* One look takes two cache misses; more than this is for the next time. */
#define MSGQ_RECHECK_QUEUES 1024

static void msgq_recheck_queue(struct msgq_queue *queue)
{
	const struct msgq_ring *ring = &queue->ring;
	struct msgq_pos head = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));

	switch (msgq_keeper_judge(msgq_word_at(ring, head), head)) {
	case MSGQ_KEEP_READY:
	case MSGQ_KEEP_BROKEN:
		msgq_due_fire(queue);
		break;
	case MSGQ_KEEP_PENDING:
		msgq_revoke_stalled(queue);
		break;
	case MSGQ_KEPT:
		break;
	}
}

bool msgq_recheck(struct msgq_context *context)
{
	struct msgq_queue *queue;
	u32 looked;

	lockdep_assert_held(&context->lock);
	if (msgq_due_any(context))
		return false;
	for (looked = 0; looked < MSGQ_RECHECK_QUEUES; looked++, context->recheck++) {
		queue = msgq_table_from(&context->queues, &context->recheck);
		if (!queue) {
			context->recheck = 0;
			break;
		}
		msgq_recheck_queue(queue);
	}
	return !msgq_due_any(context);
}
