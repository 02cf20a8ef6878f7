/* SPDX-License-Identifier: MIT */
/*
 * Probes, for who looks with bpftrace, perf or systemtap: msgqipc(7) lists
 * them. Each is one nop, and a note in the file that tells where it is and
 * where its operands are. These are to be there anyway: an operand that had to
 * be computed would be computed for nobody.
 *
 * MSGQ_NO_PROBES leaves them out, to measure what they cost.
 */
#ifndef MSGQ_LIB_PROBE_H
#define MSGQ_LIB_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "thread.h"

#ifndef MSGQ_NO_PROBES
#include <sys/sdt.h>
#define MSGQ_PROBE3(name, a, b, c) STAP_PROBE3(msgqipc, name, a, b, c)
#define MSGQ_PROBE4(name, a, b, c, d) STAP_PROBE4(msgqipc, name, a, b, c, d)
#else
#define MSGQ_PROBE3(name, a, b, c) ((void)(a), (void)(b), (void)(c))
#define MSGQ_PROBE4(name, a, b, c, d) ((void)(a), (void)(b), (void)(c), (void)(d))
#endif

/* The id of the queue, which is the lower half of an address. */
#define MSGQ_PROBE_ID(addr) ((uint32_t)(addr)->opaque[0])

namespace msgq
{

/* A send to queue @id failed with the thread's error. */
inline int probe_refused(uint32_t id, size_t len)
{
	int error = thread.error;

	/* In a register: few tools know how to find the thread's memory. */
	__asm__("" : "+r"(error));
	MSGQ_PROBE3(refused, id, error, len);
	return -1;
}

} // namespace msgq

#endif
