/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A context's descriptor as something to wait for: who polls it is woken
 * here, now or by a timer, and queues are looked at again while nobody is.
 */
#ifndef MSGQ_PULSE_H
#define MSGQ_PULSE_H

#include <linux/hrtimer.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "uring.h"

struct msgq_context;

struct msgq_pulse {
	wait_queue_head_t head;
	struct msgq_uring uring;
	bool kicked;   /* by request or timer, until the next EVENTS */
	bool watching; /* under the context's lock */
	struct hrtimer timer;
	struct delayed_work recheck;
};

void msgq_pulse_init(struct msgq_pulse *pulse);

/* The context has ended, and is not locked: nothing runs on its own any more. */
void msgq_pulse_end(struct msgq_pulse *pulse);

/* Something is pending. Each call is an edge for who waits for edges. */
void msgq_pulse_beat(struct msgq_pulse *pulse);

/* What was pending is taken; if the context wants it, it is watched again. */
void msgq_pulse_rest(struct msgq_pulse *pulse);

/* Request; the context is locked. */
int msgq_kick_request(struct msgq_context *context, void *request);

#endif
