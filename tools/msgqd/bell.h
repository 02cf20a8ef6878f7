/* SPDX-License-Identifier: MIT */
/* The eventfd that stands for a wait queue, made when somebody asks for it. */
#ifndef MSGQD_BELL_H
#define MSGQD_BELL_H

#include "core.h"

u64 bell_clock_ns(void);

/* Wakes who polls it, if anybody ever asked for it. */
void bell_ring(wait_queue_head_t *bell);
void bell_close(wait_queue_head_t *bell);

#endif
