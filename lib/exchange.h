/* SPDX-License-Identifier: MIT */
/*
 * A request to msgqd and its answer. The send that it is part of may be left at
 * any instruction, by a signal handler that jumps out of it, and then the answer
 * comes all the same: it is taken before the next request, as it would else be
 * held for the next one's. How far the exchange had come is told by what the
 * kernel has written of it, at once with doing it: so that is kept here, and not
 * on the stack that was left.
 */
#ifndef MSGQ_LIB_EXCHANGE_H
#define MSGQ_LIB_EXCHANGE_H

#include <sys/socket.h>

#include <uapi/linux/msgq.h>

#include "wire.h"

namespace msgq
{

struct Host;

struct Exchange {
	bool begun;
	mmsghdr call;		 /* its msg_len is 0 until it is sent */
	msgq_wire_answer answer; /* its error is UNANSWERED until it has come */
	msghdr message;		 /* what it came by; its control is emptied when that is taken */
	alignas(cmsghdr) char control[CMSG_SPACE(MSGQ_AREAS * sizeof(int))];
};

/* As HostKind::request. */
int exchange(Host *host, unsigned long command, void *request);

} // namespace msgq

#endif
