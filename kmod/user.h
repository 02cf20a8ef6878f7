/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A user in a scope, and what its contexts have between them.
 *
 * For each scope on its own: one uid is often many containers' uid, root's
 * above all, and one of them must not use up what the others may have. How
 * many scopes a user can get is the kernel's to limit (max_net_namespaces),
 * and its memory over all of them the cgroup's.
 *
 * Lifetime: it is there as long as something is charged to it. A context is,
 * until it is freed, and a queue until its memory goes, which may be later.
 */
#ifndef MSGQ_USER_H
#define MSGQ_USER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/msgq.h>

struct msgq_context;

#define MSGQ_USERS_BITS 6

struct msgq_users {
	spinlock_t lock; /* all of them; taken last */
	struct hlist_head user[1 << MSGQ_USERS_BITS];
};

struct msgq_user {
	struct hlist_node in_users;
	struct msgq_users *users;
	kuid_t uid;
	u64 used[MSGQ_LIMITS]; /* under the users' lock */
};

int msgq_user_init(void);
void msgq_user_exit(void);
void msgq_users_init(struct msgq_users *users);

/* The caller, charged with one more context; NULL with *@error and the refusal set. */
struct msgq_user *msgq_user_enter(struct msgq_users *users, struct msgq_refusal *refusal,
				  int *error);
void msgq_user_leave(struct msgq_user *user);

/*
 * One more @what, on behalf of the caller: 0, or -EDQUOT with the refusal set.
 * A queue is charged by number and bytes, both or neither.
 */
int msgq_user_charge(struct msgq_user *user, enum msgq_limit_name what,
		     struct msgq_refusal *refusal);
void msgq_user_uncharge(struct msgq_user *user, enum msgq_limit_name what);
int msgq_user_charge_queue(struct msgq_user *user, u64 bytes, struct msgq_refusal *refusal);
void msgq_user_uncharge_queue(struct msgq_user *user, u64 bytes);

/* A request; the context is locked. */
int msgq_limits_request(struct msgq_context *context, void *request);

#endif
