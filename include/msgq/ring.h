/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The ring of a queue: how its memory is laid out, and how positions in it
 * are counted. sender.h, receiver.h and keeper.h hold what each of the three
 * parties does with it; the same code runs in the library, in the kernel and
 * in every test.
 *
 * A queue's memory is three areas, by who writes them:
 *   K  the keeper (the kernel) writes, all read     struct msgq_keeper_page
 *   C  the consumer writes, senders read            struct msgq_consumer_page
 *   P  senders write                                slots, tails, then the tally
 *
 * Position t, counted from 0, lives in slot t mod E at lap t / E + 1. With a
 * capacity of C messages the ring has E >= C + 1 slots, so that the boundary
 * (the next position to be claimed) never shares a slot with a message that
 * was not received yet.
 *
 * There is no tail. Claims happen in order: position p may be claimed only
 * by one who knows that p - 1 was (it claimed it itself, or saw the word of
 * p - 1 at its lap, or p is the head). So the words that reached their lap
 * form one run from the head on, and the boundary is found by bisection.
 */
#ifndef MSGQ_RING_H
#define MSGQ_RING_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/math64.h>
#include <linux/string.h>
#else
#include <string.h>
#endif

#include "atomic.h"
#include "word.h"

#define MSGQ_LINE 64
#define MSGQ_MSG_MAX 64
#define MSGQ_BODY 56

/* One cache line: a message of up to 56 bytes travels in a single one. */
struct msgq_slot {
	__u64 word;
	__u8 body[MSGQ_BODY];
} __attribute__((aligned(MSGQ_LINE)));

enum msgq_queue_state {
	MSGQ_QUEUE_INACTIVE = 0,
	MSGQ_QUEUE_ACTIVE = 1,
	MSGQ_QUEUE_GONE = 2,
};

#define MSGQ_MAGIC 0x7167736du /* "msgq" */

struct msgq_keeper_page {
	/* Set before the page can be mapped, never changed. */
	__u32 magic;
	__u32 version;
	__u32 capacity;
	__u32 slots;
	__u64 id;
	__u64 generation;
	__u64 reserved0[4];

	/*
	 * The state says whether a full queue is more than full. It closes
	 * after CLOSED has been set on the boundary, and opens before CLOSED
	 * is cleared; the reason is in force before either, and is what a
	 * sender that met CLOSED reads.
	 */
	__u32 state __attribute__((aligned(MSGQ_LINE)));
	__u32 reason;
	__u64 revokes; /* how often a sender's claims were revoked: see sender.h */
	__u64 reserved1[6];

	/* On a line that seldom changes: the receiver reads it at each message. */
	__u64 wanted __attribute__((aligned(MSGQ_LINE))); /* head to be told of, or MSGQ_NEVER */
	__u64 cancels; /* not 0: messages are being cancelled; see msgq_receiver_take() */
	__u64 reserved2[6];
} __attribute__((aligned(MSGQ_LINE)));

#define MSGQ_NEVER (~0ull)

struct msgq_consumer_page {
	__u64 head; /* the next position to be received */
	/*
	 * head + 1: the message at the head is being received, and it is too
	 * late to cancel it. Any other value means nothing.
	 */
	__u64 busy;
	__u64 reserved0[6];
	/* On a line of its own: for who looks at queues or wakes, not for the ring. */
	__u64 sleeps; /* MSGQ_SLEEPS_* */
	__u64 skipped; /* positions before the head that were cancelled */
	__u64 high;    /* the most messages that were there at once, as far as seen */
	__u64 reserved1[5];
} __attribute__((aligned(MSGQ_LINE)));

/* What senders count. Any of them may write anything there: it is but told. */
struct msgq_tally {
	__u64 full; /* sends and pokes that were answered by FULL */
	__u64 reserved[7];
} __attribute__((aligned(MSGQ_LINE)));

/* What the receiver does, or is about to do, until something comes. */
#define MSGQ_SLEEPS_RECV 1 /* sleeps in recv */
#define MSGQ_SLEEPS_ARMED 2 /* watches the context's descriptor */

/* One party's view of a ring: its own pointers, and sizes it need not trust. */
struct msgq_ring {
	struct msgq_keeper_page *keeper;
	struct msgq_consumer_page *consumer;
	struct msgq_slot *slot;
	__u64 *tail; /* of slot i: the last 8 bytes of a message over 56 */
	__u32 capacity;
	__u32 slots;
};

/* A position, with its slot and lap kept in step so that nothing divides. */
struct msgq_pos {
	__u64 t;
	__u64 lap;
	__u32 index;
};

static inline __u32 msgq_ring_slots(__u32 capacity)
{
	return capacity + 1;
}

/* Where the tally is: a line of its own behind the tails. */
static inline __u64 msgq_ring_tally_at(__u32 slots)
{
	__u64 tails = (__u64)slots * sizeof(__u64);

	return (__u64)slots * sizeof(struct msgq_slot) +
	       (tails + MSGQ_LINE - 1) / MSGQ_LINE * MSGQ_LINE;
}

static inline __u64 msgq_ring_bytes(__u32 capacity)
{
	return msgq_ring_tally_at(msgq_ring_slots(capacity)) + sizeof(struct msgq_tally);
}

static inline struct msgq_ring msgq_ring_over(void *keeper, void *consumer,
					      void *slots, __u32 capacity)
{
	struct msgq_ring ring;

	ring.keeper = (struct msgq_keeper_page *)keeper;
	ring.consumer = (struct msgq_consumer_page *)consumer;
	ring.slot = (struct msgq_slot *)slots;
	ring.capacity = capacity;
	ring.slots = msgq_ring_slots(capacity);
	ring.tail = (__u64 *)(ring.slot + ring.slots);
	return ring;
}

static inline struct msgq_tally *msgq_ring_tally(const struct msgq_ring *ring)
{
	return (struct msgq_tally *)((__u8 *)ring->slot + msgq_ring_tally_at(ring->slots));
}

/* The slow way to a position, by division. */
static inline struct msgq_pos msgq_pos_at(const struct msgq_ring *ring, __u64 t)
{
	struct msgq_pos pos;
#ifdef __KERNEL__
	pos.lap = div_u64_rem(t, ring->slots, &pos.index) + 1;
#else
	pos.lap = t / ring->slots + 1;
	pos.index = (__u32)(t % ring->slots);
#endif
	pos.t = t;
	return pos;
}

/* @n is less than the number of slots. */
static inline struct msgq_pos msgq_pos_add(const struct msgq_ring *ring,
					   struct msgq_pos pos, __u32 n)
{
	__u64 index = (__u64)pos.index + n;

	pos.t += n;
	if (index >= ring->slots) {
		index -= ring->slots;
		pos.lap++;
	}
	pos.index = (__u32)index;
	return pos;
}

static inline struct msgq_pos msgq_pos_next(const struct msgq_ring *ring,
					    struct msgq_pos pos)
{
	pos.t++;
	if (++pos.index == ring->slots) {
		pos.index = 0;
		pos.lap++;
	}
	return pos;
}

/*
 * Acquire, so that whoever sees a claim also sees all claims that it was
 * built on: its claimer had seen them the same way.
 */
static inline __u64 msgq_word_at(const struct msgq_ring *ring, struct msgq_pos pos)
{
	return msgq_load_acquire(&ring->slot[pos.index].word);
}

static inline bool msgq_is_claimed(const struct msgq_ring *ring, struct msgq_pos pos)
{
	return msgq_word_ahead(msgq_word_at(ring, pos), pos.lap) >= 0;
}

/*
 * The first position after @from that is not claimed, where @from is known
 * to be. Gallops, then bisects; never looks further than once around, and
 * ends within 2 log2(E) steps whatever the words say.
 */
static inline struct msgq_pos msgq_ring_boundary(const struct msgq_ring *ring,
						 struct msgq_pos from)
{
	__u32 claimed = 0, free = 1;

	while (free < ring->slots && msgq_is_claimed(ring, msgq_pos_add(ring, from, free))) {
		claimed = free;
		free *= 2;
	}
	if (free > ring->slots)
		free = ring->slots;
	while (free - claimed > 1) {
		__u32 middle = claimed + (free - claimed) / 2;

		if (msgq_is_claimed(ring, msgq_pos_add(ring, from, middle)))
			claimed = middle;
		else
			free = middle;
	}
	return msgq_pos_next(ring, msgq_pos_add(ring, from, claimed));
}

/* Two moves of constant size that overlap: no loop, no call. @len <= 56. */
static inline void msgq_copy(void *to, const void *from, __u32 len)
{
	__u8 *t = (__u8 *)to;
	const __u8 *f = (const __u8 *)from;

	if (len >= 32) {
		memcpy(t, f, 32);
		memcpy(t + len - 32, f + len - 32, 32);
	} else if (len >= 16) {
		memcpy(t, f, 16);
		memcpy(t + len - 16, f + len - 16, 16);
	} else if (len >= 8) {
		memcpy(t, f, 8);
		memcpy(t + len - 8, f + len - 8, 8);
	} else if (len >= 4) {
		memcpy(t, f, 4);
		memcpy(t + len - 4, f + len - 4, 4);
	} else if (len) {
		t[0] = f[0];
		t[len / 2] = f[len / 2];
		t[len - 1] = f[len - 1];
	}
}

static inline void msgq_copy_in(const struct msgq_ring *ring, __u32 index,
				const void *msg, __u32 len)
{
	struct msgq_slot *slot = &ring->slot[index];

	if (len <= MSGQ_BODY) {
		msgq_copy(slot->body, msg, len);
		return;
	}
	memcpy(slot->body, msg, MSGQ_BODY);
	memcpy(&ring->tail[index], (const __u8 *)msg + len - 8, 8);
}

static inline void msgq_copy_out(const struct msgq_ring *ring, __u32 index,
				 void *msg, __u32 len)
{
	const struct msgq_slot *slot = &ring->slot[index];

	if (len <= MSGQ_BODY) {
		msgq_copy(msg, slot->body, len);
		return;
	}
	memcpy(msg, slot->body, MSGQ_BODY);
	memcpy((__u8 *)msg + len - 8, &ring->tail[index], 8);
}

#endif
