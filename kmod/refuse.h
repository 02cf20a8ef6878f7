/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How a request is refused: an errno for the program, a reason for the person. */
#ifndef MSGQ_REFUSE_H
#define MSGQ_REFUSE_H

#include <linux/types.h>
#include <linux/msgq.h>

static inline int msgq_refuse(struct msgq_refusal *refusal, int error, enum msgq_why why,
			      u64 bound)
{
	refusal->why = why;
	refusal->bound = bound;
	return error;
}

#endif
