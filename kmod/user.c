// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/bug.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cache.h"
#include "context.h"
#include "limits.h"
#include "perm.h"
#include "refuse.h"
#include "trace.h"
#include "user.h"

/* What is charged at once, by enum msgq_limit_name. */
struct msgq_bill {
	u64 of[MSGQ_LIMITS];
};

static struct kmem_cache *msgq_user_cache;

int msgq_user_init(void)
{
	msgq_user_cache = msgq_cache_create("msgq_user", sizeof(struct msgq_user));
	return msgq_user_cache ? 0 : -ENOMEM;
}

void msgq_user_exit(void)
{
	kmem_cache_destroy(msgq_user_cache);
}

void msgq_users_init(struct msgq_users *users)
{
	u32 i;

	spin_lock_init(&users->lock);
	for (i = 0; i < ARRAY_SIZE(users->user); i++)
		INIT_HLIST_HEAD(&users->user[i]);
}

static struct hlist_head *msgq_user_bucket(struct msgq_users *users, kuid_t uid)
{
	return &users->user[hash_64(__kuid_val(uid), MSGQ_USERS_BITS)];
}

static struct msgq_user *msgq_user_find(struct msgq_users *users, kuid_t uid)
{
	struct msgq_user *user;

	hlist_for_each_entry(user, msgq_user_bucket(users, uid), in_users) {
		if (uid_eq(user->uid, uid))
			return user;
	}
	return NULL;
}

/*
 * Over the machine, not over the scope: who makes a user namespace has every
 * capability in it, and would be rid of all limits. Asked only of who is over
 * one, since it leaves a mark in the audit log.
 */
static bool msgq_user_exempt(void)
{
	return capable(CAP_SYS_RESOURCE);
}

/* All of it or nothing; the users are locked. */
static int msgq_user_take(struct msgq_user *user, const struct msgq_bill *bill,
			  struct msgq_refusal *refusal)
{
	u32 i;

	BUILD_BUG_ON(MSGQ_WHY_USER_ATTACHMENTS - MSGQ_WHY_USER_QUEUES != MSGQ_LIMIT_ATTACHMENTS);
	for (i = 0; i < MSGQ_LIMITS; i++) {
		u64 max = msgq_limit_user(i);

		/* What is used may be above a limit that was lowered. */
		if (!bill->of[i] || !max || user->used[i] + bill->of[i] <= max)
			continue;
		if (msgq_user_exempt())
			continue;
		trace_msgq_quota(user, i, max);
		return msgq_refuse(refusal, -EDQUOT, MSGQ_WHY_USER_QUEUES + i, max);
	}
	for (i = 0; i < MSGQ_LIMITS; i++)
		user->used[i] += bill->of[i];
	return 0;
}

static void msgq_user_give(struct msgq_user *user, const struct msgq_bill *bill)
{
	struct msgq_users *users = user->users;
	bool last;
	u32 i;

	spin_lock(&users->lock);
	for (i = 0; i < MSGQ_LIMITS; i++) {
		WARN_ON(user->used[i] < bill->of[i]);
		user->used[i] -= bill->of[i];
	}
	last = !memchr_inv(user->used, 0, sizeof(user->used));
	if (last)
		hlist_del_init(&user->in_users);
	spin_unlock(&users->lock);
	if (last)
		kmem_cache_free(msgq_user_cache, user);
}

struct msgq_user *msgq_user_enter(struct msgq_users *users, struct msgq_refusal *refusal,
				  int *error)
{
	const struct msgq_bill bill = { .of[MSGQ_LIMIT_CONTEXTS] = 1 };
	struct msgq_user *fresh = kmem_cache_alloc(msgq_user_cache, MSGQ_GFP);
	kuid_t uid = current_euid();
	struct msgq_user *user;

	if (!fresh) {
		*error = msgq_refuse(refusal, -ENOMEM, MSGQ_WHY_MEMORY, sizeof(*fresh));
		return NULL;
	}
	memset(fresh, 0, sizeof(*fresh));
	fresh->users = users;
	fresh->uid = uid;

	spin_lock(&users->lock);
	user = msgq_user_find(users, uid);
	*error = msgq_user_take(user ? user : fresh, &bill, refusal);
	if (!*error && !user) {
		hlist_add_head(&fresh->in_users, msgq_user_bucket(users, uid));
		user = fresh;
		fresh = NULL;
	}
	spin_unlock(&users->lock);
	if (fresh)
		kmem_cache_free(msgq_user_cache, fresh);
	return *error ? NULL : user;
}

void msgq_user_leave(struct msgq_user *user)
{
	msgq_user_uncharge(user, MSGQ_LIMIT_CONTEXTS);
}

static int msgq_user_charge_all(struct msgq_user *user, const struct msgq_bill *bill,
				struct msgq_refusal *refusal)
{
	int error;

	spin_lock(&user->users->lock);
	error = msgq_user_take(user, bill, refusal);
	spin_unlock(&user->users->lock);
	return error;
}

int msgq_user_charge(struct msgq_user *user, enum msgq_limit_name what,
		     struct msgq_refusal *refusal)
{
	struct msgq_bill bill = {};

	bill.of[what] = 1;
	return msgq_user_charge_all(user, &bill, refusal);
}

void msgq_user_uncharge(struct msgq_user *user, enum msgq_limit_name what)
{
	struct msgq_bill bill = {};

	bill.of[what] = 1;
	msgq_user_give(user, &bill);
}

int msgq_user_charge_queue(struct msgq_user *user, u64 bytes, struct msgq_refusal *refusal)
{
	const struct msgq_bill bill = {
		.of[MSGQ_LIMIT_QUEUES] = 1,
		.of[MSGQ_LIMIT_BYTES] = bytes,
	};

	return msgq_user_charge_all(user, &bill, refusal);
}

void msgq_user_uncharge_queue(struct msgq_user *user, u64 bytes)
{
	const struct msgq_bill bill = {
		.of[MSGQ_LIMIT_QUEUES] = 1,
		.of[MSGQ_LIMIT_BYTES] = bytes,
	};

	msgq_user_give(user, &bill);
}

int msgq_limits_request(struct msgq_context *context, void *request)
{
	struct msgq_limits *limits = request;
	struct msgq_user *user = context->user;
	u32 i;

	limits->uid = msgq_perm_uid(user->uid);
	spin_lock(&user->users->lock);
	for (i = 0; i < MSGQ_LIMITS; i++) {
		limits->limit[i].used = user->used[i];
		limits->limit[i].max = msgq_limit_user(i);
	}
	spin_unlock(&user->users->lock);
	return 0;
}
