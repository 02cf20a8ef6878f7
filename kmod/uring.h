/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Waits for a context's descriptor that io_uring carries: commands that are
 * pending until it is readable.
 *
 * Lock order: due, uring; taken in interrupts, too.
 */
#ifndef MSGQ_URING_H
#define MSGQ_URING_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct io_uring_cmd;

#ifdef MSGQ_HAS_URING

struct msgq_uring {
	spinlock_t lock; /* all below, and what is pending */
	struct list_head pending;
	u32 count;
	struct delayed_work late;
};

void msgq_uring_init(struct msgq_uring *uring);

/* The context has ended: nothing is pending any more. */
void msgq_uring_end(struct msgq_uring *uring);

/* The descriptor is readable, or so it seems: all that is pending completes. */
void msgq_uring_beat(struct msgq_uring *uring);

/* Of the file operations. */
int msgq_uring_command(struct io_uring_cmd *command, unsigned int flags);

#else /* compat.h tells why not */

struct msgq_uring {};

static inline void msgq_uring_init(struct msgq_uring *uring)
{
}

static inline void msgq_uring_end(struct msgq_uring *uring)
{
}

static inline void msgq_uring_beat(struct msgq_uring *uring)
{
}

#endif

#endif
