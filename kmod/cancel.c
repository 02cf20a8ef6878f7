// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/sched.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "cancel.h"
#include "context.h"
#include "fence.h"
#include "identity.h"
#include "queue.h"
#include "refuse.h"
#include "trace.h"

struct msgq_canceller {
	const struct msgq_rows *rows;
	struct msgq_identity identity;
};

static bool msgq_cancel_wanted(const void *who, u32 index)
{
	const struct msgq_canceller *canceller = who;
	const struct msgq_identity *sender = msgq_rows_identity(canceller->rows, index);

	return sender && msgq_identity_cancels(&canceller->identity, sender);
}

static void msgq_cancel_breathe(void)
{
	cond_resched();
}

static u32 msgq_cancel_in(struct msgq_queue *queue, const struct msgq_context *context)
{
	struct msgq_canceller canceller = { &queue->rows, msgq_identity_of(context) };

	lockdep_assert_held(&queue->lock);
	msgq_keeper_cancel_begin(&queue->ring);
	msgq_fence_receivers(queue);
	return msgq_keeper_cancel(&queue->ring, msgq_cancel_wanted, &canceller,
				  msgq_cancel_breathe);
}

int msgq_cancel_request(struct msgq_context *context, void *request)
{
	struct msgq_cancel *cancel = request;
	struct msgq_queue *queue;
	int error = 0;

	queue = msgq_attach_target(context, &cancel->address, &cancel->refusal, &error);
	if (!queue)
		return error;

	mutex_lock(&queue->lock);
	cancel->cancelled = 0;
	if (queue->state == MSGQ_QUEUE_GONE) {
		error = msgq_refuse(&cancel->refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
	} else {
		cancel->cancelled = msgq_cancel_in(queue, context);
		queue->cancelled += cancel->cancelled;
		trace_msgq_cancel(queue, context, cancel->cancelled);
	}
	mutex_unlock(&queue->lock);

	/* They take up room until the receiver has passed them: it may be asleep. */
	if (cancel->cancelled)
		msgq_waiter_wake(&queue->waiter);
	msgq_queue_put(queue);
	return error;
}
