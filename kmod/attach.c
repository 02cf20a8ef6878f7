// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "cache.h"
#include "context.h"
#include "queue.h"
#include "refuse.h"
#include "revoke.h"
#include "scope.h"
#include "trace.h"
#include "user.h"

static struct kmem_cache *msgq_attach_cache;

int msgq_attach_init(void)
{
	msgq_attach_cache = msgq_cache_create("msgq_attachment", sizeof(struct msgq_attachment));
	return msgq_attach_cache ? 0 : -ENOMEM;
}

void msgq_attach_exit(void)
{
	kmem_cache_destroy(msgq_attach_cache);
}

static struct msgq_attachment *msgq_attach_find(struct msgq_queue *queue,
						struct msgq_context *context)
{
	struct msgq_attachment *attachment;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry(attachment, &queue->attachments, by_queue) {
		if (attachment->context == context)
			return attachment;
	}
	return NULL;
}

/* An index for what @identity sends from now on; the queue's lock is held. */
static int msgq_attach_number(struct msgq_attachment *attachment,
			      const struct msgq_identity *identity, struct msgq_refusal *refusal)
{
	struct msgq_queue *queue = attachment->queue;
	int error;

	if (queue->state == MSGQ_QUEUE_GONE)
		return msgq_refuse(refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
	error = msgq_rows_take(&queue->rows, &queue->ring, attachment, identity,
			       &attachment->index);
	if (error == -ENOSPC)
		return msgq_refuse(refusal, error, MSGQ_WHY_SENDERS, MSGQ_SENDERS_MAX);
	if (error)
		return msgq_refuse(refusal, error, MSGQ_WHY_MEMORY, 0);
	attachment->identity = *identity;
	attachment->since = queue->rows.row[attachment->index].drained;
	return 0;
}

static struct msgq_attachment *msgq_attach_new(struct msgq_context *context,
					       struct msgq_queue *queue,
					       struct msgq_refusal *refusal, int *error)
{
	struct msgq_identity identity = msgq_identity_of(context);
	struct msgq_attachment *attachment;

	*error = msgq_user_charge(context->user, MSGQ_LIMIT_ATTACHMENTS, refusal);
	if (*error)
		return NULL;
	attachment = kmem_cache_alloc(msgq_attach_cache, MSGQ_GFP);
	if (!attachment) {
		*error = msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, sizeof(*attachment));
		goto uncharge;
	}
	memset(attachment, 0, sizeof(*attachment));
	kref_init(&attachment->references);
	attachment->context = context;
	attachment->queue = queue;
	attachment->attached_ns = ktime_get_real_ns();
	*error = msgq_context_add_attachment(context, attachment);
	if (*error) {
		msgq_context_refuse_handle(refusal, *error);
		goto free;
	}
	mutex_lock(&queue->lock);
	*error = msgq_attach_number(attachment, &identity, refusal);
	if (!*error) {
		attachment->number = queue->attached++;
		list_add_tail(&attachment->by_queue, &queue->attachments);
		trace_msgq_attach(attachment, identity.uid);
	}
	mutex_unlock(&queue->lock);
	if (*error)
		goto remove;
	msgq_queue_get(queue);
	return attachment;

remove:
	msgq_context_remove_attachment(context, attachment);
free:
	kmem_cache_free(msgq_attach_cache, attachment);
uncharge:
	msgq_user_uncharge(context->user, MSGQ_LIMIT_ATTACHMENTS);
	return NULL;
}

static struct msgq_queue *msgq_attach_queue(struct msgq_context *context,
					    const struct msgq_address *address, u32 want,
					    struct msgq_refusal *refusal, int *error)
{
	struct msgq_queue *queue = NULL;
	bool may;
	u32 mode;

	if (address->node != MSGQ_NODE) {
		*error = msgq_refuse(refusal, -ENOENT, MSGQ_WHY_NODE, MSGQ_NODE);
		return NULL;
	}
	if (!address->reserved)
		queue = msgq_scope_find(context->scope, address);
	if (!queue) {
		*error = msgq_refuse(refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
		return NULL;
	}
	mutex_lock(&context->scope->lock);
	may = msgq_perm_may(&queue->perm, context->scope, want);
	mode = queue->perm.mode;
	mutex_unlock(&context->scope->lock);
	if (may)
		return queue;
	*error = msgq_refuse(refusal, -EACCES,
			     want == MSGQ_MAY_SEND ? MSGQ_WHY_MODE_SEND : MSGQ_WHY_MODE_LOOK, mode);
	msgq_queue_put(queue);
	return NULL;
}

struct msgq_queue *msgq_attach_target(struct msgq_context *context,
				      const struct msgq_address *address,
				      struct msgq_refusal *refusal, int *error)
{
	return msgq_attach_queue(context, address, MSGQ_MAY_SEND, refusal, error);
}

struct msgq_queue *msgq_attach_look(struct msgq_context *context,
				    const struct msgq_address *address,
				    struct msgq_refusal *refusal, int *error)
{
	return msgq_attach_queue(context, address, MSGQ_MAY_LOOK, refusal, error);
}

int msgq_attach_request(struct msgq_context *context, void *request)
{
	struct msgq_attach *attach = request;
	struct msgq_attachment *attachment;
	struct msgq_queue *queue;
	int error = 0;

	queue = msgq_attach_target(context, &attach->address, &attach->refusal, &error);
	if (!queue)
		return error;

	/* Only this context, which is locked, could add or end it. */
	mutex_lock(&queue->lock);
	attachment = msgq_attach_find(queue, context);
	mutex_unlock(&queue->lock);
	if (!attachment)
		attachment = msgq_attach_new(context, queue, &attach->refusal, &error);
	if (!attachment)
		goto put;

	attach->handle = attachment->handle;
	mutex_lock(&queue->lock);
	attach->sender = attachment->index;
	/* Whoever attaches twice, and was revoked in between, is to be in doubt. */
	attach->revokes = attachment->revoked ? attachment->revoked - 1 :
						msgq_load(&queue->ring.keeper->revokes);
	mutex_unlock(&queue->lock);
	msgq_context_areas(queue, attachment->handle, attach->area);
put:
	msgq_queue_put(queue);
	return error;
}

void msgq_attach_get(struct msgq_attachment *attachment)
{
	kref_get(&attachment->references);
}

/* A mapping holds the file, and that the context, whose user is charged. */
static void msgq_attach_free(struct kref *references)
{
	struct msgq_attachment *attachment =
		container_of(references, struct msgq_attachment, references);

	msgq_queue_put(attachment->queue);
	msgq_user_uncharge(attachment->context->user, MSGQ_LIMIT_ATTACHMENTS);
	kmem_cache_free(msgq_attach_cache, attachment);
}

void msgq_attach_put(struct msgq_attachment *attachment)
{
	kref_put(&attachment->references, msgq_attach_free);
}

void msgq_attach_end(struct msgq_attachment *attachment, bool asked)
{
	struct msgq_queue *queue = attachment->queue;
	u32 cancelled = 0;

	mutex_lock(&queue->lock);
	list_del(&attachment->by_queue);
	if (attachment->revoked) {
		msgq_revoke_end(attachment);
	} else if (queue->mediated || !attachment->mapped) {
		/* Without a ring of its own to claim in: no reason to look at all of it. */
		msgq_rows_retire(&queue->rows, &queue->ring, attachment->index);
	} else {
		struct msgq_reaped reaped = msgq_rows_reap(&queue->rows, &queue->ring,
							    attachment->index);

		msgq_rows_drop(&queue->rows, attachment->index, &reaped);
		cancelled = reaped.cancelled;
	}
	if (!asked || cancelled)
		trace_msgq_reap(attachment, cancelled);
	trace_msgq_detach(attachment);
	mutex_unlock(&queue->lock);

	/*
	 * Always: a claim that was cancelled may have swapped out ARMED, and
	 * a message that was published may lack its WAKE.
	 */
	msgq_waiter_wake(&queue->waiter);
	msgq_due_fire(queue);
	msgq_attach_put(attachment);
}

/* The new index first: without one, the attachment stays as it was. */
int msgq_renew_request(struct msgq_context *context, void *request)
{
	struct msgq_renew *renew = request;
	struct msgq_attachment *attachment = msgq_context_attachment(context, renew->handle);
	struct msgq_identity identity = msgq_identity_of(context);
	struct msgq_queue *queue;
	int error = 0;
	u32 old;

	renew->revoked = 0;
	renew->undone = 0;
	if (!attachment)
		return msgq_refuse(&renew->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	queue = attachment->queue;
	old = attachment->index;
	mutex_lock(&queue->lock);
	renew->revokes = msgq_load(&queue->ring.keeper->revokes);
	if (attachment->revoked) {
		renew->revoked = 1;
		renew->undone = msgq_keeper_undone(renew->claim, renew->seen,
						   attachment->revoked, attachment->undone);
		error = msgq_attach_number(attachment, &identity, &renew->refusal);
		if (!error)
			msgq_revoke_end(attachment);
	} else if (!msgq_identity_same(msgq_rows_identity(&queue->rows, old), &identity)) {
		error = msgq_attach_number(attachment, &identity, &renew->refusal);
		if (!error)
			msgq_rows_retire(&queue->rows, &queue->ring, old);
	}
	if (attachment->index != old)
		trace_msgq_renew(attachment, identity.uid, old);
	mutex_unlock(&queue->lock);
	renew->sender = attachment->index;
	return error;
}

int msgq_detach_request(struct msgq_context *context, void *request)
{
	struct msgq_handle *handle = request;
	struct msgq_attachment *attachment = msgq_context_attachment(context, handle->handle);

	if (!attachment)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	msgq_context_remove_attachment(context, attachment);
	msgq_attach_end(attachment, true);
	return 0;
}
