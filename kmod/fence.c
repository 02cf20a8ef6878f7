// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <asm/barrier.h>

#include "fence.h"
#include "queue.h"
#include "space.h"

static void msgq_fence_here(void *unused)
{
	/* Pairs with msgq_barrier() of the receiver that this interrupts. */
	smp_mb();
}

/*
 * Who does not run passed one when it was switched out. And other CPUs than those
 * that run the receiver are left alone: anyone can bring this about, and somebody
 * else's may be isolated. A CPU that comes to run it meanwhile enters the set by
 * a full barrier, and loads after that.
 */
void msgq_fence_receivers(const struct msgq_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	/* What the caller stored comes before the others' barriers. */
	smp_mb();
	preempt_disable();
	smp_call_function_many(msgq_mm_cpus(msgq_space_mm(queue->owner)), msgq_fence_here, NULL,
			       true);
	preempt_enable();
	/* What it loads from now on comes after them. */
	smp_mb();
}
