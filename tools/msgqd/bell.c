// SPDX-License-Identifier: MIT
#include "bell.h"
#include "ringer.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../../kmod/context.h"
#include "../../kmod/queue.h"
#include "../../kmod/refuse.h"
#include "../../lib/wire.h"

u64 bell_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

void bell_ring(wait_queue_head_t *bell)
{
	if (bell->fd >= 0)
		ringer_ring(bell->fd);
}

void bell_close(wait_queue_head_t *bell)
{
	if (bell->fd >= 0)
		close(bell->fd);
	bell->fd = -1;
}

static int bell_make(wait_queue_head_t *bell, struct msgq_refusal *refusal)
{
	if (bell->fd < 0)
		bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return bell->fd < 0 ? msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, 0) : 0;
}

static int bell_of_queue(struct msgq_context *context, struct msgq_handle *handle, int *fd)
{
	struct msgq_attachment *attachment;
	struct msgq_queue *queue = msgq_context_at(
		context, (u64)handle->handle << MSGQ_OFFSET_HANDLE_SHIFT, &attachment);
	int error;

	if (!queue)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	/* Who may write to nothing of the queue's gets no eventfd of its either. */
	if (attachment && queue->mediated)
		error = msgq_refuse(&handle->refusal, -EOPNOTSUPP, MSGQ_WHY_OPERATION, 0);
	else if (queue->state == MSGQ_QUEUE_GONE)
		error = msgq_refuse(&handle->refusal, -ENOENT, MSGQ_WHY_CLOSED, 0);
	else
		error = bell_make(&queue->waiter.head, &handle->refusal);
	*fd = queue->waiter.head.fd;
	msgq_context_let_go(queue, attachment);
	return error;
}

int core_bell(struct msgq_context *context, struct msgq_handle *handle, int *fd)
{
	int error;

	memset(&handle->refusal, 0, sizeof(handle->refusal));
	if (context->ended)
		return msgq_refuse(&handle->refusal, -ESHUTDOWN, MSGQ_WHY_DESTROYED, 0);
	if (handle->handle)
		return bell_of_queue(context, handle, fd);
	error = bell_make(&context->pulse.head, &handle->refusal);
	*fd = context->pulse.head.fd;
	if (!error && msgq_due_any(context))
		bell_ring(&context->pulse.head);
	return error;
}
