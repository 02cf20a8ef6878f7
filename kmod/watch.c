// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "cache.h"
#include "context.h"
#include "fence.h"
#include "queue.h"
#include "refuse.h"
#include "user.h"
#include "watch.h"

static struct kmem_cache *msgq_watch_cache;

int msgq_watch_init(void)
{
	msgq_watch_cache = msgq_cache_create("msgq_watch", sizeof(struct msgq_watch));
	return msgq_watch_cache ? 0 : -ENOMEM;
}

void msgq_watch_exit(void)
{
	kmem_cache_destroy(msgq_watch_cache);
}

void msgq_watch_free(struct msgq_watch *watch)
{
	lockdep_assert_held(&watch->context->lock);
	list_del(&watch->by_context);
	msgq_queue_put(watch->queue);
	msgq_user_uncharge(watch->context->user, MSGQ_LIMIT_ATTACHMENTS);
	kmem_cache_free(msgq_watch_cache, watch);
}

/* The queue is locked; it may be off the list already, when that is closed. */
static void msgq_watch_leave(struct msgq_watch *watch)
{
	if (list_empty(&watch->by_queue))
		return;
	list_del_init(&watch->by_queue);
	watch->queue->listeners--;
}

static void msgq_watch_remove(struct msgq_watch *watch)
{
	mutex_lock(&watch->queue->lock);
	msgq_watch_leave(watch);
	mutex_unlock(&watch->queue->lock);
	msgq_due_withdraw(watch);
	msgq_watch_free(watch);
}

void msgq_watch_end(struct msgq_context *context)
{
	lockdep_assert_held(&context->lock);
	while (!list_empty(&context->watches))
		msgq_watch_remove(list_first_entry(&context->watches, struct msgq_watch,
						   by_context));
}

/* Entries that have to be free. */
static u32 msgq_watch_threshold(const struct msgq_watch *watch)
{
	u64 capacity = watch->queue->ring.capacity;

	return watch->nrqr ? (capacity + (1u << watch->nrqr) - 1) >> watch->nrqr : 1;
}

/*
 * One look at the ring. Returns the position of the head at which the first of
 * those that wait on has room, or MSGQ_NEVER.
 *
 * The head is read before the boundary: when that was found, no less was free
 * than this makes of it. A boundary that moves on meanwhile makes the answer
 * too early, never too late.
 */
static u64 msgq_watch_look(struct msgq_queue *queue, bool tell_all)
{
	const struct msgq_ring *ring = &queue->ring;
	u64 head = msgq_load_acquire(&ring->consumer->head);
	u64 boundary = msgq_keeper_boundary(ring).t;
	u64 nearest = MSGQ_NEVER;
	struct msgq_watch *watch;

	list_for_each_entry(watch, &queue->watches, by_queue) {
		u64 room_at = boundary + msgq_watch_threshold(watch) - ring->capacity;

		if (!watch->waiting)
			continue;
		if ((s64)(head - room_at) >= 0 || tell_all) {
			watch->waiting = false;
			msgq_due_tell(watch, MSGQ_EVENT_CANSEND);
		} else {
			nearest = min(nearest, room_at);
		}
	}
	return nearest;
}

/* More than this takes a head that lies, or a receiver that is very busy. */
#define MSGQ_WATCH_LOOKS 64

/*
 * The receiver stores its head, then reads what is wanted; here it is the
 * other way round, with a fence between, so that one of the two sees the
 * other's. If that finds no end, all are told: who then sends in vain listens
 * again.
 */
void msgq_watch_review(struct msgq_queue *queue, bool fence)
{
	struct msgq_keeper_page *keeper = queue->ring.keeper;
	u32 looks;

	lockdep_assert_held(&queue->lock);
	for (looks = 0; looks < MSGQ_WATCH_LOOKS; looks++) {
		bool last = looks == MSGQ_WATCH_LOOKS - 1;
		u64 wanted = queue->state == MSGQ_QUEUE_ACTIVE ? msgq_watch_look(queue, last)
							       : MSGQ_NEVER;

		if (msgq_load(&keeper->wanted) != wanted) {
			msgq_store(&keeper->wanted, wanted);
			if (fence && wanted != MSGQ_NEVER)
				msgq_fence_receivers(queue);
		}
		if (msgq_load_acquire(&queue->ring.consumer->head) < wanted)
			return;
	}
}

void msgq_watch_close(struct msgq_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	while (!list_empty(&queue->watches)) {
		struct msgq_watch *watch = list_first_entry(&queue->watches, struct msgq_watch,
							    by_queue);

		msgq_watch_leave(watch);
		msgq_due_tell(watch, MSGQ_EVENT_CLOSED);
	}
}

/* The queue is locked. NULL with *@error and the refusal set. */
static struct msgq_watch *msgq_watch_new(struct msgq_queue *queue, struct msgq_context *context,
					 struct msgq_refusal *refusal, int *error)
{
	struct msgq_watch *watch;

	/* It holds the queue, as an attachment does. */
	*error = msgq_user_charge(context->user, MSGQ_LIMIT_ATTACHMENTS, refusal);
	if (*error)
		return NULL;
	watch = kmem_cache_alloc(msgq_watch_cache, MSGQ_GFP);
	if (!watch) {
		msgq_user_uncharge(context->user, MSGQ_LIMIT_ATTACHMENTS);
		*error = msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, sizeof(*watch));
		return NULL;
	}
	memset(watch, 0, sizeof(*watch));
	watch->context = context;
	watch->queue = queue;
	watch->nrqr = context->nrqr;
	INIT_LIST_HEAD(&watch->in_due);
	list_add_tail(&watch->by_queue, &queue->watches);
	queue->listeners++;
	list_add_tail(&watch->by_context, &context->watches);
	msgq_queue_get(queue);
	return watch;
}

/* @watch: that of the context which there is already, or NULL; the queue is locked. */
static int msgq_watch_enter(struct msgq_queue *queue, struct msgq_context *context,
			    struct msgq_watch *watch, struct msgq_refusal *refusal)
{
	int error;

	if (queue->state == MSGQ_QUEUE_GONE)
		return msgq_refuse(refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
	if (!watch)
		watch = msgq_watch_new(queue, context, refusal, &error);
	if (!watch)
		return error;
	/* What is due already is told, and not twice. */
	if (list_empty(&watch->in_due)) {
		watch->waiting = true;
		msgq_watch_review(queue, true);
	}
	return 0;
}

static struct msgq_watch *msgq_watch_of(const struct msgq_context *context,
					const struct msgq_address *address)
{
	struct msgq_watch *watch;

	list_for_each_entry(watch, &context->watches, by_context) {
		if (!memcmp(&watch->queue->address, address, sizeof(*address)))
			return watch;
	}
	return NULL;
}

int msgq_listen_request(struct msgq_context *context, void *request)
{
	struct msgq_listen *listen = request;
	struct msgq_watch *watch = msgq_watch_of(context, &listen->address);
	struct msgq_queue *queue;
	int error = 0;

	if (watch) {
		/* Whoever may send goes on when others may no more, and has to be told. */
		queue = watch->queue;
		msgq_queue_get(queue);
	} else {
		queue = msgq_attach_target(context, &listen->address, &listen->refusal, &error);
	}
	if (!queue)
		return error;
	mutex_lock(&queue->lock);
	error = msgq_watch_enter(queue, context, watch, &listen->refusal);
	mutex_unlock(&queue->lock);
	msgq_queue_put(queue);
	return error;
}

int msgq_forget_request(struct msgq_context *context, void *request)
{
	struct msgq_listen *listen = request;
	struct msgq_watch *watch = msgq_watch_of(context, &listen->address);

	if (!watch)
		return msgq_refuse(&listen->refusal, -ENOENT, MSGQ_WHY_NOT_LISTENING, 0);
	msgq_watch_remove(watch);
	/* It may have been all that was pending. */
	msgq_pulse_rest(&context->pulse);
	return 0;
}

int msgq_nrqr_request(struct msgq_context *context, void *request)
{
	struct msgq_nrqr *nrqr = request;
	struct msgq_watch *watch;

	if (nrqr->nrqr > MSGQ_NRQR_MAX)
		return msgq_refuse(&nrqr->refusal, -EINVAL, MSGQ_WHY_NRQR, MSGQ_NRQR_MAX);
	context->nrqr = nrqr->nrqr;
	list_for_each_entry(watch, &context->watches, by_context) {
		struct msgq_queue *queue = watch->queue;

		mutex_lock(&queue->lock);
		watch->nrqr = nrqr->nrqr;
		if (watch->waiting && !list_empty(&watch->by_queue))
			msgq_watch_review(queue, true);
		mutex_unlock(&queue->lock);
	}
	return 0;
}

int msgq_reached_request(struct msgq_context *context, void *request)
{
	struct msgq_handle *handle = request;
	struct msgq_queue *queue = msgq_context_queue(context, handle->handle);

	if (!queue)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	/* The receiver is here, so it does not run elsewhere. */
	mutex_lock(&queue->lock);
	msgq_watch_review(queue, false);
	mutex_unlock(&queue->lock);
	return 0;
}
