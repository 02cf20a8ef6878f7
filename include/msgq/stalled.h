/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * For how long the claim at a queue's head has been open. A sender that stopped
 * in the middle of a send holds up all that were sent after it: once that has
 * lasted for too long, its claim is revoked.
 *
 * All claims that there were when the first was met are as old as that one is
 * known to be. So the next of them to come to the head does not have the same
 * time all over again.
 */
#ifndef MSGQ_STALLED_H
#define MSGQ_STALLED_H

#include "keeper.h"

struct msgq_stalled {
	__u64 limit_ns; /* 0: never */
	__u64 since_ns; /* claims before @until are open since then, or longer */
	__u64 until;
};

static inline void msgq_stalled_init(struct msgq_stalled *stalled, __u64 limit_ns)
{
	stalled->limit_ns = limit_ns;
	stalled->since_ns = 0;
	stalled->until = 0;
}

/*
 * Is there a claim at the head, and are those before @until to be revoked? When
 * that comes to nothing, the time begins anew with msgq_stalled_again().
 */
static inline bool msgq_stalled_due(struct msgq_stalled *stalled, const struct msgq_ring *ring,
				    __u64 now_ns)
{
	struct msgq_pos head = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));

	if (msgq_keeper_judge(msgq_word_at(ring, head), head) != MSGQ_KEEP_PENDING)
		return false;
	if ((__s64)(head.t - stalled->until) >= 0) {
		stalled->until = msgq_keeper_boundary(ring).t;
		stalled->since_ns = now_ns;
	}
	return stalled->limit_ns && now_ns - stalled->since_ns >= stalled->limit_ns;
}

static inline void msgq_stalled_again(struct msgq_stalled *stalled, __u64 now_ns)
{
	stalled->since_ns = now_ns;
}

#endif
