// SPDX-License-Identifier: MIT
#include "named.h"

#include <string.h>

#include <msgq/ring.h>

#include "context.h"
#include "queue.h"

namespace msgq
{

/* The most that are fetched at once; of senders, for whom each fetch looks at the whole ring. */
constexpr uint32_t LIST_CHUNK = 32;
constexpr uint32_t SENDERS_CHUNK = 64;

/* Of @queue, or where that is NULL of the one that the key names. */
static int named_one(msgqipc_ctx *ctx, const msgqipc_queue *queue, uint32_t operation,
		     msgqipc_named *named)
{
	msgq_name name = {};

	name.operation = operation;
	if (queue) {
		name.flags = MSGQ_NAME_BY_HANDLE;
		name.handle = queue->handle;
	} else {
		name.key = named->key;
	}
	if (operation == MSGQ_NAME_SET_PERM) {
		name.uid = named->uid;
		name.gid = named->gid;
		name.mode = named->mode;
	}
	if (host_request(&ctx->host, MSGQ_IOC_NAME, &name))
		return -1;
	named->key = name.key;
	memcpy(&named->addr, &name.address, sizeof(named->addr));
	named->uid = name.uid;
	named->gid = name.gid;
	named->mode = name.mode;
	named->reserved = 0;
	return succeed();
}

static msgqipc_info translate(const msgq_info &from)
{
	msgqipc_info info = {};

	memcpy(&info.addr, &from.address, sizeof(info.addr));
	info.key = from.key;
	info.cookie = from.cookie;
	info.received = from.received;
	info.created_ns = from.created_ns;
	info.bytes = from.bytes;
	info.entries = from.entries;
	info.depth = from.depth;
	info.active = from.state == MSGQ_QUEUE_ACTIVE;
	info.senders = from.senders;
	info.waiting = from.waiting;
	info.uid = from.uid;
	info.gid = from.gid;
	info.creator_uid = from.creator_uid;
	info.creator_gid = from.creator_gid;
	info.mode = from.mode;
	info.pid = from.pid;
	info.mediated = from.flags & MSGQ_INFO_MEDIATED ? 1 : 0;
	info.high = from.high;
	info.listeners = from.listeners;
	info.sent = from.sent;
	info.cancelled = from.cancelled;
	info.reaped = from.reaped;
	info.full = from.full;
	info.activated_ns = from.activated_ns;
	return info;
}

static msgqipc_sender translate(const msgq_sender_info &from)
{
	msgqipc_sender sender = {};

	static_assert(MSGQIPC_SENDER_REVOKED == MSGQ_SENDER_REVOKED);
	static_assert(MSGQIPC_SENDER_MEDIATED == MSGQ_SENDER_MEDIATED);
	static_assert(MSGQIPC_POS_NONE == MSGQ_SENDER_NONE);
	sender.attached_ns = from.attached_ns;
	sender.last = from.last;
	sender.index = from.index;
	sender.pid = from.pid;
	sender.uid = from.uid;
	sender.flags = from.flags;
	sender.recent = from.recent;
	sender.open = from.open;
	/* What a daemon says is bounded. */
	sender.sendid.len =
		from.sendid.len < MSGQIPC_SENDID_SPC ? from.sendid.len : MSGQIPC_SENDID_SPC;
	memcpy(sender.sendid.spc, from.sendid.id, sizeof(sender.sendid.spc));
	return sender;
}

static int named_list(msgqipc_ctx *ctx, msgqipc_list *list)
{
	uint32_t filled = 0;

	if (!list->info || !list->count)
		return fail(MSGQIPC_ERR_INVAL, "the list has no room: info is NULL or count is 0");
	while (filled < list->count) {
		msgq_info chunk[LIST_CHUNK];
		msgq_list request = {};
		uint32_t left = list->count - filled;

		request.buffer = (uint64_t)(uintptr_t)chunk;
		request.count = left < LIST_CHUNK ? left : LIST_CHUNK;
		request.from = list->from;
		if (host_request(&ctx->host, MSGQ_IOC_LIST, &request))
			return -1;
		if (!request.count)
			break;
		for (uint32_t i = 0; i < request.count; i++)
			list->info[filled++] = translate(chunk[i]);
		list->from = request.from;
	}
	list->count = filled;
	return succeed();
}

static int named_senders(msgqipc_ctx *ctx, msgqipc_senders *senders)
{
	uint32_t filled = 0;

	if (!senders->sender || !senders->count)
		return fail(MSGQIPC_ERR_INVAL,
			    "there is no room for senders: sender is NULL or count is 0");
	while (filled < senders->count) {
		msgq_sender_info chunk[SENDERS_CHUNK];
		msgq_senders request = {};
		uint32_t left = senders->count - filled;

		memcpy(&request.address, &senders->addr, sizeof(request.address));
		request.buffer = (uint64_t)(uintptr_t)chunk;
		request.count = left < SENDERS_CHUNK ? left : SENDERS_CHUNK;
		request.from = senders->from;
		if (host_request(&ctx->host, MSGQ_IOC_SENDERS, &request))
			return -1;
		senders->slots = request.slots;
		senders->next = request.next;
		if (!request.count)
			break;
		for (uint32_t i = 0; i < request.count; i++)
			senders->sender[filled++] = translate(chunk[i]);
		senders->from = request.from;
	}
	senders->count = filled;
	return succeed();
}

static_assert(MSGQIPC_PEEK_NOTHING == int(MSGQ_PEEK_NOTHING));
static_assert(MSGQIPC_PEEK_CLAIM == int(MSGQ_PEEK_CLAIM));
static_assert(MSGQIPC_PEEK_MESSAGE == int(MSGQ_PEEK_MESSAGE));

static int named_peek(msgqipc_ctx *ctx, msgqipc_message *message)
{
	msgq_peek peek = {};

	memcpy(&peek.address, &message->addr, sizeof(peek.address));
	peek.position = message->position;
	if (host_request(&ctx->host, MSGQ_IOC_PEEK, &peek))
		return -1;
	if (peek.len > sizeof(message->msg) || peek.sendid.len > sizeof(message->sendid.spc))
		return fail(MSGQIPC_ERR_FAILURE,
			    "whoever keeps the queue told of more than a message");
	message->position = peek.position;
	message->sendid.len = peek.sendid.len;
	memcpy(message->sendid.spc, peek.sendid.id, sizeof(message->sendid.spc));
	message->uid = peek.uid;
	message->pid = peek.pid;
	message->sender = peek.sender;
	message->state = peek.state;
	message->len = peek.len;
	message->reserved = 0;
	static_assert(sizeof(message->msg) == sizeof(peek.msg));
	memcpy(message->msg, peek.msg, sizeof(message->msg));
	return succeed();
}

int named_operation(msgqipc_ctx *ctx, const msgqipc_queue *queue, uint64_t operation, void *ptr)
{
	msgqipc_named *named = static_cast<msgqipc_named *>(ptr);

	switch (operation) {
	case MSGQIPC_NAMED_LOOKUP:
		return named_one(ctx, nullptr, MSGQ_NAME_LOOKUP, named);
	case MSGQIPC_NAMED_UNLINK:
		return named_one(ctx, nullptr, MSGQ_NAME_UNLINK, named);
	case MSGQIPC_NAMED_GET_PERM:
		return named_one(ctx, queue, MSGQ_NAME_GET_PERM, named);
	case MSGQIPC_NAMED_SET_PERM:
		return named_one(ctx, queue, MSGQ_NAME_SET_PERM, named);
	case MSGQIPC_NAMED_LIST:
		return named_list(ctx, static_cast<msgqipc_list *>(ptr));
	case MSGQIPC_NAMED_SENDERS:
		return named_senders(ctx, static_cast<msgqipc_senders *>(ptr));
	case MSGQIPC_NAMED_PEEK:
		return named_peek(ctx, static_cast<msgqipc_message *>(ptr));
	default:
		return fail(MSGQIPC_ERR_INVAL, "arg is %llu; accepted: MSGQIPC_NAMED_*, 1 to 7",
			    operation);
	}
}

} // namespace msgq
