/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_LIB_NAMED_H
#define MSGQ_LIB_NAMED_H

#include <msgqipc.h>

namespace msgq
{

/* MSGQIPC_CTL_NAMED_OPTS; the context has been checked, @ptr is not NULL. */
int named_operation(msgqipc_ctx *ctx, uint64_t operation, void *ptr);

} // namespace msgq

#endif
