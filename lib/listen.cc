// SPDX-License-Identifier: MIT
#include "listen.h"

#include <string.h>

#include "context.h"

namespace msgq
{

static msgq_listen request_for(const msgqipc_addr *addr)
{
	msgq_listen listen = {};

	static_assert(sizeof(listen.address) == sizeof(*addr));
	memcpy(&listen.address, addr, sizeof(*addr));
	return listen;
}

int listen_addr(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	msgq_listen listen = request_for(addr);
	/* Whoever listens means to send, and so knows when to listen again. */
	Target *target = target_find(ctx, addr);

	if (!target || host_request(&ctx->host, MSGQ_IOC_LISTEN, &listen))
		return -1;
	target->listening = LISTENING_WAITS;
	return succeed();
}

int listen_forget(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	msgq_listen listen = request_for(addr);
	Target *target = target_known(ctx, addr);

	if (target)
		target->listening = LISTENING_NOT;
	return host_request(&ctx->host, MSGQ_IOC_FORGET, &listen) ? -1 : succeed();
}

int listen_nrqr(msgqipc_ctx *ctx, uint64_t nrqr)
{
	msgq_nrqr request = {};

	request.nrqr = nrqr > UINT32_MAX ? UINT32_MAX : (uint32_t)nrqr;
	return host_request(&ctx->host, MSGQ_IOC_NRQR, &request) ? -1 : succeed();
}

void listen_again(msgqipc_ctx *ctx, Target *target)
{
	msgq_listen listen = request_for(&target->addr);

	/* Refused only when the queue is gone, which is told anyway. */
	target->listening = LISTENING_WAITS;
	ctx->host.kind->request(&ctx->host, MSGQ_IOC_LISTEN, &listen);
}

void listen_told(msgqipc_ctx *ctx, const msgq_event *told, msgqipc_event *event)
{
	bool closed = told->type == MSGQ_EVENT_CLOSED;
	Target *target;

	*event = {};
	event->type = closed ? MSGQIPC_EVT_CLOSED : MSGQIPC_EVT_CANSEND;
	memcpy(&event->addr, &told->address, sizeof(event->addr));
	target = target_known(ctx, &event->addr);
	if (target && target->listening != LISTENING_NOT)
		target->listening = closed ? LISTENING_NOT : LISTENING_TOLD;
}

} // namespace msgq
