/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_LIB_QUEUE_H
#define MSGQ_LIB_QUEUE_H

#include <stddef.h>

#include <msgqipc.h>

#include <msgq/receiver.h>

#include "context.h"
#include "patience.h"
#include "stalled.h"

struct msgqipc_queue {
	msgqipc_ctx *ctx;
	msgq_receiver receiver;
	uint64_t received; /* bytes of the last message */
	bool nonblocking;
	bool armed; /* or else active; see events.h */
	msgq::Patience patience;
	msgq_stalled stalled;
	int64_t stalled_tick; /* the last at which that was asked */
	uint32_t vain;	      /* looks that found a claim open */
	uint32_t handle;
	msgq::Bell bell; /* see HostKind */
	uint64_t cookie;
	msgq::Link active;
	msgq::Areas areas;
	msgqipc_queue *next, **link; /* of the context's queues */
};

namespace msgq
{

/* usable(), and the queue is this context's. */
inline bool usable(const msgqipc_ctx *ctx, const msgqipc_queue *queue)
{
	if (!usable(ctx))
		return false;
	if (__builtin_expect(queue && queue->ctx == ctx, 1))
		return true;
	fail(MSGQIPC_ERR_INVAL, queue ? "queue belongs to another ctx" : "queue is NULL");
	return false;
}

inline msgqipc_queue *queue_of_active(Link *link)
{
	return reinterpret_cast<msgqipc_queue *>(reinterpret_cast<char *>(link) -
						 offsetof(msgqipc_queue, active));
}

void queue_reached(msgqipc_ctx *ctx, const msgqipc_queue *queue);

/* To be called whenever the head has moved. */
inline void queue_passed(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	if (__builtin_expect(queue->armed, 0))
		events_unarm(queue);
	if (__builtin_expect(msgq_receiver_reached(&queue->receiver), 0))
		queue_reached(ctx, queue);
}

/* Unmaps and forgets it; telling the host is the caller's. */
void queue_free(msgqipc_queue *queue);

} // namespace msgq

#endif
