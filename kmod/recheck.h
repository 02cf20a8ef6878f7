/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_RECHECK_H
#define MSGQ_RECHECK_H

#include <linux/types.h>

struct msgq_context;

/* A sender that is stopped between its publish and its WAKE: found this late. */
#define MSGQ_RECHECK_MS 100

/*
 * Looks at some of the context's queues, the next ones each time, fires those
 * that are armed and have something, and revokes the claims that stall others.
 * True while nothing is pending, and so there is reason to look again. The
 * context is locked.
 */
bool msgq_recheck(struct msgq_context *context);

#endif
