/* SPDX-License-Identifier: MIT */
/*
 * What passes between library and msgqd: the module's requests, over a Unix
 * socket of whole packets. A call is its header and the request's structure;
 * an answer is its header, the structure, and for LIST and SENDERS the items. With
 * CREATE and ATTACH come descriptors, one for each area that is there, to be
 * mapped from 0 on.
 *
 * Bells. Waking takes no daemon: who would fire an armed queue rings its bell,
 * an eventfd that its owner polls, and that BELL asks for (ringer.h). Handle 0 is the
 * context's own, rung by the daemon when there is something for EVENTS.
 */
#ifndef MSGQ_LIB_WIRE_H
#define MSGQ_LIB_WIRE_H

#include <uapi/linux/msgq.h>

#define MSGQ_WIRE_SOCKET_VARIABLE "MSGQ_SOCKET"
#define MSGQ_WIRE_SOCKET_NAME "msgqd.sock"
#define MSGQ_WIRE_SOCKET_SYSTEM "/run/" MSGQ_WIRE_SOCKET_NAME

#define MSGQ_WIRE_BELL _IOWR(MSGQ_IOC, 0x7f, struct msgq_handle)

/* The most items that one LIST or SENDERS fills in. */
#define MSGQ_WIRE_ITEMS 64

struct msgq_wire_call {
	__u32 command; /* MSGQ_IOC_* */
	__u32 umask;   /* of the caller, for CREATE */
};

struct msgq_wire_answer {
	__s32 error; /* 0 or -errno */
	__u32 bytes; /* of items */
};

/* The largest request, with room to grow. */
#define MSGQ_WIRE_REQUEST 512

#endif
