// SPDX-License-Identifier: MIT
#include <msgqipc.h>

#include <string.h>

#include <msgq/ring.h>

#include "context.h"
#include "listen.h"
#include "named.h"
#include "queue.h"

namespace msgq
{

static int control_get(void *ptr, uint64_t value)
{
	*static_cast<uint64_t *>(ptr) = value;
	return succeed();
}

static int control_nonblock(msgqipc_queue *queue, uint64_t arg)
{
	if (arg > 1)
		return fail(MSGQIPC_ERR_INVAL,
			    "arg is %llu; accepted: 1 (non-blocking) and 0 (blocking)", arg);
	queue->nonblocking = arg != 0;
	return succeed();
}

static int control_stall(msgqipc_ctx *ctx, msgqipc_queue *queue, uint64_t arg)
{
	msgq_stall stall = {};

	stall.handle = queue->handle;
	stall.stall_ns = arg;
	if (host_request(&ctx->host, MSGQ_IOC_STALL, &stall))
		return -1;
	queue->stalled.limit_ns = arg;
	return succeed();
}

static int control_descriptor(Host *host, void *ptr)
{
	return host->kind->descriptor(host, static_cast<int *>(ptr)) ? -1 : succeed();
}

static int control_host(const Host *host, msgqipc_host *told)
{
	*told = {};
	told->kind = host->kind->code;
	static_assert(sizeof(told->release) >= sizeof(host->release));
	memcpy(told->release, host->release, sizeof(host->release));
	static_assert(sizeof(told->path) >= sizeof(host->path));
	memcpy(told->path, host->path, sizeof(host->path));
	return succeed();
}

static msgqipc_limit limit(const msgq_limits &limits, msgq_limit_name which)
{
	return { limits.limit[which].used, limits.limit[which].max };
}

static int control_limits(msgqipc_ctx *ctx, msgqipc_limits *told)
{
	msgq_limits limits = {};

	if (host_request(&ctx->host, MSGQ_IOC_LIMITS, &limits))
		return -1;
	*told = {};
	told->uid = limits.uid;
	told->queues = limit(limits, MSGQ_LIMIT_QUEUES);
	told->contexts = limit(limits, MSGQ_LIMIT_CONTEXTS);
	told->bytes = limit(limits, MSGQ_LIMIT_BYTES);
	told->attachments = limit(limits, MSGQ_LIMIT_ATTACHMENTS);
	return succeed();
}

static int control_sender_id(msgqipc_ctx *ctx, const msgqipc_sendid *sendid)
{
	msgq_identify identify = {};

	static_assert(sizeof(identify.sendid.id) == sizeof(sendid->spc));
	identify.sendid.len = sendid->len;
	memcpy(identify.sendid.id, sendid->spc, sizeof(sendid->spc));
	if (host_request(&ctx->host, MSGQ_IOC_IDENTIFY, &identify))
		return -1;
	/* So that the next send, to whatever queue, looks it up and renews it. */
	ctx->last = nullptr;
	ctx->sender_ids++;
	return succeed();
}

static bool wants_queue(int cmd)
{
	return cmd == MSGQIPC_CTL_NONBLOCK || cmd == MSGQIPC_CTL_RECV_SIZE ||
	       cmd == MSGQIPC_CTL_SET_STALL;
}

static bool wants_pointer(int cmd)
{
	switch (cmd) {
	case MSGQIPC_CTL_GET_MAX_MSG_SIZE:
	case MSGQIPC_CTL_GET_MAX_MESSAGES:
	case MSGQIPC_CTL_GET_ADDR_SIZE:
	case MSGQIPC_CTL_GET_FD:
	case MSGQIPC_CTL_LISTEN_ADDR:
	case MSGQIPC_CTL_FORGET_ADDR:
	case MSGQIPC_CTL_NAMED_OPTS:
	case MSGQIPC_CTL_SET_SENDER_ID:
	case MSGQIPC_CTL_RECV_SIZE:
	case MSGQIPC_CTL_GET_HOST:
	case MSGQIPC_CTL_GET_LIMITS:
		return true;
	default:
		return false;
	}
}

} // namespace msgq

extern "C" {

int msgqipc_ctl(msgqipc_ctx *ctx, msgqipc_queue *queue, int cmd, uint64_t arg, void *ptr)
{
	/* A queue that is not asked for may be given, but not somebody else's. */
	if (queue || msgq::wants_queue(cmd) ? !msgq::usable(ctx, queue) : !msgq::usable(ctx))
		return -1;
	if (msgq::wants_pointer(cmd) && !ptr)
		return msgq::fail(MSGQIPC_ERR_INVAL, "ptr is NULL");

	switch (cmd) {
	case MSGQIPC_CTL_GET_MAX_MSG_SIZE:
		return msgq::control_get(ptr, MSGQ_MSG_MAX);
	case MSGQIPC_CTL_GET_MAX_MESSAGES:
		return msgq::control_get(ptr, ctx->host.max_entries);
	case MSGQIPC_CTL_GET_ADDR_SIZE:
		return msgq::control_get(ptr, sizeof(msgqipc_addr));
	case MSGQIPC_CTL_RECV_SIZE:
		return msgq::control_get(ptr, queue->received);
	case MSGQIPC_CTL_GET_HOST:
		return msgq::control_host(&ctx->host, static_cast<msgqipc_host *>(ptr));
	case MSGQIPC_CTL_GET_LIMITS:
		return msgq::control_limits(ctx, static_cast<msgqipc_limits *>(ptr));
	case MSGQIPC_CTL_NONBLOCK:
		return msgq::control_nonblock(queue, arg);
	case MSGQIPC_CTL_SET_STALL:
		return msgq::control_stall(ctx, queue, arg);
	case MSGQIPC_CTL_NAMED_OPTS:
		return msgq::named_operation(ctx, queue, arg, ptr);
	case MSGQIPC_CTL_SET_SENDER_ID:
		return msgq::control_sender_id(ctx, static_cast<msgqipc_sendid *>(ptr));
	case MSGQIPC_CTL_GET_FD:
		return msgq::control_descriptor(&ctx->host, ptr);
	case MSGQIPC_CTL_ARM:
		return msgq::events_arm(ctx);
	case MSGQIPC_CTL_LISTEN_ADDR:
		return msgq::listen_addr(ctx, static_cast<const msgqipc_addr *>(ptr));
	case MSGQIPC_CTL_FORGET_ADDR:
		return msgq::listen_forget(ctx, static_cast<const msgqipc_addr *>(ptr));
	case MSGQIPC_CTL_SET_NRQR:
		return msgq::listen_nrqr(ctx, arg);
	default:
		return msgq::fail(MSGQIPC_ERR_INVAL, "cmd is %llu; accepted: MSGQIPC_CTL_*",
				  (uint64_t)(uint32_t)cmd);
	}
}

int msgqipc_get_events(msgqipc_ctx *ctx, msgqipc_event *events, size_t len)
{
	if (!msgq::usable(ctx))
		return -1;
	if (!events && len)
		return msgq::fail(MSGQIPC_ERR_INVAL, "events is NULL, and len is not 0");
	return msgq::events_get(ctx, events, len);
}
}
