/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How the owner of a queue sleeps until something comes, and is woken. */
#ifndef MSGQ_WAIT_H
#define MSGQ_WAIT_H

#include <linux/timer.h>
#include <linux/types.h>
#include <linux/wait.h>

struct msgq_context;
struct msgq_queue;

struct msgq_waiter {
	wait_queue_head_t head;
	u32 wakes; /* counts them, so that none between arming and sleeping is lost */
	bool closed;
	struct timer_list recheck; /* wakes, in case that a sender does not come to it */
};

void msgq_waiter_init(struct msgq_waiter *waiter);
void msgq_waiter_exit(struct msgq_waiter *waiter);
void msgq_waiter_wake(struct msgq_waiter *waiter);
void msgq_waiter_close(struct msgq_waiter *waiter);

/* Requests. Of the first, the context is not locked. */
int msgq_wait_request(struct msgq_context *context, void *request);
int msgq_wake_request(struct msgq_context *context, void *request);

#endif
