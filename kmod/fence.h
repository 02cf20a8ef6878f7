/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A barrier that receivers need not pay for at each message. */
#ifndef MSGQ_FENCE_H
#define MSGQ_FENCE_H

struct msgq_queue;

/*
 * Returns after every thread of the queue's receiver that runs has passed a full
 * barrier. The queue is locked, and not gone.
 */
void msgq_fence_receivers(const struct msgq_queue *queue);

#endif
