/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Who sends by an index: what a receiver is told of the sender of a message,
 * and what cancelling goes by. It outlives the context, as messages do.
 */
#ifndef MSGQ_IDENTITY_H
#define MSGQ_IDENTITY_H

#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/msgq.h>

struct msgq_context;
struct pid;

struct msgq_identity {
	u64 context; /* its number, never another's; 0: nobody */
	kuid_t uid;
	struct msgq_sendid sendid;
	struct pid *pid; /* referenced, in a row; not part of who it is */
};

/* That of the caller, in @context, as of now; without a reference. */
struct msgq_identity msgq_identity_of(const struct msgq_context *context);

/* @row takes over @identity, with a reference, and lets go of its own. */
void msgq_identity_set(struct msgq_identity *row, const struct msgq_identity *identity);
void msgq_identity_drop(struct msgq_identity *row);

bool msgq_identity_same(const struct msgq_identity *a, const struct msgq_identity *b);

/* Does @canceller take back what @sender sent? */
bool msgq_identity_cancels(const struct msgq_identity *canceller,
			   const struct msgq_identity *sender);

/* Requests; the context is locked. */
int msgq_identify_request(struct msgq_context *context, void *request);
int msgq_sender_request(struct msgq_context *context, void *request);

#endif
