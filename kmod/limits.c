// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/stringify.h>

#include "limits.h"

/* What an area's share of the mapping space, and a reap's scan, can bear. */
#define MSGQ_ENTRIES_CEILING (1u << 24)

static unsigned int max_entries = 65536;
module_param(max_entries, uint, 0644);
MODULE_PARM_DESC(max_entries, "Most messages that a queue may hold, 1 to 16777216 (65536)");

/*
 * Room for what a large server has, and still a fraction of what would bring
 * a machine down: the memory can neither be swapped out nor reclaimed.
 */
#define MSGQ_USER_QUEUES 65536
#define MSGQ_USER_CONTEXTS 16384
#define MSGQ_USER_BYTES 1073741824
#define MSGQ_USER_ATTACHMENTS 262144

static unsigned int user_queues = MSGQ_USER_QUEUES;
module_param(user_queues, uint, 0644);
MODULE_PARM_DESC(user_queues, "Most queues of a user in a network namespace, 0: any number ("
		 __stringify(MSGQ_USER_QUEUES) ")");

static unsigned int user_contexts = MSGQ_USER_CONTEXTS;
module_param(user_contexts, uint, 0644);
MODULE_PARM_DESC(user_contexts, "Most contexts of a user in a network namespace, 0: any number ("
		 __stringify(MSGQ_USER_CONTEXTS) ")");

static unsigned long user_bytes = MSGQ_USER_BYTES;
module_param(user_bytes, ulong, 0644);
MODULE_PARM_DESC(user_bytes, "Most memory of all queues of a user in a network namespace, 0: any ("
		 __stringify(MSGQ_USER_BYTES) ")");

static unsigned int user_attachments = MSGQ_USER_ATTACHMENTS;
module_param(user_attachments, uint, 0644);
MODULE_PARM_DESC(user_attachments, "Most queues that the contexts of a user in a network namespace send to or monitor, 0: any number ("
		 __stringify(MSGQ_USER_ATTACHMENTS) ")");

u64 msgq_limit_user(enum msgq_limit_name what)
{
	switch (what) {
	case MSGQ_LIMIT_QUEUES:
		return READ_ONCE(user_queues);
	case MSGQ_LIMIT_CONTEXTS:
		return READ_ONCE(user_contexts);
	case MSGQ_LIMIT_BYTES:
		return READ_ONCE(user_bytes);
	case MSGQ_LIMIT_ATTACHMENTS:
		return READ_ONCE(user_attachments);
	default:
		return 0;
	}
}

u32 msgq_limit_entries(void)
{
	return clamp(READ_ONCE(max_entries), 1u, MSGQ_ENTRIES_CEILING);
}
