// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/string.h>

#include "context.h"
#include "identity.h"
#include "queue.h"
#include "refuse.h"

struct msgq_identity msgq_identity_of(const struct msgq_context *context)
{
	return (struct msgq_identity){
		.context = context->number,
		.uid = current_euid(),
		.sendid = context->sendid,
		.pid = context->pid,
	};
}

void msgq_identity_set(struct msgq_identity *row, const struct msgq_identity *identity)
{
	msgq_identity_drop(row);
	*row = *identity;
	get_pid(row->pid);
}

void msgq_identity_drop(struct msgq_identity *row)
{
	put_pid(row->pid);
	memset(row, 0, sizeof(*row));
}

static bool msgq_sendid_same(const struct msgq_sendid *a, const struct msgq_sendid *b)
{
	return a->len == b->len && !memcmp(a->id, b->id, a->len);
}

bool msgq_identity_same(const struct msgq_identity *a, const struct msgq_identity *b)
{
	return a->context == b->context && uid_eq(a->uid, b->uid) &&
	       msgq_sendid_same(&a->sendid, &b->sendid);
}

bool msgq_identity_cancels(const struct msgq_identity *canceller,
			   const struct msgq_identity *sender)
{
	if (!sender->context || !msgq_sendid_same(&canceller->sendid, &sender->sendid))
		return false;
	if (canceller->sendid.len)
		return uid_eq(canceller->uid, sender->uid);
	return canceller->context == sender->context;
}

int msgq_identify_request(struct msgq_context *context, void *request)
{
	struct msgq_identify *identify = request;

	if (identify->sendid.len > MSGQ_SENDID_MAX)
		return msgq_refuse(&identify->refusal, -EFBIG, MSGQ_WHY_SENDID, MSGQ_SENDID_MAX);
	memset(&context->sendid, 0, sizeof(context->sendid));
	context->sendid.len = identify->sendid.len;
	memcpy(context->sendid.id, identify->sendid.id, identify->sendid.len);
	return 0;
}

int msgq_sender_request(struct msgq_context *context, void *request)
{
	struct msgq_sender_of *sender = request;
	struct msgq_queue *queue = msgq_context_queue(context, sender->handle);
	const struct msgq_identity *identity;
	int error = 0;

	if (!queue)
		return msgq_refuse(&sender->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	mutex_lock(&queue->lock);
	identity = msgq_rows_identity(&queue->rows, sender->index);
	if (identity) {
		sender->sendid = identity->sendid;
		sender->uid = msgq_perm_uid(identity->uid);
		sender->pid = pid_vnr(identity->pid);
	} else {
		/* Nobody who was given an index has written this word. */
		error = msgq_refuse(&sender->refusal, -EBADMSG, MSGQ_WHY_RING, 0);
	}
	mutex_unlock(&queue->lock);
	return error;
}
