/* SPDX-License-Identifier: MIT */
/*
 * What a context sends to: the queues that it is attached to, found by
 * address. Attached at the first send, let go when the queue is gone: at the
 * next send to it, or while others are attached, since who answers clients
 * that come and go never sends to most of them again.
 */
#ifndef MSGQ_LIB_TARGET_H
#define MSGQ_LIB_TARGET_H

#include <msgqipc.h>

#include <msgq/sender.h>

#include "host.h"

namespace msgq
{

/* Is the address monitored, and has CANSEND been told since the last refusal? */
enum Listening { LISTENING_NOT, LISTENING_WAITS, LISTENING_TOLD };

/* What a send looks at is in as few lines as it can be. */
struct alignas(MSGQ_LINE) Target {
	msgqipc_addr addr;
	msgq_sender sender;
	uint32_t handle;
	bool mediated;	     /* then sender and areas are empty */
	uint32_t sender_ids; /* the context's, when the sender's index was taken */
	Areas areas;
	Listening listening;
	Bell bell; /* see HostKind */
};

/* A hash table, open addressing; its size is a power of two, or 0. */
struct Targets {
	Target **slot;
	uint32_t size;
	uint32_t used;
	uint32_t hand; /* where the last sweep ended */
};

inline bool target_is(const Target *target, const msgqipc_addr *addr)
{
	return target->addr.opaque[0] == addr->opaque[0] &&
	       target->addr.opaque[1] == addr->opaque[1];
}

/*
 * Attaches where need be, and takes a new index where the sender id has
 * changed. NULL with the thread's error set.
 */
Target *target_find(msgqipc_ctx *ctx, const msgqipc_addr *addr);

/* NULL when it is not attached; the thread's error is not touched. */
Target *target_known(msgqipc_ctx *ctx, const msgqipc_addr *addr);

/*
 * The target's sender is in DOUBT; the host is asked. SENT: the target may be
 * gone. NOT: what it did is to be done again. FAILED: nothing was sent, and the
 * thread's error is set.
 */
enum Settled { SETTLED_SENT, SETTLED_NOT, SETTLED_FAILED };
Settled target_settle(msgqipc_ctx *ctx, Target *target);

/* The queue is gone. */
void target_drop(msgqipc_ctx *ctx, Target *target);

/* Without telling the host, which is about to be closed. */
void targets_free(Targets *targets);

} // namespace msgq

#endif
