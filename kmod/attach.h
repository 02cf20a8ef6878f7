/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A context as a sender to a queue.
 *
 * Lifetime: it *ends* with the context, or when that detaches. It is *freed*, and
 * no longer charged, when no mapping is left either: that keeps the queue's memory.
 */
#ifndef MSGQ_ATTACH_H
#define MSGQ_ATTACH_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>

#include "identity.h"
#include "memory.h"

struct msgq_address;
struct msgq_context;
struct msgq_queue;
struct msgq_refusal;

struct msgq_attachment {
	struct kref references; /* of the context until it ends, and of mappings */
	struct msgq_context *context;
	struct msgq_queue *queue; /* referenced */
	struct list_head by_queue; /* under the queue's lock */
	bool mapped; /* or about to be: so it may have claims */
	u32 index; /* not while revoked */
	u32 handle;
	u64 number;		       /* of the queue's attachments, in the list's order */
	u64 attached_ns;	       /* wall clock */
	u64 since;		       /* words before it that name the index are another's */
	struct msgq_identity identity; /* the row's; without a reference */

	/* Of a sender whose claims were revoked; under the queue's lock. */
	u64 revoked; /* K's count then; 0: they were not */
	u64 undone;  /* the last position that was cancelled */
	struct msgq_memory scratch; /* what it has in place of the slots */
};

int msgq_attach_init(void);
void msgq_attach_exit(void);

/*
 * Ends the attachment: nothing of its context sends to the queue any more.
 * Its open claims are cancelled and its index is free once drained. @asked:
 * its process said so itself.
 */
void msgq_attach_end(struct msgq_attachment *attachment, bool asked);

void msgq_attach_get(struct msgq_attachment *attachment);
void msgq_attach_put(struct msgq_attachment *attachment);

/*
 * The queue at @address, with a reference, for who may send to it; NULL with
 * *@error and the refusal set.
 */
struct msgq_queue *msgq_attach_target(struct msgq_context *context,
				      const struct msgq_address *address,
				      struct msgq_refusal *refusal, int *error);

/* The same, for who may look at it. */
struct msgq_queue *msgq_attach_look(struct msgq_context *context,
				    const struct msgq_address *address,
				    struct msgq_refusal *refusal, int *error);

/* Requests; the context is locked. */
int msgq_attach_request(struct msgq_context *context, void *request);
int msgq_renew_request(struct msgq_context *context, void *request);
int msgq_detach_request(struct msgq_context *context, void *request);

#endif
