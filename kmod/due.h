/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What is due to a context: own queues that fired, and watches that have
 * something to tell. Its descriptor is readable while there is any.
 *
 * Lock order: context, queue, alarm, due.
 */
#ifndef MSGQ_DUE_H
#define MSGQ_DUE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct msgq_context;
struct msgq_queue;
struct msgq_watch;

struct msgq_due {
	spinlock_t lock; /* all below */
	struct list_head queues;
	struct list_head watches;
};

/*
 * What a queue fires. Lifetime: senders fire while the owner may be ending;
 * they follow @owner with the lock held, and closing clears it under the lock
 * before the context can be freed.
 */
struct msgq_alarm {
	spinlock_t lock; /* the owner */
	struct msgq_context *owner; /* NULL once closed */
	struct list_head in_due;    /* under the due's lock */
};

void msgq_due_init(struct msgq_due *due);

void msgq_alarm_init(struct msgq_alarm *alarm, struct msgq_context *owner);
void msgq_alarm_close(struct msgq_alarm *alarm);

/* Tells the queue's owner to look at its head, if it is armed at all. */
void msgq_due_fire(struct msgq_queue *queue);

/*
 * The watch has an event of @type to tell. The lock of its queue is held,
 * which keeps its context; with CLOSED the watch becomes its context's alone.
 */
void msgq_due_tell(struct msgq_watch *watch, u32 type);

/* The watch has nothing to tell any more. */
void msgq_due_withdraw(struct msgq_watch *watch);

/* Is the descriptor readable? */
bool msgq_due_any(struct msgq_context *context);

/* Request; the context is locked. */
int msgq_events_request(struct msgq_context *context, void *request);

#endif
