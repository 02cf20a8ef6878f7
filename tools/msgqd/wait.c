// SPDX-License-Identifier: MIT
/*
 * Clients sleep without the daemon, on the word at the head of the ring
 * (lib/daemon.cc). What is left to do here is to wake them when a context
 * goes away, and for senders that could get no bell.
 */

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kmod/attach.h"
#include "../../kmod/context.h"
#include "../../kmod/queue.h"
#include "../../kmod/refuse.h"
#include "../../kmod/wait.h"
#include "bell.h"

void msgq_waiter_init(struct msgq_waiter *waiter)
{
	waiter->head.fd = -1;
}

void msgq_waiter_exit(struct msgq_waiter *waiter)
{
	(void)waiter;
}

void msgq_waiter_wake(struct msgq_waiter *waiter)
{
	struct msgq_queue *queue = container_of(waiter, struct msgq_queue, waiter);
	struct msgq_pos head =
		msgq_pos_at(&queue->ring, msgq_load_acquire(&queue->ring.consumer->head));

	syscall(SYS_futex, &queue->ring.slot[head.index].word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void msgq_waiter_close(struct msgq_waiter *waiter)
{
	msgq_waiter_wake(waiter);
	bell_close(&waiter->head);
}

int msgq_wait_request(struct msgq_context *context, void *request)
{
	struct msgq_wait *wait = request;

	(void)context;
	return msgq_refuse(&wait->refusal, -EOPNOTSUPP, MSGQ_WHY_OPERATION, 0);
}

int msgq_wake_request(struct msgq_context *context, void *request)
{
	struct msgq_handle *handle = request;
	struct msgq_attachment *attachment = msgq_context_attachment(context, handle->handle);

	if (!attachment)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	msgq_due_fire(attachment->queue);
	return 0;
}
