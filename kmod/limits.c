// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include "limits.h"

/* What an area's share of the mapping space, and a reap's scan, can bear. */
#define MSGQ_ENTRIES_CEILING (1u << 24)

static unsigned int max_entries = 65536;
module_param(max_entries, uint, 0644);
MODULE_PARM_DESC(max_entries, "Most messages that a queue may hold, 1 to 16777216 (65536)");

u32 msgq_limit_entries(void)
{
	return clamp(READ_ONCE(max_entries), 1u, MSGQ_ENTRIES_CEILING);
}
