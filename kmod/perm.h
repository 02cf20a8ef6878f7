/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Who may do what with a queue: owner, group and mode, as in System V's ipc_perm. */
#ifndef MSGQ_PERM_H
#define MSGQ_PERM_H

#include <linux/types.h>
#include <linux/uidgid.h>

struct msgq_refusal;
struct msgq_scope;

/* Changed under the scope's lock; the creator never. */
struct msgq_perm {
	kuid_t uid, creator_uid;
	kgid_t gid, creator_gid;
	u32 mode;
};

#define MSGQ_MAY_LOOK 04
#define MSGQ_MAY_SEND 02
#define MSGQ_MODE_BITS 0777u

/* The caller becomes owner and creator; mode 0666 less its umask. */
void msgq_perm_init(struct msgq_perm *perm);

/* May the caller do @want, MSGQ_MAY_*? */
bool msgq_perm_may(const struct msgq_perm *perm, struct msgq_scope *scope, u32 want);

/* Is the caller the owner, or allowed to act as one? */
bool msgq_perm_owns(const struct msgq_perm *perm, struct msgq_scope *scope);

/* Sets all three or none; the ids are those of the caller's user namespace. */
int msgq_perm_set(struct msgq_perm *perm, u32 uid, u32 gid, u32 mode,
		  struct msgq_refusal *refusal);

/* Ids as the caller's user namespace has them. */
u32 msgq_perm_uid(kuid_t uid);
u32 msgq_perm_gid(kgid_t gid);

#endif
