// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs_struct.h>
#include <linux/sched.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "netns.h"
#include "perm.h"
#include "refuse.h"

void msgq_perm_init(struct msgq_perm *perm)
{
	perm->uid = current_euid();
	perm->gid = current_egid();
	perm->creator_uid = perm->uid;
	perm->creator_gid = perm->gid;
	perm->mode = 0666 & ~current_umask();
}

static bool msgq_perm_is_owner(const struct msgq_perm *perm)
{
	kuid_t caller = current_euid();

	return uid_eq(caller, perm->uid) || uid_eq(caller, perm->creator_uid);
}

bool msgq_perm_may(const struct msgq_perm *perm, struct msgq_scope *scope, u32 want)
{
	u32 granted = perm->mode;

	if (msgq_perm_is_owner(perm))
		granted >>= 6;
	else if (in_egroup_p(perm->gid) || in_egroup_p(perm->creator_gid))
		granted >>= 3;
	return !(want & ~granted) || ns_capable(msgq_scope_users(scope), CAP_IPC_OWNER);
}

bool msgq_perm_owns(const struct msgq_perm *perm, struct msgq_scope *scope)
{
	return msgq_perm_is_owner(perm) || ns_capable(msgq_scope_users(scope), CAP_SYS_ADMIN);
}

int msgq_perm_set(struct msgq_perm *perm, u32 uid, u32 gid, u32 mode,
		  struct msgq_refusal *refusal)
{
	kuid_t kuid = make_kuid(current_user_ns(), uid);
	kgid_t kgid = make_kgid(current_user_ns(), gid);

	if (mode & ~MSGQ_MODE_BITS)
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_MODE, MSGQ_MODE_BITS);
	if (!uid_valid(kuid))
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_ID, uid);
	if (!gid_valid(kgid))
		return msgq_refuse(refusal, -EINVAL, MSGQ_WHY_ID, gid);
	perm->uid = kuid;
	perm->gid = kgid;
	perm->mode = mode;
	return 0;
}

u32 msgq_perm_uid(kuid_t uid)
{
	return from_kuid_munged(current_user_ns(), uid);
}

u32 msgq_perm_gid(kgid_t gid)
{
	return from_kgid_munged(current_user_ns(), gid);
}
