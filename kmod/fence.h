/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A barrier that receivers need not pay for at each message. */
#ifndef MSGQ_FENCE_H
#define MSGQ_FENCE_H

/* Returns after every thread of a receiver that runs has passed a full barrier. */
void msgq_fence_receivers(void);

#endif
