/* SPDX-License-Identifier: MIT */
/*
 * Which queues of a context have something to receive. A queue is either
 * armed: whoever sends to it next has the host fire it; or active: it has to
 * be looked at. So nothing has to be done for those to which nobody sends.
 */
#ifndef MSGQ_LIB_EVENTS_H
#define MSGQ_LIB_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include <msgqipc.h>

#include "chain.h"

namespace msgq
{

struct Events {
	Link active;
	msgqipc_queue **by_handle;
	uint32_t size;
	int64_t nap_ns; /* until an open claim is looked at again */
	bool watched;	/* the host knows that it is to look after us */
	bool more;	/* the host has other events than queues */
};

void events_init(Events *events);
void events_free(Events *events);

/* A new queue, which is active. -1 with the thread's error set. */
int events_enter(msgqipc_ctx *ctx, msgqipc_queue *queue);
void events_leave(msgqipc_queue *queue);

/* The position at which the queue was armed has been passed. */
void events_unarm(msgqipc_queue *queue);

/* MSGQIPC_CTL_ARM, and msgqipc_get_events() with arguments that were checked. */
int events_arm(msgqipc_ctx *ctx);
int events_get(msgqipc_ctx *ctx, msgqipc_event *event, size_t room);

} // namespace msgq

#endif
