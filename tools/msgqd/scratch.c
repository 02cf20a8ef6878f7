// SPDX-License-Identifier: MIT
/*
 * A process can take nothing out of another one's mappings. Nor would it help to
 * cancel the claim alone: its sender, once it runs again, would store its message
 * where by then another one's is.
 */

#include "../../kmod/scratch.h"

int msgq_scratch_take(struct msgq_attachment *attachment)
{
	(void)attachment;
	return -EOPNOTSUPP;
}

void msgq_scratch_free(struct msgq_attachment *attachment)
{
	(void)attachment;
}
