/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_LIB_QUEUE_H
#define MSGQ_LIB_QUEUE_H

#include <msgqipc.h>

#include <msgq/receiver.h>

#include "context.h"
#include "patience.h"

struct msgqipc_queue {
	msgqipc_ctx *ctx;
	msgq_receiver receiver;
	uint64_t received; /* bytes of the last message */
	bool nonblocking;
	msgq::Patience patience;
	uint32_t handle;
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

/* Unmaps and forgets it; telling the host is the caller's. */
void queue_free(msgqipc_queue *queue);

} // namespace msgq

#endif
