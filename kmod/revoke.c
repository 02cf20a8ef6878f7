// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include <msgq/stalled.h>

#include "attach.h"
#include "context.h"
#include "queue.h"
#include "refuse.h"
#include "revoke.h"
#include "scratch.h"
#include "trace.h"

/*
 * The order is the whole point. Once the slots are taken away, all that the
 * sender stored there is seen, and it stores no more: what is still claimed
 * stays so, until it is cancelled here. Where nothing was, nothing has happened,
 * and its next touch gets the slots back. Faults wait for the queue's lock.
 */
static int msgq_revoke_sender(struct msgq_attachment *attachment, u32 *cancelled)
{
	struct msgq_queue *queue = attachment->queue;
	struct msgq_reaped reaped;
	int error;

	error = msgq_scratch_take(attachment);
	if (error)
		return error;
	reaped = msgq_rows_reap(&queue->rows, &queue->ring, attachment->index);
	*cancelled += reaped.cancelled;
	if (!reaped.cancelled) {
		msgq_scratch_free(attachment);
		return 0;
	}
	msgq_rows_drop(&queue->rows, attachment->index, &reaped);
	attachment->undone = reaped.last;
	attachment->revoked = msgq_keeper_revoked(&queue->ring);
	trace_msgq_revoke(queue, attachment->index, attachment->context, reaped.cancelled);
	return 0;
}

/*
 * A claim in the name of nobody cannot be published by anyone honest, and so is
 * no reason to look for others: a ring could be full of them. In a mediated queue,
 * where none is open but for a moment, each is such a one.
 */
static void msgq_revoke_forged(struct msgq_queue *queue, struct msgq_pos pos, u64 word,
			       u32 *cancelled)
{
	if (!msgq_keeper_cancel_claim(&queue->ring, pos, word))
		return;
	queue->rows.reaped++;
	*cancelled += 1;
	trace_msgq_revoke(queue, msgq_word_sender(word), NULL, 1);
}

/* Each takes a look at all of the ring, during which nobody else gets the lock. */
#define MSGQ_REVOKE_SENDERS 64

/*
 * All that are open from the head on, to @until. What it could not do, or is too
 * much for once, is left open: who waits for it comes again. The name may be
 * forged of whose bearer sends: that loses a claim, or nothing, and sends again.
 */
static int msgq_revoke_claims(struct msgq_queue *queue, u64 until, u32 *cancelled)
{
	const struct msgq_ring *ring = &queue->ring;
	struct msgq_pos pos = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));
	u32 looked, senders = 0;
	int error;

	lockdep_assert_held(&queue->lock);
	for (looked = 0; looked < ring->slots && (s64)(pos.t - until) < 0;
	     looked++, pos = msgq_pos_next(ring, pos)) {
		u64 word = msgq_word_at(ring, pos);
		struct msgq_attachment *attachment;

		if ((looked & 4095) == 4095)
			cond_resched();
		if (msgq_keeper_judge(word, pos) != MSGQ_KEEP_PENDING)
			continue;
		attachment = msgq_rows_attachment(&queue->rows, msgq_word_sender(word));
		if (!attachment || queue->mediated) {
			msgq_revoke_forged(queue, pos, word, cancelled);
			continue;
		}
		if (++senders > MSGQ_REVOKE_SENDERS)
			return 0;
		error = msgq_revoke_sender(attachment, cancelled);
		if (error)
			return error;
	}
	return 0;
}

/* The claims may have swapped out ARMED, and what comes after them be there. */
static void msgq_revoke_wake(struct msgq_queue *queue)
{
	msgq_waiter_wake(&queue->waiter);
	msgq_due_fire(queue);
}

void msgq_revoke_stalled(struct msgq_queue *queue)
{
	struct msgq_stalled *stalled = &queue->stalled;
	u64 now_ns = ktime_get_ns();
	u32 cancelled = 0;

	mutex_lock(&queue->lock);
	if (msgq_stalled_due(stalled, &queue->ring, now_ns) &&
	    msgq_revoke_claims(queue, stalled->until, &cancelled))
		msgq_stalled_again(stalled, now_ns);
	mutex_unlock(&queue->lock);
	if (cancelled)
		msgq_revoke_wake(queue);
}

void msgq_revoke_end(struct msgq_attachment *attachment)
{
	lockdep_assert_held(&attachment->queue->lock);
	attachment->revoked = 0;
	msgq_scratch_free(attachment);
}

int msgq_revoke_request(struct msgq_context *context, void *request)
{
	struct msgq_revoke *revoke = request;
	struct msgq_queue *queue = msgq_context_queue(context, revoke->handle);
	int error;

	revoke->cancelled = 0;
	if (!queue)
		return msgq_refuse(&revoke->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	mutex_lock(&queue->lock);
	error = msgq_revoke_claims(queue, revoke->until, &revoke->cancelled);
	mutex_unlock(&queue->lock);
	if (error == -EOPNOTSUPP)
		return msgq_refuse(&revoke->refusal, error, MSGQ_WHY_NO_REVOKE, 0);
	if (error)
		return msgq_refuse(&revoke->refusal, error, MSGQ_WHY_MEMORY, PAGE_SIZE);
	return 0;
}

int msgq_stall_request(struct msgq_context *context, void *request)
{
	struct msgq_stall *stall = request;
	struct msgq_queue *queue = msgq_context_queue(context, stall->handle);

	if (!queue)
		return msgq_refuse(&stall->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	mutex_lock(&queue->lock);
	queue->stalled.limit_ns = stall->stall_ns;
	mutex_unlock(&queue->lock);
	return 0;
}
