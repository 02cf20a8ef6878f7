/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half, by the shipped sources of kmod/: requests, each as one
 * operation of a party. C, as they are.
 */
#ifndef MSGQ_TESTS_MODEL_KERNEL_H
#define MSGQ_TESTS_MODEL_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KERNEL_SENDERS 3
#define KERNEL_ROWS 6

/*
 * What the queue's lock guards, as plain data: a request begins with it, and
 * leaves it anew when it unlocks. Senders are bits, or numbers from 1.
 */
struct kernel_queue {
	__u8 state;
	__u8 listed, waiting; /* watches */
	__u8 next;	      /* rows.next */
	__u8 attached[KERNEL_ROWS];
	__u8 bearer[KERNEL_ROWS]; /* whose identity it is */
	__u16 drained[KERNEL_ROWS];
	__u16 undone[KERNEL_SENDERS]; /* all ones: none */
	__u8 index[KERNEL_SENDERS];
	__u8 revoked[KERNEL_SENDERS];
	__u8 ended; /* attachments */
	__u8 due;   /* watches with an event, when the lock was taken: it does not guard that */
	/* Where the kernel sends next to a mediated queue, by what it knew of the head. */
	__u16 sent, sent_head;
	__u8 sent_lap, sent_index;
};

enum kernel_request {
	KERNEL_ACTIVATE,
	KERNEL_DEACTIVATE,
	KERNEL_CLOSE,
	KERNEL_CANCEL,
	KERNEL_LISTEN,
	KERNEL_REACHED,
	/* A context has died: its watches, then its attachment. */
	KERNEL_UNWATCH,
	KERNEL_END,
	KERNEL_RENEW,
	KERNEL_REVOKE,	/* asked for by the receiver */
	KERNEL_STALLED, /* by the kernel itself */
	KERNEL_SEND,	/* to a mediated queue */
};

/* What SEND and RENEW are told of, and tell. */
struct kernel_answer {
	int error;
	__u8 message;
	__u64 claim, seen;
	__u32 index;
	__u64 revokes;
	bool undone;
};

struct msgq_ring;

/* All @senders are attached, by their numbers, and listen with @nrqr. */
void kernel_init(struct kernel_queue *queue, const struct msgq_ring *ring, unsigned int senders,
		 unsigned int nrqr, bool mediated);

void kernel_ask(enum kernel_request what, unsigned int sender, const struct kernel_queue *before,
		struct kernel_answer *answer);

/* What the lock guards now; for whoever unlocks. */
void kernel_save(struct kernel_queue *queue);

/* What the sources call, and the model has instead. */
void model_lock(void);
void model_unlock(void);
void model_wake(void);
void model_fence_receiver(void);
/* @closed: that the queue is gone; or else that there is room. */
void model_tell(unsigned int sender, bool closed);
void model_take(unsigned int sender);
void model_give(unsigned int sender);

#ifdef __cplusplus
}
#endif
#endif
