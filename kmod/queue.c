// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/timekeeping.h>
#include <linux/topology.h>

#include <msgq/keeper.h>

#include "cache.h"
#include "context.h"
#include "limits.h"
#include "name.h"
#include "queue.h"
#include "refuse.h"
#include "scope.h"
#include "trace.h"
#include "user.h"
#include "watch.h"

static struct kmem_cache *msgq_queue_cache;

int msgq_queue_init(void)
{
	msgq_queue_cache = msgq_cache_create("msgq_queue", sizeof(struct msgq_queue));
	return msgq_queue_cache ? 0 : -ENOMEM;
}

void msgq_queue_exit(void)
{
	kmem_cache_destroy(msgq_queue_cache);
}

void msgq_queue_get(struct msgq_queue *queue)
{
	kref_get(&queue->references);
}

static void msgq_queue_free(struct kref *references)
{
	struct msgq_queue *queue = container_of(references, struct msgq_queue, references);

	WARN_ON(!list_empty(&queue->attachments));
	WARN_ON(!list_empty(&queue->watches));
	msgq_waiter_exit(&queue->waiter);
	msgq_user_uncharge_queue(queue->user, queue->memory.bytes);
	msgq_memory_free(&queue->memory);
	msgq_rows_free(&queue->rows);
	mutex_destroy(&queue->lock);
	kmem_cache_free(msgq_queue_cache, queue);
}

void msgq_queue_put(struct msgq_queue *queue)
{
	kref_put(&queue->references, msgq_queue_free);
}

u64 msgq_queue_area_start(const struct msgq_queue *queue, enum msgq_area_name area)
{
	return (u64)area * PAGE_SIZE;
}

u64 msgq_queue_area_size(const struct msgq_queue *queue, enum msgq_area_name area, bool attached)
{
	if (attached && queue->mediated)
		return 0;
	switch (area) {
	case MSGQ_AREA_KEEPER:
	case MSGQ_AREA_CONSUMER:
		return PAGE_SIZE;
	case MSGQ_AREA_SLOTS:
		return PAGE_ALIGN(msgq_ring_bytes(queue->ring.capacity));
	default:
		return 0;
	}
}

static u64 msgq_queue_bytes(u32 entries)
{
	return PAGE_ALIGN(2 * PAGE_SIZE + msgq_ring_bytes(entries));
}

static struct msgq_queue *msgq_queue_alloc(u32 entries, int node)
{
	struct msgq_queue *queue = kmem_cache_alloc(msgq_queue_cache, MSGQ_GFP);
	u8 *base;

	BUILD_BUG_ON(sizeof(struct msgq_keeper_page) > PAGE_SIZE);
	BUILD_BUG_ON(sizeof(struct msgq_consumer_page) > PAGE_SIZE);

	if (!queue)
		return NULL;
	memset(queue, 0, sizeof(*queue));
	if (msgq_memory_alloc(&queue->memory, msgq_queue_bytes(entries), node)) {
		kmem_cache_free(msgq_queue_cache, queue);
		return NULL;
	}
	base = queue->memory.base;
	queue->ring = msgq_ring_over(base + msgq_queue_area_start(queue, MSGQ_AREA_KEEPER),
				     base + msgq_queue_area_start(queue, MSGQ_AREA_CONSUMER),
				     base + msgq_queue_area_start(queue, MSGQ_AREA_SLOTS), entries);
	kref_init(&queue->references);
	mutex_init(&queue->lock);
	INIT_LIST_HEAD(&queue->attachments);
	INIT_LIST_HEAD(&queue->watches);
	INIT_HLIST_NODE(&queue->by_name);
	queue->sent = msgq_pos_at(&queue->ring, 0);
	msgq_rows_init(&queue->rows);
	msgq_stalled_init(&queue->stalled, MSGQ_STALL_NS);
	msgq_waiter_init(&queue->waiter);
	return queue;
}

/* Gives the queue its name and its address, both or neither. */
static int msgq_queue_publish(struct msgq_queue *queue, struct msgq_create *create)
{
	struct msgq_scope *scope = queue->scope;
	int error;

	mutex_lock(&scope->lock);
	error = msgq_scope_enter(scope, queue);
	if (error) {
		msgq_refuse(&create->refusal, error, MSGQ_WHY_MEMORY, 0);
		goto out;
	}
	if (create->key) {
		queue->key = create->key;
		error = msgq_name_bind(scope, queue, create->flags & MSGQ_CREATE_EXCL,
				       &create->refusal);
		if (error) {
			msgq_scope_leave(scope, queue);
			goto out;
		}
	}
	/* Before the lock is dropped: from then on others can attach. */
	msgq_keeper_init(&queue->ring, MSGQ_ABI_VERSION, queue->address.id,
			 queue->address.generation);
	trace_msgq_create(queue, create->flags);
out:
	mutex_unlock(&scope->lock);
	return error;
}

int msgq_queue_create_request(struct msgq_context *context, void *request)
{
	struct msgq_create *create = request;
	int node = create->flags & MSGQ_CREATE_BIND_CPU ? numa_node_id() : NUMA_NO_NODE;
	u64 bytes = msgq_queue_bytes(create->entries);
	u32 max = msgq_limit_entries();
	struct msgq_queue *queue;
	int error;

	if (create->flags & ~MSGQ_CREATE_FLAGS)
		return msgq_refuse(&create->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_CREATE_FLAGS);
	if (create->entries == 0)
		return msgq_refuse(&create->refusal, -EINVAL, MSGQ_WHY_ENTRIES_ZERO, max);
	if (create->entries > max)
		return msgq_refuse(&create->refusal, -EFBIG, MSGQ_WHY_ENTRIES_MAX, max);

	error = msgq_user_charge_queue(context->user, bytes, &create->refusal);
	if (error)
		return error;
	queue = msgq_queue_alloc(create->entries, node);
	if (!queue) {
		msgq_user_uncharge_queue(context->user, bytes);
		return msgq_refuse(&create->refusal, -ENOMEM, MSGQ_WHY_MEMORY, bytes);
	}
	queue->user = context->user;
	queue->scope = context->scope;
	queue->owner = context;
	msgq_alarm_init(&queue->alarm, context);
	queue->cookie = create->cookie;
	queue->mediated = create->flags & MSGQ_CREATE_MEDIATED;
	queue->created_ns = ktime_get_real_ns();
	queue->activated_ns = queue->created_ns;
	queue->made_key = create->key;
	queue->made_pid = pid_nr(context->pid);
	msgq_perm_init(&queue->perm);

	error = msgq_context_add_queue(context, queue);
	if (error) {
		msgq_context_refuse_handle(&create->refusal, error);
		goto put;
	}
	error = msgq_queue_publish(queue, create);
	if (error)
		goto remove;

	create->handle = queue->handle;
	create->address = queue->address;
	msgq_context_areas(queue, queue->handle, create->area);
	return 0;

remove:
	msgq_context_remove_queue(context, queue);
put:
	msgq_queue_put(queue);
	return error;
}

void msgq_queue_close(struct msgq_queue *queue)
{
	mutex_lock(&queue->scope->lock);
	msgq_scope_leave(queue->scope, queue);
	mutex_unlock(&queue->scope->lock);

	mutex_lock(&queue->lock);
	queue->state = MSGQ_QUEUE_GONE;
	/*
	 * On a ring that was scribbled over CLOSED may find no place. The
	 * state is set all the same; whoever does not see it sends into
	 * memory that nobody reads.
	 */
	msgq_keeper_close(&queue->ring, MSGQ_QUEUE_GONE);
	msgq_watch_close(queue);
	trace_msgq_close(queue);
	mutex_unlock(&queue->lock);

	msgq_alarm_close(&queue->alarm);
	msgq_waiter_close(&queue->waiter);
	msgq_queue_put(queue);
}

static int msgq_queue_set_state(struct msgq_context *context, struct msgq_handle *handle,
				enum msgq_queue_state state)
{
	struct msgq_queue *queue = msgq_context_queue(context, handle->handle);
	enum msgq_keep_result kept = MSGQ_KEPT;

	if (!queue)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	mutex_lock(&queue->lock);
	if (state == MSGQ_QUEUE_ACTIVE)
		kept = msgq_keeper_open(&queue->ring);
	else
		kept = msgq_keeper_close(&queue->ring, state);
	if (queue->state != state && (kept == MSGQ_KEPT || state != MSGQ_QUEUE_ACTIVE)) {
		queue->state = state;
		queue->activated_ns = ktime_get_real_ns();
		if (state == MSGQ_QUEUE_ACTIVE)
			trace_msgq_activate(queue);
		else
			trace_msgq_deactivate(queue);
	}
	/* Who calls is the receiver: it does not run elsewhere. */
	msgq_watch_review(queue, false);
	mutex_unlock(&queue->lock);

	if (kept != MSGQ_KEPT)
		return msgq_refuse(&handle->refusal, -EBADMSG, MSGQ_WHY_RING, 0);
	return 0;
}

int msgq_queue_activate_request(struct msgq_context *context, void *request)
{
	return msgq_queue_set_state(context, request, MSGQ_QUEUE_ACTIVE);
}

int msgq_queue_deactivate_request(struct msgq_context *context, void *request)
{
	return msgq_queue_set_state(context, request, MSGQ_QUEUE_INACTIVE);
}

int msgq_queue_close_request(struct msgq_context *context, void *request)
{
	struct msgq_handle *handle = request;
	struct msgq_queue *queue = msgq_context_queue(context, handle->handle);

	if (!queue)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	msgq_context_remove_queue(context, queue);
	msgq_queue_close(queue);
	/* It may have been all that was pending, and nobody asks for EVENTS now. */
	msgq_pulse_rest(&context->pulse);
	return 0;
}
