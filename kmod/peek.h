/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What is in a queue, for who looks after it. */
#ifndef MSGQ_PEEK_H
#define MSGQ_PEEK_H

struct msgq_context;

/* MSGQ_IOC_PEEK; the context is locked. */
int msgq_peek_request(struct msgq_context *context, void *request);

#endif
