/* SPDX-License-Identifier: MIT */
/* Who asks: in the kernel `current`, here the client whose request is served. */
#ifndef MSGQD_SHIM_CALLER_H
#define MSGQD_SHIM_CALLER_H

#include <stdlib.h>
#include <sys/types.h>

typedef struct {
	uid_t val;
} kuid_t;

typedef struct {
	gid_t val;
} kgid_t;

struct shim_caller {
	kuid_t uid;
	kgid_t gid;
	const gid_t *groups;
	size_t group_count;
	mode_t umask;
};

extern struct shim_caller shim_caller;

struct pid {
	pid_t number;
	unsigned int references;
};

static inline struct pid *get_pid(struct pid *pid)
{
	pid->references++;
	return pid;
}

static inline void put_pid(struct pid *pid)
{
	if (pid && !--pid->references)
		free(pid);
}

struct user_namespace;

#define CAP_IPC_OWNER 15
#define CAP_SYS_ADMIN 21
#define CAP_SYS_RESOURCE 24

#define current_euid() (shim_caller.uid)
#define current_egid() (shim_caller.gid)
#define current_umask() (shim_caller.umask)
#define current_user_ns() NULL
#define __kuid_val(uid) ((uid).val)
#define uid_eq(a, b) ((a).val == (b).val)
#define make_kuid(namespace, uid) ((kuid_t){ uid })
#define make_kgid(namespace, gid) ((kgid_t){ gid })
#define uid_valid(uid) ((uid).val != (uid_t)-1)
#define gid_valid(gid) ((gid).val != (gid_t)-1)
#define from_kuid_munged(namespace, uid) ((uid).val)
#define from_kgid_munged(namespace, gid) ((gid).val)
#define pid_vnr(pid) ((u32)(pid)->number)
#define pid_nr(pid) pid_vnr(pid)

/* Capabilities of a peer cannot be seen through a socket; root's uid can. */
#define ns_capable(namespace, capability) ((void)(namespace), shim_caller.uid.val == 0)
#define capable(capability) ns_capable(NULL, capability)

static inline bool in_egroup_p(kgid_t gid)
{
	size_t i;

	if (gid.val == shim_caller.gid.val)
		return true;
	for (i = 0; i < shim_caller.group_count; i++) {
		if (shim_caller.groups[i] == gid.val)
			return true;
	}
	return false;
}

#endif
