// SPDX-License-Identifier: MIT
#include "stalled.h"

#include "clock.h"
#include "queue.h"

namespace msgq
{

void stalled_look(msgqipc_ctx *ctx, msgqipc_queue *queue)
{
	/* That of the last tick: to read it is never a system call. */
	const int64_t now_ns = clock_tick_ns();
	msgq_revoke request = {};

	/* To find where the claims end, all the senders' lines are read: not at each look. */
	if (now_ns == queue->stalled_tick)
		return;
	queue->stalled_tick = now_ns;
	if (!msgq_stalled_due(&queue->stalled, &queue->receiver.ring, (uint64_t)now_ns))
		return;
	request.handle = queue->handle;
	request.until = queue->stalled.until;
	/* What fails is as before: there is nothing to receive. */
	if (ctx->host.kind->request(&ctx->host, MSGQ_IOC_REVOKE, &request))
		msgq_stalled_again(&queue->stalled, (uint64_t)now_ns);
}

} // namespace msgq
