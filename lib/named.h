/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_LIB_NAMED_H
#define MSGQ_LIB_NAMED_H

#include <msgqipc.h>

namespace msgq
{

/*
 * MSGQIPC_CTL_NAMED_OPTS; the context and @queue, which may be NULL, have been
 * checked, @ptr is not NULL.
 */
int named_operation(msgqipc_ctx *ctx, const msgqipc_queue *queue, uint64_t operation, void *ptr);

} // namespace msgq

#endif
