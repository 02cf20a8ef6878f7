/* SPDX-License-Identifier: MIT */
/*
 * The core of the module, kmod/'s own files, as the daemon sees it. All of it
 * is for one thread.
 */
#ifndef MSGQD_CORE_H
#define MSGQD_CORE_H

#include <linux/types.h>
#include <stddef.h>
#include <sys/types.h>

#include <uapi/linux/msgq.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgq_context;

/* On whose behalf a request is done. */
struct core_caller {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t group_count;
	mode_t umask;
};

/* The module's parameters, with its defaults until they are set. */
struct core_limits {
	unsigned int *max_entries;
	unsigned int *user_queues, *user_contexts, *user_attachments;
	unsigned long *user_bytes;
};

struct core_limits core_get_limits(void);

int core_init(void);
void core_exit(void);

/*
 * A context of process @pid, which sees the queues of network namespace
 * @netns, whatever its number means. NULL with *@error and the refusal set.
 */
struct msgq_context *core_open(pid_t pid, __u64 netns, const struct core_caller *caller,
			       struct msgq_refusal *refusal, int *error);

/* Nothing of the context's process can send any more. */
void core_close(struct msgq_context *context);

/*
 * @request: the structure of @command, answered in place. One that fills in
 * items does so in @into, at most @room, and tells how many in the structure.
 * Returns 0 or -errno.
 */
int core_request(struct msgq_context *context, const struct core_caller *caller, __u32 command,
		 void *request, void *into, __u32 room);

/* The size of an item that @command fills in; 0: it is not of that kind. */
size_t core_item(__u32 command);

/* Is @command known, and what its structure's size is as said by its number? */
int core_knows(__u32 command);

/*
 * The bell of a queue, or with handle 0 of the context: see lib/wire.h. It
 * stays the daemon's.
 */
int core_bell(struct msgq_context *context, struct msgq_handle *handle, int *fd);

/* To be called now and then: tells after how many milliseconds, -1: no need. */
int core_tick(void);

/*
 * What CREATE or ATTACH made: a descriptor for each area, with the rights that
 * go with the handle. They stay the daemon's. Returns how many.
 */
int core_areas(struct msgq_context *context, __u32 handle, int fd[MSGQ_AREAS]);

#ifdef __cplusplus
}
#endif

#endif
