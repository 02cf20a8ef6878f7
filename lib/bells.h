/* SPDX-License-Identifier: MIT */
/*
 * The descriptor of a context whose queues msgqd keeps: an epoll of the bells
 * of its armed queues, which senders ring without the daemon, of the
 * context's own bell, which the daemon rings, and of a bell and a timer with
 * which the library rings for itself.
 *
 * All are watched for edges, so that none is ever read: others who have the
 * same eventfd could make a read block. What they can do is to empty it, and
 * then it is rung late: msgqd looks at all queues now and then.
 */
#ifndef MSGQ_LIB_BELLS_H
#define MSGQ_LIB_BELLS_H

#include <stdint.h>

#include <uapi/linux/msgq.h>

#include "bell.h"

namespace msgq
{

struct Host;

struct Bells {
	int epoll; /* -1: none is there yet */
	int own;
	int timer;
	int daemon;
	Link given; /* those of queues and targets */
	bool rung;  /* the daemon's, and it was not asked for everything since */
};

void bells_init(Bells *bells);
void bells_close(Bells *bells);
/* All of its parent's, in the child of a fork. */
void bells_abandon(Bells *bells);
/* Once, in the child: what rings is the process's. */
void bells_in_child();

/* What HostKind has of these; see there. */
int bells_descriptor(Host *host, int *fd);
int bells_arm(Host *host, uint32_t handle, Bell *bell);
void bells_disarm(Host *host, Bell *bell);
int bells_events(Host *host, msgq_events *events);
int bells_kick(Host *host, uint32_t flags, int64_t delay_ns);

/* Rings that of a target, and gets it if need be. False: it is not to be had. */
bool bells_ring(Host *host, uint32_t handle, Bell *bell);

} // namespace msgq

#endif
