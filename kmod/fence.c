// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/smp.h>
#include <asm/barrier.h>

#include "fence.h"

static void msgq_fence_here(void *unused)
{
	/* Pairs with msgq_barrier() of the receiver that this interrupts. */
	smp_mb();
}

/* Who does not run passed one when it was switched out. */
void msgq_fence_receivers(void)
{
	/* What the caller stored comes before the others' barriers. */
	smp_mb();
	smp_call_function(msgq_fence_here, NULL, 1);
	/* What it loads from now on comes after them. */
	smp_mb();
}
