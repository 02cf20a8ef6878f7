/* SPDX-License-Identifier: MIT */
/*
 * What passes between library and msgqd: the module's requests, over a Unix
 * socket of whole packets. A call is its header and the request's structure;
 * an answer is its header, the structure, and for LIST what was listed. With
 * CREATE and ATTACH come descriptors, one for each area that is there, to be
 * mapped from 0 on.
 */
#ifndef MSGQ_LIB_WIRE_H
#define MSGQ_LIB_WIRE_H

#include <uapi/linux/msgq.h>

#define MSGQ_WIRE_SOCKET_VARIABLE "MSGQ_SOCKET"
#define MSGQ_WIRE_SOCKET_NAME "msgqd.sock"
#define MSGQ_WIRE_SOCKET_SYSTEM "/run/" MSGQ_WIRE_SOCKET_NAME

/* The most that one LIST fills in. */
#define MSGQ_WIRE_INFOS 64

struct msgq_wire_call {
	__u32 command; /* MSGQ_IOC_* */
	__u32 umask;   /* of the caller, for CREATE */
};

struct msgq_wire_answer {
	__s32 error; /* 0 or -errno */
	__u32 infos; /* of LIST */
};

/* The largest request, with room to grow. */
#define MSGQ_WIRE_REQUEST 512

#endif
