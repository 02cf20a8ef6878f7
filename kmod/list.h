/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_LIST_H
#define MSGQ_LIST_H

#include <linux/types.h>
#include <linux/msgq.h>

struct msgq_context;
struct msgq_scope;

/* What one request fills in at most; the caller comes again for the rest. */
#define MSGQ_LIST_ROOM 64u

/*
 * Fills in at most @room of what the caller may look at, by ascending id from
 * *@from on, which it sets to where to go on. Returns how many.
 */
u32 msgq_list_queues(struct msgq_scope *scope, u32 *from, struct msgq_info *info, u32 room);

/* A request; the context is locked. */
int msgq_list_request(struct msgq_context *context, void *request, void *into, u32 room);

#endif
