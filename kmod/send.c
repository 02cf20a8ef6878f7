// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/string.h>

/*
 * All that claim are here, one after the other. What is left to lose to is the
 * receiver, who moves the head and arms words: each once in a send, if honest.
 */
#define MSGQ_CLAIM_TRIES 64

#include <msgq/sender.h>

#include "attach.h"
#include "context.h"
#include "due.h"
#include "queue.h"
#include "refuse.h"
#include "send.h"
#include "trace.h"
#include "wait.h"

/*
 * As any sender, by the index that the attachment was given and that nobody
 * else can write. Nothing here sleeps between claim and publish, or returns:
 * no claim is ever left open, whatever becomes of the process.
 */
static enum msgq_send_result msgq_send_in(struct msgq_queue *queue, u32 index,
					  const struct msgq_send *send)
{
	struct msgq_sender sender = {
		.ring = queue->ring,
		.guess = queue->sent,
		.head = queue->sent_head,
		.index = index,
		/* Changed under the lock only, so that there is never a doubt. */
		.revokes = msgq_load(&queue->ring.keeper->revokes),
	};
	enum msgq_send_result result;

	lockdep_assert_held(&queue->lock);
	if (send->flags & MSGQ_SEND_POKE)
		result = msgq_sender_poke(&sender);
	else
		result = msgq_sender_send(&sender, send->msg, send->len);
	queue->sent = sender.guess;
	queue->sent_head = sender.head;
	return result;
}

/* What the lock guards decides, and not the copy in the ring. */
static int msgq_send_locked(struct msgq_queue *queue, u32 index, struct msgq_send *send,
			    bool *wake)
{
	switch (queue->state) {
	case MSGQ_QUEUE_ACTIVE:
		break;
	case MSGQ_QUEUE_INACTIVE:
		return msgq_refuse(&send->refusal, -ECONNREFUSED, MSGQ_WHY_INACTIVE, 0);
	case MSGQ_QUEUE_GONE:
		return msgq_refuse(&send->refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
	}
	switch (msgq_send_in(queue, index, send)) {
	case MSGQ_SENT_WAKE:
		*wake = true;
		return 0;
	case MSGQ_SENT:
		return 0;
	case MSGQ_FULL:
		return msgq_refuse(&send->refusal, -EAGAIN, MSGQ_WHY_FULL, queue->ring.capacity);
	default:
		/* Also when it is CLOSED: not by the keeper. */
		return msgq_refuse(&send->refusal, -EBADMSG, MSGQ_WHY_RING, 0);
	}
}

int msgq_send_request(struct msgq_context *context, void *request)
{
	struct msgq_send *send = request;
	struct msgq_attachment *attachment = msgq_context_attachment(context, send->handle);
	struct msgq_queue *queue;
	bool wake = false;
	int error;

	BUILD_BUG_ON(sizeof(send->msg) != MSGQ_MSG_MAX);

	if (send->flags & ~MSGQ_SEND_FLAGS)
		return msgq_refuse(&send->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_SEND_FLAGS);
	if (send->len > MSGQ_MSG_MAX)
		return msgq_refuse(&send->refusal, -EMSGSIZE, MSGQ_WHY_LEN, MSGQ_MSG_MAX);
	if (!attachment)
		return msgq_refuse(&send->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	queue = attachment->queue;
	if (!queue->mediated)
		return msgq_refuse(&send->refusal, -EOPNOTSUPP, MSGQ_WHY_OPERATION, 0);

	mutex_lock(&queue->lock);
	error = msgq_send_locked(queue, attachment->index, send, &wake);
	if (!(send->flags & MSGQ_SEND_POKE))
		trace_msgq_send(attachment, send->len, error);
	mutex_unlock(&queue->lock);
	if (wake) {
		msgq_waiter_wake(&queue->waiter);
		msgq_due_fire(queue);
	}
	return error;
}
