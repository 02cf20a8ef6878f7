// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <msgq/ring.h>

#include "attach.h"
#include "cancel.h"
#include "context.h"
#include "due.h"
#include "list.h"
#include "name.h"
#include "peek.h"
#include "pulse.h"
#include "queue.h"
#include "refuse.h"
#include "request.h"
#include "revoke.h"
#include "send.h"
#include "senders.h"
#include "user.h"
#include "wait.h"
#include "watch.h"

static int msgq_hello_request(struct msgq_context *context, void *request)
{
	struct msgq_hello *hello = request;
	u32 version = hello->version, oldest = hello->oldest;
	u64 features = hello->features;

	hello->version = MSGQ_ABI_VERSION;
	hello->oldest = MSGQ_ABI_OLDEST;
	hello->features = MSGQ_FEATURES_HERE;
	hello->max_entries = msgq_limit_entries();
	hello->max_msg = MSGQ_MSG_MAX;
	hello->node = MSGQ_NODE;
	strscpy_pad(hello->release, MSGQ_VERSION, sizeof(hello->release));

	if (version < MSGQ_ABI_OLDEST || oldest > MSGQ_ABI_VERSION)
		return msgq_refuse(&hello->refusal, -EPROTO, MSGQ_WHY_VERSION, 0);
	if (features & ~MSGQ_FEATURES_HERE)
		return msgq_refuse(&hello->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_FEATURES_HERE);
	context->greeted = true;
	return 0;
}

static int msgq_destroy_request(struct msgq_context *context, void *request)
{
	msgq_context_end(context, true);
	return 0;
}

/* Part of a request that must be zero; size 0: there is none. */
struct msgq_field {
	u16 at, size;
};

#define MSGQ_FIELD(type, field) { offsetof(struct type, field), sizeof_field(struct type, field) }

struct msgq_command {
	u32 number;
	int (*handle)(struct msgq_context *context, void *request);
	/* Or, of those that fill in items: */
	int (*list)(struct msgq_context *context, void *request, void *into, u32 room);
	u32 item; /* bytes */
	struct msgq_field reserved, reserved0;
	struct msgq_field flags; /* where none are known; else the request looks itself */
	bool unlocked;		 /* takes the context's lock itself */
};

static const struct msgq_command msgq_commands[] = {
	/* Found first: somebody sleeps until these are through, or does nothing else. */
	{
		.number = MSGQ_IOC_WAKE,
		.handle = msgq_wake_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_WAIT,
		.handle = msgq_wait_request,
		.reserved = MSGQ_FIELD(msgq_wait, reserved),
		.flags = MSGQ_FIELD(msgq_wait, flags),
		.unlocked = true,
	}, {
		.number = MSGQ_IOC_SEND,
		.handle = msgq_send_request,
		.reserved0 = MSGQ_FIELD(msgq_send, reserved0),
	}, {
		.number = MSGQ_IOC_HELLO,
		.handle = msgq_hello_request,
		.reserved = MSGQ_FIELD(msgq_hello, reserved),
	}, {
		.number = MSGQ_IOC_DESTROY,
		.handle = msgq_destroy_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
		.unlocked = true,
	}, {
		.number = MSGQ_IOC_CREATE,
		.handle = msgq_queue_create_request,
		.reserved = MSGQ_FIELD(msgq_create, reserved),
		.reserved0 = MSGQ_FIELD(msgq_create, reserved0),
	}, {
		.number = MSGQ_IOC_ACTIVATE,
		.handle = msgq_queue_activate_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_DEACTIVATE,
		.handle = msgq_queue_deactivate_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_CLOSE,
		.handle = msgq_queue_close_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_ATTACH,
		.handle = msgq_attach_request,
		.reserved = MSGQ_FIELD(msgq_attach, reserved),
		.reserved0 = MSGQ_FIELD(msgq_attach, reserved0),
		.flags = MSGQ_FIELD(msgq_attach, flags),
	}, {
		.number = MSGQ_IOC_DETACH,
		.handle = msgq_detach_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_RENEW,
		.handle = msgq_renew_request,
		.reserved = MSGQ_FIELD(msgq_renew, reserved),
	}, {
		.number = MSGQ_IOC_CANCEL,
		.handle = msgq_cancel_request,
		.reserved = MSGQ_FIELD(msgq_cancel, reserved),
		.flags = MSGQ_FIELD(msgq_cancel, flags),
	}, {
		.number = MSGQ_IOC_IDENTIFY,
		.handle = msgq_identify_request,
		.reserved = MSGQ_FIELD(msgq_identify, reserved),
	}, {
		.number = MSGQ_IOC_SENDER,
		.handle = msgq_sender_request,
		.reserved = MSGQ_FIELD(msgq_sender_of, reserved),
	}, {
		.number = MSGQ_IOC_REVOKE,
		.handle = msgq_revoke_request,
		.reserved = MSGQ_FIELD(msgq_revoke, reserved),
	}, {
		.number = MSGQ_IOC_STALL,
		.handle = msgq_stall_request,
		.reserved = MSGQ_FIELD(msgq_stall, reserved),
		.reserved0 = MSGQ_FIELD(msgq_stall, reserved0),
	}, {
		.number = MSGQ_IOC_EVENTS,
		.handle = msgq_events_request,
		.reserved0 = MSGQ_FIELD(msgq_events, reserved0),
	}, {
		.number = MSGQ_IOC_KICK,
		.handle = msgq_kick_request,
		.reserved = MSGQ_FIELD(msgq_kick, reserved),
		.reserved0 = MSGQ_FIELD(msgq_kick, reserved0),
	}, {
		.number = MSGQ_IOC_LISTEN,
		.handle = msgq_listen_request,
		.reserved = MSGQ_FIELD(msgq_listen, reserved),
		.reserved0 = MSGQ_FIELD(msgq_listen, reserved0),
		.flags = MSGQ_FIELD(msgq_listen, flags),
	}, {
		.number = MSGQ_IOC_FORGET,
		.handle = msgq_forget_request,
		.reserved = MSGQ_FIELD(msgq_listen, reserved),
		.reserved0 = MSGQ_FIELD(msgq_listen, reserved0),
		.flags = MSGQ_FIELD(msgq_listen, flags),
	}, {
		.number = MSGQ_IOC_NRQR,
		.handle = msgq_nrqr_request,
		.reserved = MSGQ_FIELD(msgq_nrqr, reserved),
		.reserved0 = MSGQ_FIELD(msgq_nrqr, reserved0),
	}, {
		.number = MSGQ_IOC_REACHED,
		.handle = msgq_reached_request,
		.reserved = MSGQ_FIELD(msgq_handle, reserved),
		.flags = MSGQ_FIELD(msgq_handle, flags),
	}, {
		.number = MSGQ_IOC_NAME,
		.handle = msgq_name_request,
		.reserved = MSGQ_FIELD(msgq_name, reserved),
	}, {
		.number = MSGQ_IOC_LIST,
		.list = msgq_list_request,
		.item = sizeof(struct msgq_info),
		.reserved = MSGQ_FIELD(msgq_list, reserved),
	}, {
		.number = MSGQ_IOC_LIMITS,
		.handle = msgq_limits_request,
		.reserved = MSGQ_FIELD(msgq_limits, reserved),
		.flags = MSGQ_FIELD(msgq_limits, flags),
	}, {
		.number = MSGQ_IOC_SENDERS,
		.list = msgq_senders_request,
		.item = sizeof(struct msgq_sender_info),
		.reserved = MSGQ_FIELD(msgq_senders, reserved),
	}, {
		.number = MSGQ_IOC_PEEK,
		.handle = msgq_peek_request,
		.reserved = MSGQ_FIELD(msgq_peek, reserved),
		.flags = MSGQ_FIELD(msgq_peek, flags),
	},
};

static const struct msgq_command *msgq_command_find(u32 number)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(msgq_commands); i++) {
		if (msgq_commands[i].number == number)
			return &msgq_commands[i];
	}
	return NULL;
}

bool msgq_request_known(u32 command)
{
	return msgq_command_find(command);
}

u32 msgq_request_item(u32 command)
{
	const struct msgq_command *found = msgq_command_find(command);

	BUILD_BUG_ON(offsetof(struct msgq_senders, buffer) != offsetof(struct msgq_list, buffer));
	BUILD_BUG_ON(offsetof(struct msgq_senders, count) != offsetof(struct msgq_list, count));
	return found ? found->item : 0;
}

static bool msgq_field_is_zero(const union msgq_request *request, struct msgq_field field)
{
	return !memchr_inv((const u8 *)request + field.at, 0, field.size);
}

static int msgq_command_check(const struct msgq_command *command, union msgq_request *request)
{
	if (!msgq_field_is_zero(request, command->reserved) ||
	    !msgq_field_is_zero(request, command->reserved0))
		return msgq_refuse(&request->refusal, -EINVAL, MSGQ_WHY_RESERVED, 0);
	if (!msgq_field_is_zero(request, command->flags))
		return msgq_refuse(&request->refusal, -EINVAL, MSGQ_WHY_FLAGS, 0);
	return 0;
}

/* A context that has ended, or was never greeted, serves nothing. */
static int msgq_command_allowed(const struct msgq_context *context, u32 command,
				struct msgq_refusal *refusal)
{
	if (context->ended)
		return msgq_refuse(refusal, -ESHUTDOWN, MSGQ_WHY_DESTROYED, 0);
	if (!context->greeted && command != MSGQ_IOC_HELLO)
		return msgq_refuse(refusal, -EPROTO, MSGQ_WHY_NO_HELLO, 0);
	return 0;
}

int msgq_request_do(struct msgq_context *context, u32 number, union msgq_request *request,
		    void *into, u32 room)
{
	const struct msgq_command *command = msgq_command_find(number);
	int error;

	memset(&request->refusal, 0, sizeof(request->refusal));
	mutex_lock(&context->lock);
	error = msgq_command_allowed(context, number, &request->refusal);
	if (!error)
		error = msgq_command_check(command, request);
	if (!error && command->list)
		error = command->list(context, request, into, room);
	else if (!error && !command->unlocked)
		error = command->handle(context, request);
	mutex_unlock(&context->lock);

	/* It may end meanwhile: these look for themselves. */
	if (!error && command->unlocked)
		error = command->handle(context, request);
	return error;
}
