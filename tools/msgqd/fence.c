// SPDX-License-Identifier: MIT
/* Receivers are other processes here: their library has registered them. */

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kmod/fence.h"

void msgq_fence_receivers(const struct msgq_queue *queue)
{
	(void)queue;
	/* Kernels before 4.16 know only the slow one, which asks for no registration. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0))
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}
