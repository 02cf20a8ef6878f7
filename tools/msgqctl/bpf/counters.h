/* SPDX-License-Identifier: MIT */
/*
 * What top.bpf.c counts and top_meter.cc reads.
 *
 * The id of a queue that has gone is given to another one after a while: a
 * queue is an id and the number of times that the id was given away while
 * somebody counted.
 */
#ifndef MSGQCTL_COUNTERS_H
#define MSGQCTL_COUNTERS_H

/* What is read of the module's tracepoints: event, field. */
#define MSGQCTL_FIELDS(FIELD)                                                                      \
	FIELD(create, id)                                                                          \
	FIELD(create, key)                                                                         \
	FIELD(create, pid)                                                                         \
	FIELD(close, id)                                                                           \
	FIELD(close, key)                                                                          \
	FIELD(close, depth)                                                                        \
	FIELD(close, received)                                                                     \
	FIELD(close, pid)                                                                          \
	FIELD(wait, id)                                                                            \
	FIELD(waited, id)                                                                          \
	FIELD(waited, waited_ns)                                                                   \
	FIELD(wake, id)                                                                            \
	FIELD(wake, pid)                                                                           \
	FIELD(wake, slept)                                                                         \
	FIELD(cancel, id)                                                                          \
	FIELD(cancel, pid)                                                                         \
	FIELD(cancel, cancelled)                                                                   \
	FIELD(reap, id)                                                                            \
	FIELD(reap, pid)                                                                           \
	FIELD(reap, cancelled)                                                                     \
	FIELD(revoke, id)                                                                          \
	FIELD(revoke, pid)                                                                         \
	FIELD(revoke, cancelled)                                                                   \
	FIELD(send, id)                                                                            \
	FIELD(send, pid)                                                                           \
	FIELD(send, len)                                                                           \
	FIELD(send, result)

#define MSGQCTL_FIELD_NAME(event, field) FIELD_##event##_##field,
enum field { MSGQCTL_FIELDS(MSGQCTL_FIELD_NAME) FIELDS };

/* Where a field is in the record of its event. */
struct place {
	__u32 offset;
	__u32 size; /* at most 8; 0: there is none */
};

/* Waits by their length: slot n > 0 has those of 2^(n-1) to 2^n us. */
#define WAIT_SLOTS 28

struct queue_id {
	__u32 id;
	__u32 life;
};

struct queue_count {
	__u64 key;
	__u64 sent; /* as are those below: since counting began */
	__u64 received;
	__u64 refused;
	__u64 wakes;
	__u64 slept; /* of the wakes: those that somebody slept for */
	__u64 cancelled;
	__u64 reaped;	       /* claims */
	__u64 reaps;	       /* senders that went */
	__u64 revoked;	       /* claims */
	__u64 asleep_ns;       /* CLOCK_MONOTONIC; 0: its owner does not wait */
	__u64 closed_received; /* in all its life */
	__u32 closed_depth;
	__u32 closed;
	__u32 owner;
	__u32 mediated; /* the module tells what is sent to it */
	__u64 waits[WAIT_SLOTS];
};

struct sender_id {
	struct queue_id queue;
	__u32 pid;
};

struct sender_count {
	__u64 sent;
	__u64 bytes;
	__u64 refused;
	__u64 wakes;
	__u64 cancelled; /* messages it took back */
	__u64 reaped;	 /* claims that it left behind */
	__u64 revoked;	 /* claims that were taken from it */
	char comm[16];
};

#endif
