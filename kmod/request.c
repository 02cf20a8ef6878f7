// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <msgq/ring.h>

#include "attach.h"
#include "context.h"
#include "list.h"
#include "name.h"
#include "queue.h"
#include "refuse.h"
#include "request.h"
#include "wait.h"

static int msgq_hello_request(struct msgq_context *context, void *request)
{
	struct msgq_hello *hello = request;
	u32 version = hello->version, oldest = hello->oldest;
	u64 features = hello->features;

	hello->version = MSGQ_ABI_VERSION;
	hello->oldest = MSGQ_ABI_OLDEST;
	hello->features = 0;
	hello->max_entries = msgq_limit_entries();
	hello->max_msg = MSGQ_MSG_MAX;
	hello->node = MSGQ_NODE;
	strscpy_pad(hello->release, MSGQ_VERSION, sizeof(hello->release));

	if (version < MSGQ_ABI_OLDEST || oldest > MSGQ_ABI_VERSION)
		return msgq_refuse(&hello->refusal, -EPROTO, MSGQ_WHY_VERSION, 0);
	if (features)
		return msgq_refuse(&hello->refusal, -EINVAL, MSGQ_WHY_FLAGS, 0);
	context->greeted = true;
	return 0;
}

static int msgq_destroy_request(struct msgq_context *context, void *request)
{
	msgq_context_end(context);
	return 0;
}

/* Where the reserved words of a structure are, and a 32-bit flags field if it has one. */
#define MSGQ_AT(type, field) offsetof(struct type, field)
#define MSGQ_RESERVED(type) MSGQ_AT(type, reserved), sizeof_field(struct type, reserved)

struct msgq_command {
	u32 number;
	int (*handle)(struct msgq_context *context, void *request);
	u16 reserved, reserved_size;
	u16 reserved_word; /* a single one, 0: none */
	u16 flags;	   /* 0: none, or looked at by the request itself */
	bool unlocked;	   /* takes the context's lock itself */
};

static const struct msgq_command msgq_commands[] = {
	{ MSGQ_IOC_HELLO, msgq_hello_request, MSGQ_RESERVED(msgq_hello) },
	{ MSGQ_IOC_DESTROY, msgq_destroy_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags), .unlocked = true },
	{ MSGQ_IOC_CREATE, msgq_queue_create_request, MSGQ_RESERVED(msgq_create),
	  .reserved_word = MSGQ_AT(msgq_create, reserved0) },
	{ MSGQ_IOC_ACTIVATE, msgq_queue_activate_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags) },
	{ MSGQ_IOC_DEACTIVATE, msgq_queue_deactivate_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags) },
	{ MSGQ_IOC_CLOSE, msgq_queue_close_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags) },
	{ MSGQ_IOC_ATTACH, msgq_attach_request, MSGQ_RESERVED(msgq_attach),
	  .reserved_word = MSGQ_AT(msgq_attach, reserved0),
	  .flags = MSGQ_AT(msgq_attach, flags) },
	{ MSGQ_IOC_DETACH, msgq_detach_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags) },
	{ MSGQ_IOC_WAIT, msgq_wait_request, MSGQ_RESERVED(msgq_wait),
	  .flags = MSGQ_AT(msgq_wait, flags), .unlocked = true },
	{ MSGQ_IOC_WAKE, msgq_wake_request, MSGQ_RESERVED(msgq_handle),
	  .flags = MSGQ_AT(msgq_handle, flags), .unlocked = true },
	{ MSGQ_IOC_NAME, msgq_name_request, MSGQ_RESERVED(msgq_name),
	  .reserved_word = MSGQ_AT(msgq_name, reserved0),
	  .flags = MSGQ_AT(msgq_name, flags) },
	{ MSGQ_IOC_LIST, NULL, MSGQ_RESERVED(msgq_list) },
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

static int msgq_command_check(const struct msgq_command *command, union msgq_request *request)
{
	const u8 *bytes = (const u8 *)request;

	if (memchr_inv(bytes + command->reserved, 0, command->reserved_size))
		return msgq_refuse(&request->refusal, -EINVAL, MSGQ_WHY_RESERVED, 0);
	if (command->reserved_word && *(const u32 *)(bytes + command->reserved_word))
		return msgq_refuse(&request->refusal, -EINVAL, MSGQ_WHY_RESERVED, 0);
	if (command->flags && *(const u32 *)(bytes + command->flags))
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
		    struct msgq_info *info, u32 room)
{
	const struct msgq_command *command = msgq_command_find(number);
	int error;

	memset(&request->refusal, 0, sizeof(request->refusal));
	mutex_lock(&context->lock);
	error = msgq_command_allowed(context, number, &request->refusal);
	if (!error)
		error = msgq_command_check(command, request);
	if (!error && number == MSGQ_IOC_LIST)
		msgq_list_request(context, &request->list, info, room);
	else if (!error && !command->unlocked)
		error = command->handle(context, request);
	mutex_unlock(&context->lock);

	/* It may end meanwhile: these look for themselves. */
	if (!error && command->unlocked)
		error = command->handle(context, request);
	return error;
}
