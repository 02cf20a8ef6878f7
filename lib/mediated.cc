// SPDX-License-Identifier: MIT
#include "mediated.h"

#include <string.h>

#include <msgq/ring.h>

#include "context.h"
#include "listen.h"
#include "probe.h"

namespace msgq
{

static_assert(sizeof(msgq_send::msg) == MSGQ_MSG_MAX);

static int ask(msgqipc_ctx *ctx, Target *target, msgq_send *send)
{
	send->handle = target->handle;
	if (!host_request(&ctx->host, MSGQ_IOC_SEND, send))
		return succeed();
	switch (send->refusal.why) {
	case MSGQ_WHY_FULL:
		listen_refused(ctx, target);
		return fail(MSGQIPC_ERR_RNR);
	case MSGQ_WHY_INACTIVE:
		listen_refused(ctx, target);
		return fail(MSGQIPC_ERR_INACTIVE);
	case MSGQ_WHY_ADDRESS:
		target_drop(ctx, target);
		return fail(MSGQIPC_ERR_NOTFOUND,
			    "addr was that of a queue that is closed, or whose owner is gone");
	case MSGQ_WHY_RING:
		return fail(MSGQIPC_ERR_FAILURE,
			    "the receiver has scribbled over its queue's ring");
	default:
		return -1;
	}
}

int mediated_send(msgqipc_ctx *ctx, Target *target, const void *msg, uint32_t len)
{
	const uint32_t id = MSGQ_PROBE_ID(&target->addr);
	msgq_send send = {};

	ctx->waited = 0;
	send.len = len;
	if (len)
		memcpy(send.msg, msg, len);
	if (ask(ctx, target, &send))
		return probe_refused(id, len);
	/* Where it went, is the kernel's to know: see its tracepoint msgq_send. */
	MSGQ_PROBE4(send, id, 0, len, UINT32_MAX);
	return 0;
}

int mediated_poke(msgqipc_ctx *ctx, Target *target)
{
	msgq_send send = {};

	send.flags = MSGQ_SEND_POKE;
	return ask(ctx, target, &send);
}

} // namespace msgq
