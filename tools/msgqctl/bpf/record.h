/* SPDX-License-Identifier: MIT */
/* What trace.bpf.c hands to trace_reader.cc, one for each event. */
#ifndef MSGQCTL_RECORD_H
#define MSGQCTL_RECORD_H

#define RECORD_RAW 112 /* bytes of a tracepoint's record; msgq's are shorter */
#define RECORD_ARGS 4

/* Kinds of the probes; tracepoints are numbered from 0 by the reader. */
enum record_kind {
	RECORD_SEND = 0x100,
	RECORD_REFUSED,
	RECORD_RECV,
};

struct record {
	__u64 ns; /* CLOCK_MONOTONIC */
	__u32 kind;
	__u32 pid; /* of whoever ran then; 0: nobody */
	__u32 netns;
	__u32 size; /* of what follows comm */
	char comm[16];
	union {
		__u8 raw[RECORD_RAW];
		__u64 arg[RECORD_ARGS];
	};
};

#endif
