/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A context's interest in another's queue: to be told when it takes sends
 * again, and when it is gone.
 *
 * Lifetime: made by LISTEN; ended by FORGET, by the context's end, or when it
 * has told that the queue is closed. While it is on the queue's list its
 * context exists: who ends either takes it off under the queue's lock.
 */
#ifndef MSGQ_WATCH_H
#define MSGQ_WATCH_H

#include <linux/list.h>
#include <linux/types.h>

struct msgq_context;
struct msgq_queue;

struct msgq_watch {
	struct msgq_context *context;
	struct msgq_queue *queue; /* referenced */

	struct list_head by_context; /* under the context's lock */

	/* Under the queue's lock. */
	struct list_head by_queue;
	bool waiting; /* for room; else it was told, or is about to be */
	u32 nrqr;

	/* Under the due's lock. */
	struct list_head in_due;
	u32 tells; /* MSGQ_EVENT_* */
};

#define MSGQ_NRQR_MAX 5

int msgq_watch_init(void);
void msgq_watch_exit(void);

/* Off all lists but its context's, which is locked: takes it off that too. */
void msgq_watch_free(struct msgq_watch *watch);

/* The context ends; it is locked. */
void msgq_watch_end(struct msgq_context *context);

/*
 * Tells those for whom there is room by now, and has the receiver tell when
 * there will be for the others. @fence: the receiver may run meanwhile. The
 * queue is locked.
 */
void msgq_watch_review(struct msgq_queue *queue, bool fence);

/* The queue is gone, and locked. */
void msgq_watch_close(struct msgq_queue *queue);

/* Requests; the context is locked. */
int msgq_listen_request(struct msgq_context *context, void *request);
int msgq_forget_request(struct msgq_context *context, void *request);
int msgq_nrqr_request(struct msgq_context *context, void *request);
int msgq_reached_request(struct msgq_context *context, void *request);

#endif
