/* SPDX-License-Identifier: MIT */
/* Addresses that a context monitors: when they take sends, when they are gone. */
#ifndef MSGQ_LIB_LISTEN_H
#define MSGQ_LIB_LISTEN_H

#include <stdint.h>

#include <msgqipc.h>

#include <uapi/linux/msgq.h>

#include "target.h"

namespace msgq
{

/* MSGQIPC_CTL_LISTEN_ADDR, _FORGET_ADDR and _SET_NRQR. */
int listen_addr(msgqipc_ctx *ctx, const msgqipc_addr *addr);
int listen_forget(msgqipc_ctx *ctx, const msgqipc_addr *addr);
int listen_nrqr(msgqipc_ctx *ctx, uint64_t nrqr);

/* Passes on an event of the host. */
void listen_told(msgqipc_ctx *ctx, const msgq_event *told, msgqipc_event *event);

void listen_again(msgqipc_ctx *ctx, Target *target);

/* A send was refused: whoever was told that it would not be is told anew. */
inline void listen_refused(msgqipc_ctx *ctx, Target *target)
{
	if (target->listening == LISTENING_TOLD)
		listen_again(ctx, target);
}

} // namespace msgq

#endif
