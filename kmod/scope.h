/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A scope is what sees the same queues: a network namespace. It holds the
 * queues by id, and the names.
 *
 * Lock order: context, scope, queue, users.
 */
#ifndef MSGQ_SCOPE_H
#define MSGQ_SCOPE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/msgq.h>

#include "table.h"
#include "user.h"

struct msgq_queue;

#define MSGQ_NAME_BITS 10

struct msgq_scope {
	struct mutex lock; /* all below, and the names of the queues */
	struct msgq_table queues;
	struct hlist_head name[1 << MSGQ_NAME_BITS];
	/* From a random start, so that addresses of an earlier load stay stale. */
	u64 next_generation;
	u64 contexts; /* that there ever were */

	struct msgq_users users; /* with a lock of its own */
};

void msgq_scope_init(struct msgq_scope *scope);
void msgq_scope_exit(struct msgq_scope *scope);

/* Gives the queue its address. 0, -ENOSPC or -ENOMEM. */
int msgq_scope_enter(struct msgq_scope *scope, struct msgq_queue *queue);

/* Address and name are gone; the caller's reference is not touched. */
void msgq_scope_leave(struct msgq_scope *scope, struct msgq_queue *queue);

/* The queue of an address, with a reference, or NULL. */
struct msgq_queue *msgq_scope_find(struct msgq_scope *scope, const struct msgq_address *address);

#endif
