// SPDX-License-Identifier: MIT
#include "events.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <msgq/keeper.h>

#include "listen.h"
#include "queue.h"

namespace msgq
{

/* An open claim is about to be published, unless its sender was stopped. */
constexpr int LOOKS = 100;
constexpr int64_t NAP_FIRST_NS = 20'000;
constexpr int64_t NAP_LAST_NS = 5'000'000;

/* The largest that a mapping offset has room for. */
constexpr uint32_t HANDLE_MAX = (1u << 25) + 1;

void events_init(Events *events)
{
	chain_init(&events->active);
}

void events_free(Events *events)
{
	free(events->by_handle);
}

static int make_room(Events *events, uint32_t handle)
{
	uint32_t size = events->size ? events->size : 32;
	msgqipc_queue **larger;

	if (handle < events->size)
		return 0;
	if (handle > HANDLE_MAX)
		return fail(MSGQIPC_ERR_FAILURE, "the queue came with handle %llu; there is none",
			    handle);
	while (size <= handle)
		size *= 2;
	larger = static_cast<msgqipc_queue **>(realloc(events->by_handle, size * sizeof(*larger)));
	if (!larger)
		return fail_memory(size * sizeof(*larger));
	memset(larger + events->size, 0, (size - events->size) * sizeof(*larger));
	events->by_handle = larger;
	events->size = size;
	return 0;
}

int events_enter(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	if (make_room(&ctx->events, queue->handle))
		return -1;
	ctx->events.by_handle[queue->handle] = queue;
	chain_append(&ctx->events.active, &queue->active);
	return 0;
}

void events_leave(msgqipc_queue *queue)
{
	msgqipc_ctx *ctx = queue->ctx;

	ctx->events.by_handle[queue->handle] = nullptr;
	chain_remove(&queue->active);
	ctx->host.kind->disarm(&ctx->host, &queue->bell);
}

void events_unarm(msgqipc_queue *queue)
{
	queue->armed = false;
	chain_append(&queue->ctx->events.active, &queue->active);
}

/* Puts last what is first, and returns it. */
static msgqipc_queue *rotate(Events *events)
{
	Link *link = events->active.next;

	chain_remove(link);
	chain_append(&events->active, link);
	return queue_of_active(link);
}

static uint32_t count_active(const Events *events)
{
	uint32_t count = 0;

	for (const Link *link = events->active.next; link != &events->active; link = link->next)
		count++;
	return count;
}

/* Fired queues become active. */
static void fired(Events *events, uint32_t handle)
{
	msgqipc_queue *queue = handle < events->size ? events->by_handle[handle] : nullptr;

	if (queue && queue->armed)
		events_unarm(queue);
}

/*
 * As many turns as it takes to be told of each queue once. A sender can fire one
 * without end, and then there is always more; who asks shall not wait for that.
 */
static uint32_t turns(const Events *events)
{
	return events->size / MSGQ_EVENTS_MAX + 2;
}

static int collect(msgqipc_ctx *ctx)
{
	uint32_t left = turns(&ctx->events);
	msgq_events taken;

	do {
		taken = {};
		taken.count = MSGQ_EVENTS_MAX;
		taken.flags = MSGQ_EVENTS_QUEUES;
		if (ctx->host.kind->events(&ctx->host, &taken))
			return -1;
		for (uint32_t i = 0; i < taken.count; i++)
			fired(&ctx->events, taken.event[i].handle);
	} while (taken.count == MSGQ_EVENTS_MAX && --left);
	ctx->events.more = taken.more || taken.count == MSGQ_EVENTS_MAX;
	return 0;
}

/* What is not about queues, as far as there is room; returns how much, or -1. */
static int collect_told(msgqipc_ctx *ctx, msgqipc_event *event, size_t room)
{
	uint32_t left = turns(&ctx->events);
	size_t count = 0;

	/* Each turn brings something of these, or one of those turns is over. */
	while (ctx->events.more && count < room && left) {
		const size_t before = count;
		msgq_events taken = {};

		taken.count =
			room - count < MSGQ_EVENTS_MAX ? (uint32_t)(room - count) : MSGQ_EVENTS_MAX;
		/* What was taken before must not be lost for it. */
		if (ctx->host.kind->events(&ctx->host, &taken))
			return count ? (int)count : -1;
		for (uint32_t i = 0; i < taken.count; i++) {
			if (taken.event[i].type == MSGQ_EVENT_FIRED)
				fired(&ctx->events, taken.event[i].handle);
			else
				listen_told(ctx, &taken.event[i], &event[count++]);
		}
		ctx->events.more = taken.more;
		if (count == before)
			left--;
	}
	return (int)count;
}

/* @flags and @delay_ns as of MSGQ_IOC_KICK. */
static int kick(msgqipc_ctx *ctx, uint32_t flags, int64_t delay_ns)
{
	if (!ctx->events.watched)
		flags |= MSGQ_KICK_WATCH;
	if (!flags && !delay_ns)
		return 0;
	if (ctx->host.kind->kick(&ctx->host, flags, delay_ns))
		return -1;
	ctx->events.watched = true;
	return 0;
}

/*
 * Arms an active queue; on KEPT it is active no more. The flag in the page is
 * there before any sender can swap out the one in the word, and stays: who
 * finds it without need fires a queue that is active, which changes nothing.
 */
static int arm(msgqipc_ctx *ctx, msgqipc_queue *queue, msgq_keep_result *result)
{
	const msgq_ring *ring = &queue->receiver.ring;

	if (ctx->host.kind->arm(&ctx->host, queue->handle, &queue->bell))
		return -1;
	if (!(ring->consumer->sleeps & MSGQ_SLEEPS_ARMED))
		msgq_store(&ring->consumer->sleeps, MSGQ_SLEEPS_ARMED);
	for (int look = 0; look < LOOKS; look++) {
		*result = msgq_keeper_arm(ring);
		if (*result != MSGQ_KEEP_PENDING)
			break;
		msgq_pause();
	}
	if (*result == MSGQ_KEPT) {
		chain_remove(&queue->active);
		queue->armed = true;
	}
	return 0;
}

/* READY: a message; BROKEN: recv tells. */
static int look(msgqipc_ctx *ctx, msgqipc_queue *queue, msgq_keep_result *result)
{
	const uint64_t head = queue->receiver.head.t;
	msgq_recv_result found = msgq_receiver_look(&queue->receiver);

	if (queue->receiver.head.t != head)
		queue_passed(ctx, queue);
	switch (found) {
	case MSGQ_EMPTY:
		if (arm(ctx, queue, result))
			return -1;
		if (*result == MSGQ_KEEP_PENDING)
			stalled_look(ctx, queue);
		return 0;
	case MSGQ_RUINED:
		*result = MSGQ_KEEP_BROKEN;
		return 0;
	default:
		*result = MSGQ_KEEP_READY;
		return 0;
	}
}

int events_arm(msgqipc_ctx *ctx)
{
	Events *events = &ctx->events;
	bool pending, claimed = false;
	uint32_t left;

	if (collect(ctx))
		return -1;
	pending = events->more;
	/* One that has something is enough: the next ARM goes on from there. */
	for (left = count_active(events); left && !pending; left--) {
		msgq_keep_result result;

		if (look(ctx, rotate(events), &result))
			return -1;
		if (result == MSGQ_KEEP_PENDING)
			claimed = true;
		else if (result != MSGQ_KEPT)
			pending = true;
	}

	if (pending || !claimed)
		events->nap_ns = 0;
	else if (!events->nap_ns)
		events->nap_ns = NAP_FIRST_NS;
	else if (events->nap_ns < NAP_LAST_NS)
		events->nap_ns *= 2;
	if (kick(ctx, pending ? MSGQ_KICK_NOW : 0, events->nap_ns))
		return -1;
	return succeed();
}

int events_get(msgqipc_ctx *ctx, msgqipc_event *event, size_t room)
{
	Events *events = &ctx->events;
	uint32_t left;
	int told;
	size_t count;

	if (room > INT_MAX)
		room = INT_MAX;
	if (!room)
		return succeed(0);
	if (collect(ctx))
		return -1;
	told = collect_told(ctx, event, room);
	if (told < 0)
		return -1;
	count = (size_t)told;
	for (left = count_active(events); left && count < room; left--) {
		msgqipc_queue *queue = rotate(events);
		msgq_keep_result result;

		if (look(ctx, queue, &result)) {
			if (!count)
				return -1;
			break;
		}
		if (result == MSGQ_KEPT || result == MSGQ_KEEP_PENDING)
			continue;
		event[count] = {};
		event[count].type = MSGQIPC_EVT_CANRECV;
		event[count].queue = queue;
		event[count].cookie = queue->cookie;
		count++;
	}
	/* What there was no room for was taken from the host all the same. */
	if ((left || events->more) && kick(ctx, MSGQ_KICK_NOW, 0) && !count)
		return -1;
	return succeed((int)count);
}

} // namespace msgq
