// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>

#include "context.h"
#include "name.h"
#include "perm.h"
#include "queue.h"
#include "refuse.h"
#include "scope.h"

static struct hlist_head *msgq_name_bucket(struct msgq_scope *scope, u64 key)
{
	return &scope->name[hash_64(key, MSGQ_NAME_BITS)];
}

static struct msgq_queue *msgq_name_find(struct msgq_scope *scope, u64 key)
{
	struct msgq_queue *queue;

	lockdep_assert_held(&scope->lock);
	hlist_for_each_entry(queue, msgq_name_bucket(scope, key), by_name) {
		if (queue->key == key)
			return queue;
	}
	return NULL;
}

int msgq_name_bind(struct msgq_scope *scope, struct msgq_queue *queue, bool exclusive,
		   struct msgq_refusal *refusal)
{
	struct msgq_queue *old = msgq_name_find(scope, queue->key);

	if (old && exclusive)
		return msgq_refuse(refusal, -EEXIST, MSGQ_WHY_KEY_TAKEN, 0);
	if (old && !msgq_perm_owns(&old->perm, scope))
		return msgq_refuse(refusal, -EACCES, MSGQ_WHY_KEY_OWNER,
				   msgq_perm_uid(old->perm.uid));
	if (old)
		msgq_name_unbind(scope, old);
	hlist_add_head(&queue->by_name, msgq_name_bucket(scope, queue->key));
	return 0;
}

void msgq_name_unbind(struct msgq_scope *scope, struct msgq_queue *queue)
{
	lockdep_assert_held(&scope->lock);
	if (hlist_unhashed(&queue->by_name))
		return;
	hlist_del_init(&queue->by_name);
	queue->key = 0;
}

static void msgq_name_tell(const struct msgq_queue *queue, struct msgq_name *name)
{
	name->key = queue->key;
	name->address = queue->address;
	name->uid = msgq_perm_uid(queue->perm.uid);
	name->gid = msgq_perm_gid(queue->perm.gid);
	name->mode = queue->perm.mode;
}

static int msgq_name_lookup(struct msgq_scope *scope, struct msgq_queue *queue,
			    struct msgq_name *name)
{
	if (!msgq_perm_may(&queue->perm, scope, MSGQ_MAY_LOOK) &&
	    !msgq_perm_may(&queue->perm, scope, MSGQ_MAY_SEND))
		return msgq_refuse(&name->refusal, -EACCES, MSGQ_WHY_MODE_LOOK, queue->perm.mode);
	msgq_name_tell(queue, name);
	return 0;
}

static int msgq_name_unlink(struct msgq_scope *scope, struct msgq_queue *queue,
			    struct msgq_name *name)
{
	if (!msgq_perm_owns(&queue->perm, scope))
		return msgq_refuse(&name->refusal, -EACCES, MSGQ_WHY_NOT_OWNER,
				   msgq_perm_uid(queue->perm.uid));
	name->address = queue->address;
	msgq_name_unbind(scope, queue);
	return 0;
}

/* Whoever made the queue is told of it whatever its mode has become. */
static int msgq_name_get_perm(struct msgq_scope *scope, struct msgq_queue *queue,
			      struct msgq_name *name)
{
	if (!(name->flags & MSGQ_NAME_BY_HANDLE) &&
	    !msgq_perm_may(&queue->perm, scope, MSGQ_MAY_LOOK))
		return msgq_refuse(&name->refusal, -EACCES, MSGQ_WHY_MODE_LOOK, queue->perm.mode);
	msgq_name_tell(queue, name);
	return 0;
}

static int msgq_name_set_perm(struct msgq_scope *scope, struct msgq_queue *queue,
			      struct msgq_name *name)
{
	int error;

	if (!msgq_perm_owns(&queue->perm, scope))
		return msgq_refuse(&name->refusal, -EACCES, MSGQ_WHY_NOT_OWNER,
				   msgq_perm_uid(queue->perm.uid));
	error = msgq_perm_set(&queue->perm, name->uid, name->gid, name->mode, &name->refusal);
	if (!error)
		msgq_name_tell(queue, name);
	return error;
}

static const struct msgq_name_operation {
	int (*handle)(struct msgq_scope *scope, struct msgq_queue *queue, struct msgq_name *name);
	u32 flags;
} msgq_name_operations[] = {
	[MSGQ_NAME_LOOKUP] = { .handle = msgq_name_lookup },
	[MSGQ_NAME_UNLINK] = { .handle = msgq_name_unlink },
	[MSGQ_NAME_GET_PERM] = { msgq_name_get_perm, MSGQ_NAME_BY_HANDLE },
	[MSGQ_NAME_SET_PERM] = { msgq_name_set_perm, MSGQ_NAME_BY_HANDLE },
};

static int msgq_name_check(const struct msgq_name *name, struct msgq_refusal *refusal)
{
	u32 known;

	if (!name->operation || name->operation >= ARRAY_SIZE(msgq_name_operations))
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_OPERATION, 0);
	known = msgq_name_operations[name->operation].flags;
	if (name->flags & ~known)
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_FLAGS, known);
	/* The one that the other is given in place of. */
	if (name->flags & MSGQ_NAME_BY_HANDLE ? name->key != 0 : name->handle != 0)
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_RESERVED, 0);
	if (!(name->flags & MSGQ_NAME_BY_HANDLE) && !name->key)
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_KEY_PRIVATE, 0);
	return 0;
}

int msgq_name_request(struct msgq_context *context, void *request)
{
	struct msgq_scope *scope = context->scope;
	struct msgq_name *name = request;
	struct msgq_queue *queue;
	int error = msgq_name_check(name, &name->refusal);

	if (error)
		return error;
	mutex_lock(&scope->lock);
	if (name->flags & MSGQ_NAME_BY_HANDLE) {
		queue = msgq_context_queue(context, name->handle);
		if (!queue)
			error = msgq_refuse(&name->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	} else {
		queue = msgq_name_find(scope, name->key);
		if (!queue)
			error = msgq_refuse(&name->refusal, -ENOENT, MSGQ_WHY_KEY_UNKNOWN, 0);
	}
	if (queue)
		error = msgq_name_operations[name->operation].handle(scope, queue, name);
	mutex_unlock(&scope->lock);
	return error;
}
