// SPDX-License-Identifier: MIT
#include "queue.h"

#include <stdlib.h>
#include <string.h>

namespace msgq
{

void queue_free(msgqipc_queue *queue)
{
	events_leave(queue);
	host_unmap(&queue->areas);
	*queue->link = queue->next;
	if (queue->next)
		queue->next->link = queue->link;
	free(queue);
}

static void queue_link(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	queue->next = ctx->queues;
	queue->link = &ctx->queues;
	if (queue->next)
		queue->next->link = &queue->next;
	ctx->queues = queue;
}

static int queue_request(msgqipc_ctx *ctx, uint32_t handle, unsigned long command)
{
	msgq_handle request = {};

	request.handle = handle;
	return host_request(&ctx->host, command, &request);
}

void queue_reached(msgqipc_ctx *ctx, const msgqipc_queue *queue)
{
	msgq_handle request = {};

	request.handle = queue->handle;
	/* What comes of it is for others, and so is what fails. */
	ctx->host.kind->request(&ctx->host, MSGQ_IOC_REACHED, &request);
}

static int queue_state(msgqipc_ctx *ctx, msgqipc_queue *queue, unsigned long command)
{
	if (!usable(ctx, queue))
		return -1;
	if (queue_request(ctx, queue->handle, command))
		return -1;
	return succeed();
}

/* Asks the host for a queue and maps it. */
static int queue_make(msgqipc_ctx *ctx, msgqipc_queue *queue, msgq_create *create)
{
	const uint32_t entries = create->entries;
	msgq_ring ring;

	if (host_request(&ctx->host, MSGQ_IOC_CREATE, create))
		return -1;
	queue->ctx = ctx;
	queue->handle = create->handle;
	bell_init(&queue->bell);
	queue->cookie = create->cookie;
	if (host_map(&ctx->host, create->area, true, &queue->areas) ||
	    host_ring(&queue->areas, entries, &ring) || events_enter(ctx, queue)) {
		Thread why = thread;

		host_unmap(&queue->areas);
		queue_request(ctx, create->handle, MSGQ_IOC_CLOSE);
		return fail(why.error, why.detail, why.bound[0], why.bound[1]);
	}
	msgq_receiver_init(&queue->receiver, &ring);
	msgq_stalled_init(&queue->stalled, MSGQ_STALL_NS);
	return 0;
}

} // namespace msgq

extern "C" {

msgqipc_queue *msgqipc_create(msgqipc_ctx *ctx, msgqipc_key key, msgqipc_addr *addr,
			      uint32_t entries, uint64_t cookie, uint32_t flags)
{
	msgq_create create = {};
	msgqipc_queue *queue;

	if (!msgq::usable(ctx))
		return nullptr;
	queue = static_cast<msgqipc_queue *>(calloc(1, sizeof(*queue)));
	if (!queue) {
		msgq::fail_memory(sizeof(*queue));
		return nullptr;
	}
	create.key = key;
	create.entries = entries;
	create.cookie = cookie;
	create.flags = flags;
	if (msgq::queue_make(ctx, queue, &create)) {
		free(queue);
		return nullptr;
	}
	msgq::queue_link(ctx, queue);
	if (addr)
		memcpy(addr, &create.address, sizeof(*addr));
	msgq::succeed();
	return queue;
}

int msgqipc_activate(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	return msgq::queue_state(ctx, queue, MSGQ_IOC_ACTIVATE);
}

int msgqipc_deactivate(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	return msgq::queue_state(ctx, queue, MSGQ_IOC_DEACTIVATE);
}

int msgqipc_close(msgqipc_ctx *ctx, msgqipc_queue *queue, uint32_t flags)
{
	uint32_t handle;

	if (!msgq::usable(ctx, queue))
		return -1;
	if (flags)
		return msgq::fail(MSGQIPC_ERR_INVAL, "flags is 0x%llx; accepted: 0", flags);
	handle = queue->handle;
	msgq::queue_free(queue);
	if (msgq::queue_request(ctx, handle, MSGQ_IOC_CLOSE))
		return -1;
	return msgq::succeed();
}
}
