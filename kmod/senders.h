/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_SENDERS_H
#define MSGQ_SENDERS_H

#include <linux/types.h>

struct msgq_context;

/* A request; the context is locked. */
int msgq_senders_request(struct msgq_context *context, void *request, void *into, u32 room);

#endif
