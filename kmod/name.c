// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/hash.h>
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

static int msgq_name_lookup(struct msgq_scope *scope, struct msgq_queue *queue,
			    struct msgq_name *name)
{
	if (!msgq_perm_may(&queue->perm, scope, MSGQ_MAY_LOOK) &&
	    !msgq_perm_may(&queue->perm, scope, MSGQ_MAY_SEND))
		return msgq_refuse(&name->refusal, -EACCES, MSGQ_WHY_MODE_LOOK, queue->perm.mode);
	name->address = queue->address;
	name->uid = msgq_perm_uid(queue->perm.uid);
	name->gid = msgq_perm_gid(queue->perm.gid);
	name->mode = queue->perm.mode;
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

int msgq_name_request(struct msgq_context *context, void *request)
{
	struct msgq_scope *scope = context->scope;
	struct msgq_name *name = request;
	struct msgq_queue *queue;
	int error;

	if (name->operation != MSGQ_NAME_LOOKUP && name->operation != MSGQ_NAME_UNLINK)
		return msgq_refuse(&name->refusal, -EINVAL, MSGQ_WHY_OPERATION, 0);
	if (name->key == 0)
		return msgq_refuse(&name->refusal, -EINVAL, MSGQ_WHY_KEY_PRIVATE, 0);

	mutex_lock(&scope->lock);
	queue = msgq_name_find(scope, name->key);
	if (!queue)
		error = msgq_refuse(&name->refusal, -ENOENT, MSGQ_WHY_KEY_UNKNOWN, 0);
	else if (name->operation == MSGQ_NAME_LOOKUP)
		error = msgq_name_lookup(scope, queue, name);
	else
		error = msgq_name_unlink(scope, queue, name);
	mutex_unlock(&scope->lock);
	return error;
}
