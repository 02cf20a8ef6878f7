/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_LIST_H
#define MSGQ_LIST_H

#include <linux/types.h>
#include <linux/msgq.h>

struct msgq_context;

/* Fills in at most @room of what the caller may look at, and where to go on. */
void msgq_list_request(struct msgq_context *context, struct msgq_list *list,
		       struct msgq_info *info, u32 room);

#endif
