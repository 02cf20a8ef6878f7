/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Taking back what was sent and not received. */
#ifndef MSGQ_CANCEL_H
#define MSGQ_CANCEL_H

struct msgq_context;

/* MSGQ_IOC_CANCEL; the context is locked. */
int msgq_cancel_request(struct msgq_context *context, void *request);

#endif
