/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A context as a sender to a queue. */
#ifndef MSGQ_ATTACH_H
#define MSGQ_ATTACH_H

#include <linux/list.h>
#include <linux/types.h>

struct msgq_context;
struct msgq_queue;

struct msgq_attachment {
	struct msgq_context *context;
	struct msgq_queue *queue; /* referenced */
	struct list_head by_queue; /* under the queue's lock */
	u32 index;
	u32 handle;
};

int msgq_attach_init(void);
void msgq_attach_exit(void);

/*
 * Ends the attachment: nothing of its context sends to the queue any more.
 * Its open claims are cancelled and its index is free once drained.
 */
void msgq_attach_end(struct msgq_attachment *attachment);

/* Requests; the context is locked. */
int msgq_attach_request(struct msgq_context *context, void *request);
int msgq_detach_request(struct msgq_context *context, void *request);

#endif
