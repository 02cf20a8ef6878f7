/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_LIMITS_H
#define MSGQ_LIMITS_H

#include <linux/types.h>
#include <linux/msgq.h>

/* Queues, or attachments, of one context: what mapping offsets have room for. */
#define MSGQ_LIMIT_HANDLES (1u << 24)

/* The most entries that a queue may have: the module parameter, in its bounds. */
u32 msgq_limit_entries(void);

/* The most that a user may have in a scope: the module parameter, 0: no limit. */
u64 msgq_limit_user(enum msgq_limit_name what);

#endif
