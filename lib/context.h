/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_LIB_CONTEXT_H
#define MSGQ_LIB_CONTEXT_H

#include <msgqipc.h>

#include "events.h"
#include "host.h"
#include "target.h"
#include "thread.h"

struct msgqipc_ctx {
	const msgqipc_api *api; /* first: msgqipc_ctx_api() reads it */
	uint64_t owner;		/* the thread's id */
	msgq::Target *last;	/* what was sent to last, or NULL */
	uint32_t waited;	/* looks in vain since the last send */
	uint32_t sender_ids;	/* how often one was set */
	msgq::Targets targets;
	msgqipc_queue *queues;
	msgq::Events events;
	msgq::Host host;
};

namespace msgq
{

/* The two checks of every call; false with the thread's error set. */
inline bool usable(const msgqipc_ctx *ctx)
{
	if (__builtin_expect(ctx && ctx->owner == thread.id, 1))
		return true;
	fail(MSGQIPC_ERR_INVAL,
	     ctx ? "ctx belongs to another thread, or to the process that forked this one"
		 : "ctx is NULL");
	return false;
}

} // namespace msgq

#endif
