// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "attach.h"
#include "cache.h"
#include "context.h"
#include "queue.h"
#include "refuse.h"
#include "scope.h"
#include "user.h"
#include "watch.h"

/* A handle is the number in its table, and in the last bit which table. */
#define MSGQ_HANDLE_ATTACHMENT 1u

static struct kmem_cache *msgq_context_cache;

int msgq_context_init(void)
{
	msgq_context_cache = msgq_cache_create("msgq_context", sizeof(struct msgq_context));
	return msgq_context_cache ? 0 : -ENOMEM;
}

void msgq_context_exit(void)
{
	kmem_cache_destroy(msgq_context_cache);
}

struct msgq_context *msgq_context_new(struct msgq_scope *scope, struct pid *pid,
				      struct msgq_refusal *refusal, int *error)
{
	struct msgq_user *user = msgq_user_enter(&scope->users, refusal, error);
	struct msgq_context *context;

	if (!user)
		return NULL;
	context = kmem_cache_alloc(msgq_context_cache, MSGQ_GFP);
	if (!context) {
		msgq_user_leave(user);
		*error = msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, sizeof(*context));
		return NULL;
	}
	memset(context, 0, sizeof(*context));
	mutex_init(&context->lock);
	msgq_table_init(&context->queues, MSGQ_LIMIT_HANDLES);
	msgq_table_init(&context->attachments, MSGQ_LIMIT_HANDLES);
	INIT_LIST_HEAD(&context->watches);
	msgq_due_init(&context->due);
	msgq_pulse_init(&context->pulse);
	context->scope = scope;
	context->pid = pid;
	context->user = user;
	mutex_lock(&scope->lock);
	context->number = ++scope->contexts;
	mutex_unlock(&scope->lock);
	return context;
}

void msgq_context_end(struct msgq_context *context, bool asked)
{
	struct msgq_attachment *attachment;
	struct msgq_queue *queue;
	u32 number;

	mutex_lock(&context->lock);
	WRITE_ONCE(context->ended, true);
	msgq_watch_end(context);
	for (number = 0; (attachment = msgq_table_from(&context->attachments, &number));) {
		msgq_table_remove(&context->attachments, number);
		msgq_attach_end(attachment, asked);
	}
	for (number = 0; (queue = msgq_table_from(&context->queues, &number));) {
		msgq_table_remove(&context->queues, number);
		msgq_queue_close(queue);
	}
	mutex_unlock(&context->lock);
	msgq_pulse_end(&context->pulse);
}

void msgq_context_free(struct msgq_context *context)
{
	msgq_context_end(context, false);
	msgq_table_free(&context->queues);
	msgq_table_free(&context->attachments);
	mutex_destroy(&context->lock);
	msgq_user_leave(context->user);
	kmem_cache_free(msgq_context_cache, context);
}

struct msgq_queue *msgq_context_queue(struct msgq_context *context, u32 handle)
{
	lockdep_assert_held(&context->lock);
	if (handle & MSGQ_HANDLE_ATTACHMENT)
		return NULL;
	return msgq_table_find(&context->queues, handle >> 1);
}

struct msgq_attachment *msgq_context_attachment(struct msgq_context *context, u32 handle)
{
	lockdep_assert_held(&context->lock);
	if (!(handle & MSGQ_HANDLE_ATTACHMENT))
		return NULL;
	return msgq_table_find(&context->attachments, handle >> 1);
}

int msgq_context_add_queue(struct msgq_context *context, struct msgq_queue *queue)
{
	int error = msgq_table_add(&context->queues, queue, &queue->handle);

	queue->handle <<= 1;
	return error;
}

int msgq_context_add_attachment(struct msgq_context *context, struct msgq_attachment *attachment)
{
	int error = msgq_table_add(&context->attachments, attachment, &attachment->handle);

	attachment->handle = attachment->handle << 1 | MSGQ_HANDLE_ATTACHMENT;
	return error;
}

int msgq_context_refuse_handle(struct msgq_refusal *refusal, int error)
{
	if (error == -ENOSPC)
		return msgq_refuse(refusal, error, MSGQ_WHY_HANDLES, MSGQ_LIMIT_HANDLES);
	return msgq_refuse(refusal, error, MSGQ_WHY_MEMORY, 0);
}

void msgq_context_remove_queue(struct msgq_context *context, struct msgq_queue *queue)
{
	msgq_table_remove(&context->queues, queue->handle >> 1);
}

void msgq_context_remove_attachment(struct msgq_context *context,
				    struct msgq_attachment *attachment)
{
	msgq_table_remove(&context->attachments, attachment->handle >> 1);
}

void msgq_context_areas(struct msgq_queue *queue, u32 handle, struct msgq_area *area)
{
	u32 i;

	for (i = 0; i < MSGQ_AREAS; i++) {
		area[i].size = msgq_queue_area_size(queue, i, handle & MSGQ_HANDLE_ATTACHMENT);
		area[i].offset = area[i].size ? (u64)handle << MSGQ_OFFSET_HANDLE_SHIFT |
						(u64)i << MSGQ_OFFSET_AREA_SHIFT : 0;
	}
}

void msgq_context_decode(u64 offset, enum msgq_area_name *area, u64 *page)
{
	*area = offset >> MSGQ_OFFSET_AREA_SHIFT & (MSGQ_AREAS - 1);
	*page = (offset & ((1ull << MSGQ_OFFSET_AREA_SHIFT) - 1)) >> PAGE_SHIFT;
}

struct msgq_queue *msgq_context_at(struct msgq_context *context, u64 offset,
				   struct msgq_attachment **attachment)
{
	u32 handle = offset >> MSGQ_OFFSET_HANDLE_SHIFT;
	struct msgq_queue *queue;

	mutex_lock(&context->lock);
	*attachment = msgq_context_attachment(context, handle);
	if (*attachment) {
		queue = (*attachment)->queue;
		(*attachment)->mapped = true;
		msgq_attach_get(*attachment);
	} else {
		queue = msgq_context_queue(context, handle);
		if (queue)
			msgq_queue_get(queue);
	}
	mutex_unlock(&context->lock);
	return queue;
}

void msgq_context_let_go(struct msgq_queue *queue, struct msgq_attachment *attachment)
{
	if (attachment)
		msgq_attach_put(attachment);
	else
		msgq_queue_put(queue);
}
