/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The keeper's side of a ring: what the kernel does to it, so that a queue
 * can be closed, slept on, and cleaned after whoever died.
 *
 * The keeper trusts no word and no head. It reads once, bounds every index
 * and every loop, and reports a ring that makes no sense as BROKEN.
 */
#ifndef MSGQ_KEEPER_H
#define MSGQ_KEEPER_H

#include "ring.h"

enum msgq_keep_result {
	MSGQ_KEPT,
	MSGQ_KEEP_PENDING, /* a claim is open at the head */
	MSGQ_KEEP_READY,   /* there is something to receive */
	MSGQ_KEEP_BROKEN,
};

static inline void msgq_keeper_init(const struct msgq_ring *ring, __u32 version,
				    __u64 id, __u64 generation)
{
	struct msgq_keeper_page *k = ring->keeper;

	k->version = version;
	k->capacity = ring->capacity;
	k->slots = ring->slots;
	k->id = id;
	k->generation = generation;
	k->state = MSGQ_QUEUE_INACTIVE;
	k->reason = MSGQ_QUEUE_INACTIVE;
	k->wanted = MSGQ_NEVER;
	ring->slot[0].word = MSGQ_WORD_CLOSED;
	msgq_store_release(&k->magic, MSGQ_MAGIC);
}

/* The next position to be claimed, as the words tell it. */
static inline struct msgq_pos msgq_keeper_boundary(const struct msgq_ring *ring)
{
	struct msgq_pos head = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));

	if (!msgq_is_claimed(ring, head))
		return head;
	return msgq_ring_boundary(ring, head);
}

/* Messages not received yet, claims included: 0 to capacity. */
static inline __u32 msgq_keeper_depth(const struct msgq_ring *ring)
{
	struct msgq_pos boundary = msgq_keeper_boundary(ring);
	__u64 head = msgq_load(&ring->consumer->head);
	__u64 depth = boundary.t - head;

	/* The receiver goes on meanwhile: its head may have passed the boundary found. */
	if ((__s64)depth < 0)
		return 0;
	return depth < ring->capacity ? (__u32)depth : ring->capacity;
}

/*
 * Sets or clears CLOSED on the boundary. That is the instant at which the
 * queue closes or opens: every later claim has to swap that word. Senders
 * can move the boundary on at most until the ring is full, the receiver
 * being the caller; hence the bound.
 */
static inline enum msgq_keep_result msgq_keeper_mark(const struct msgq_ring *ring, bool closed)
{
	__u64 tries;

	for (tries = 0; tries < (__u64)ring->slots + 64; tries++) {
		struct msgq_pos pos = msgq_keeper_boundary(ring);
		__u64 word = msgq_word_at(ring, pos);
		__u64 marked = closed ? word | MSGQ_WORD_CLOSED : word & ~MSGQ_WORD_CLOSED;

		if (msgq_word_ahead(word, pos.lap) >= 0)
			continue; /* claimed since */
		/* A flag on an open claim would be wiped by its publish. */
		if (msgq_word_ahead(word, pos.lap) != -1 ||
		    msgq_word_state(word) == MSGQ_CLAIMED)
			return MSGQ_KEEP_BROKEN;
		if (marked == word || msgq_cas(&ring->slot[pos.index].word, &word, marked))
			return MSGQ_KEPT;
	}
	return MSGQ_KEEP_BROKEN;
}

/* When this returns, no further claim succeeds. @reason: INACTIVE or GONE. */
static inline enum msgq_keep_result msgq_keeper_close(const struct msgq_ring *ring,
						      enum msgq_queue_state reason)
{
	enum msgq_keep_result result;

	msgq_store_release(&ring->keeper->reason, (__u32)reason);
	result = msgq_keeper_mark(ring, true);
	msgq_store_release(&ring->keeper->state, (__u32)reason);
	return result;
}

static inline enum msgq_keep_result msgq_keeper_open(const struct msgq_ring *ring)
{
	enum msgq_keep_result result;

	msgq_store_release(&ring->keeper->state, (__u32)MSGQ_QUEUE_ACTIVE);
	result = msgq_keeper_mark(ring, false);
	if (result != MSGQ_KEPT)
		msgq_store_release(&ring->keeper->state, (__u32)MSGQ_QUEUE_INACTIVE);
	return result;
}

/* What is at the head, for a receiver that found nothing: KEPT is "still nothing". */
static inline enum msgq_keep_result msgq_keeper_judge(__u64 word, struct msgq_pos head)
{
	__s64 ahead = msgq_word_ahead(word, head.lap);

	if (ahead == 0)
		return msgq_word_state(word) == MSGQ_CLAIMED ? MSGQ_KEEP_PENDING : MSGQ_KEEP_READY;
	if (ahead != -1 || msgq_word_state(word) == MSGQ_CLAIMED)
		return MSGQ_KEEP_BROKEN;
	return MSGQ_KEPT;
}

/*
 * For a receiver about to sleep: KEPT means that whoever claims the head
 * position will call to wake it. A failed swap means that a message is
 * coming, or has come. An open claim must not be armed, since its publish is
 * a plain store and would wipe the flag: PENDING, look again soon.
 */
static inline enum msgq_keep_result msgq_keeper_arm(const struct msgq_ring *ring)
{
	struct msgq_pos pos = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));
	__u64 word = msgq_word_at(ring, pos);
	enum msgq_keep_result found = msgq_keeper_judge(word, pos);

	if (found != MSGQ_KEPT || word & MSGQ_WORD_ARMED ||
	    msgq_cas(&ring->slot[pos.index].word, &word, word | MSGQ_WORD_ARMED))
		return found;
	/* Closing marks the same word: then there is still nothing, and no flag. */
	found = msgq_keeper_judge(word, pos);
	return found == MSGQ_KEPT ? MSGQ_KEEP_PENDING : found;
}

/* Cancels the open claim that @word is, which was read at @pos, if it still is one. */
static inline bool msgq_keeper_cancel_claim(const struct msgq_ring *ring, struct msgq_pos pos,
					    __u64 word)
{
	return msgq_cas(&ring->slot[pos.index].word, &word,
			msgq_word(msgq_word_lap(word), MSGQ_CANCELLED, 0, msgq_word_sender(word)));
}

struct msgq_reaped {
	__u32 cancelled; /* claims that were open */
	__u64 last;	 /* the last of them */
	__u64 drained;	 /* once head is here, no word names the sender */
};

/*
 * Cancels the open claims of a sender that can run no more, or whose slots
 * were taken away (see msgq_keeper_revoked()). All slots are looked at, not just
 * those that the words say are in use: a hostile sender could hide a dead one's
 * claim, and the receiver would wait for it forever.
 * @breathe is called now and then.
 */
static inline struct msgq_reaped msgq_keeper_reap(const struct msgq_ring *ring, __u32 sender,
						  void (*breathe)(void))
{
	__u64 head = msgq_load_acquire(&ring->consumer->head);
	struct msgq_pos pos = msgq_pos_at(ring, head);
	struct msgq_reaped reaped = { 0, MSGQ_NEVER, head };
	__u32 looked;

	for (looked = 0; looked < ring->slots; looked++, pos = msgq_pos_next(ring, pos)) {
		__u64 word = msgq_word_at(ring, pos);

		if ((looked & 4095) == 4095 && breathe)
			breathe();
		if (msgq_word_sender(word) != sender)
			continue;
		if (msgq_word_ahead(word, pos.lap) == 0)
			reaped.drained = pos.t + 1;
		if (msgq_word_state(word) != MSGQ_CLAIMED)
			continue;
		/*
		 * Nobody honest swaps a claim of such a sender. If a hostile one
		 * does, its word is its own affair.
		 */
		if (!msgq_keeper_cancel_claim(ring, pos, word))
			continue;
		reaped.cancelled++;
		reaped.last = pos.t;
	}
	return reaped;
}

/*
 * Counts a revocation, and returns the count that it has brought about. The
 * sender's slots were taken away before its claims were cancelled; it gets
 * scratch in their place only after this. So it was sent before all of that and
 * not cancelled, or it finds the new count: see sender.h.
 */
static inline __u64 msgq_keeper_revoked(const struct msgq_ring *ring)
{
	__u64 revokes = msgq_load(&ring->keeper->revokes) + 1;

	msgq_store_release(&ring->keeper->revokes, revokes);
	return revokes;
}

/*
 * Was the send of that @claim, which had @seen that count after it, undone by
 * the revocation that brought the count to @revoked, and that cancelled @last as
 * the last of its sender's claims? A claim made after it is in scratch, or none
 * of the sender's any more. One made before it was either still open then, and
 * as a sender's latest claim the last of those, or published, and stays so.
 */
static inline bool msgq_keeper_undone(__u64 claim, __u64 seen, __u64 revoked, __u64 last)
{
	return seen >= revoked || claim == last;
}

/*
 * Cancelling has two halves, and between them the caller makes every CPU that
 * may run the receiver pass a full barrier: see msgq_receiver_take(). Only one
 * at a time, and the second half follows whatever happens.
 */
static inline void msgq_keeper_cancel_begin(const struct msgq_ring *ring)
{
	msgq_store(&ring->keeper->cancels, 1);
}

/*
 * The first position that is not too late. Busy first: a head read before it
 * could be that of a message which was taken without a swap, while busy tells
 * of the next.
 */
static inline struct msgq_pos msgq_keeper_cancel_start(const struct msgq_ring *ring)
{
	__u64 busy = msgq_load_acquire(&ring->consumer->busy);
	__u64 head = msgq_load_acquire(&ring->consumer->head);

	return msgq_pos_at(ring, busy == head + 1 ? busy : head);
}

/*
 * Cancels what is published and not received of the senders that @wanted says
 * yes to, and returns how many messages that were. The receiver goes on
 * meanwhile: what it takes fails the swap, or is of the next lap by then. A
 * claim that is open is of a send that has not returned, and stays.
 */
static inline __u32 msgq_keeper_cancel(const struct msgq_ring *ring,
				       bool (*wanted)(const void *who, __u32 sender),
				       const void *who, void (*breathe)(void))
{
	struct msgq_pos pos = msgq_keeper_cancel_start(ring);
	__u32 looked, cancelled = 0;

	for (looked = 0; looked < ring->slots; looked++, pos = msgq_pos_next(ring, pos)) {
		__u64 word = msgq_word_at(ring, pos);
		__s64 ahead = msgq_word_ahead(word, pos.lap);

		if ((looked & 4095) == 4095 && breathe)
			breathe();
		if (ahead < 0)
			break; /* the boundary */
		if (ahead || msgq_word_state(word) != MSGQ_READY ||
		    !wanted(who, msgq_word_sender(word)))
			continue;
		if (msgq_cas(&ring->slot[pos.index].word, &word,
			     msgq_word_become(word, MSGQ_CANCELLED)))
			cancelled++;
	}
	msgq_store_release(&ring->keeper->cancels, 0);
	return cancelled;
}

#endif
