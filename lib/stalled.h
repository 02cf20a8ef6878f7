/* SPDX-License-Identifier: MIT */
/*
 * A receiver that polls has to notice by itself that a sender has stopped in the
 * middle of a send; for one that sleeps, the kernel does.
 */
#ifndef MSGQ_LIB_STALLED_H
#define MSGQ_LIB_STALLED_H

#include <msgqipc.h>

#include <msgq/stalled.h>

namespace msgq
{

/*
 * To be called when the claim at the queue's head may be open: asks the host to
 * revoke those that have been for too long.
 */
void stalled_look(msgqipc_ctx *ctx, msgqipc_queue *queue);

} // namespace msgq

#endif
