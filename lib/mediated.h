/* SPDX-License-Identifier: MIT */
/* Targets of which nothing is mapped: the host sends. */
#ifndef MSGQ_LIB_MEDIATED_H
#define MSGQ_LIB_MEDIATED_H

#include <stdint.h>

#include <msgqipc.h>

#include "target.h"

namespace msgq
{

/* As msgqipc_send() and msgqipc_poke(), to a target that is mediated. */
int mediated_send(msgqipc_ctx *ctx, Target *target, const void *msg, uint32_t len);
int mediated_poke(msgqipc_ctx *ctx, Target *target);

} // namespace msgq

#endif
