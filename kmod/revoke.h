/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Taking back the claims of a sender that has stopped in the middle of a send,
 * or that left it for good: a thread that died alone, a longjmp.
 *
 * The sender keeps its attachment, but no index, and scratch for its slots,
 * until it asks (RENEW). What it wrote until then counts if it was published.
 */
#ifndef MSGQ_REVOKE_H
#define MSGQ_REVOKE_H

#include <linux/types.h>

struct msgq_attachment;
struct msgq_context;
struct msgq_queue;

/*
 * To be called when the claim at the queue's head may be open. Revokes those that
 * have been for too long, and wakes the receiver.
 */
void msgq_revoke_stalled(struct msgq_queue *queue);

/* The attachment is not revoked any more. The queue's lock is held. */
void msgq_revoke_end(struct msgq_attachment *attachment);

/* Requests; the context is locked. */
int msgq_revoke_request(struct msgq_context *context, void *request);
int msgq_stall_request(struct msgq_context *context, void *request);

#endif
