/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Sending for those who may not write to the ring: to mediated queues. */
#ifndef MSGQ_SEND_H
#define MSGQ_SEND_H

struct msgq_context;

/* MSGQ_IOC_SEND; the context is locked. */
int msgq_send_request(struct msgq_context *context, void *request);

#endif
