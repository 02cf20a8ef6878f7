/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The sender's side of a ring: claim, copy, publish.
 *
 * The one locked instruction is the claim. The publish is a plain release
 * store; it pairs with the acquire load of the word in receiver.h. The room
 * check reads the head with acquire; it pairs with the release store of the
 * head there, so that no payload is overwritten while it is copied out.
 *
 * Revoking. A sender may be stopped in the middle of a send, and then all wait
 * for it. So the keeper may take the slots away from it, whereupon it reads and
 * writes scratch pages, cancel its claims, and count that in K.revokes. A sender
 * that finds another count than it knows of is in DOUBT: it asks whether it was
 * meant. The order of the program is enough for it to notice, on any machine.
 * Taking away makes all that it stored before seen, as does every change of a
 * page table, since pages are used anew after it; and scratch is not met
 * without a fault, which comes after the count was raised, in the middle of
 * the program.
 */
#ifndef MSGQ_SENDER_H
#define MSGQ_SENDER_H

#include "ring.h"

struct msgq_sender {
	struct msgq_ring ring;
	struct msgq_pos guess; /* everything before it is known to be claimed */
	__u64 head;	       /* as last read: at or behind the real one */
	__u32 index;	       /* this sender's, in the words it claims */
	/*
	 * How often the caller has looked for a message in vain since it last
	 * sent: it sets this, if it knows. One that waits for answers is
	 * likely waited for.
	 */
	__u32 waited;
	__u64 revokes; /* K's count, by which this sender's own were not revoked */
	/* Of a send that came to DOUBT: */
	__u64 claim; /* its position, or MSGQ_NEVER: it made none */
	__u64 seen;  /* K's count after the claim, before the publish */
};

enum msgq_send_result {
	MSGQ_SENT,
	MSGQ_SENT_WAKE, /* sent, and the receiver sleeps: wake it */
	MSGQ_FULL,
	MSGQ_SHUT,   /* K's reason says whether inactive or gone */
	MSGQ_BROKEN, /* the ring was scribbled over */
	MSGQ_DOUBT,  /* claims were revoked: the keeper knows whether this one was */
};

/*
 * A sender that loses this many claims in a row is not unlucky: with eight
 * honest rivals the odds of that are below 10^-3000. Somebody writes words.
 */
#ifndef MSGQ_CLAIM_TRIES
#define MSGQ_CLAIM_TRIES 65536
#endif

/* Pauses before a ring that looks full is looked at again. */
#define MSGQ_FULL_PAUSES 16

/*
 * The claim is a full barrier: a slot that is not in the cache stalls it, and
 * several claims cannot stall at once as plain stores could. So the slot that
 * will be claimed this many sends later is fetched meanwhile. It is so far
 * ahead that no receiver polls it; nearer it would be a line to fight for.
 */
#define MSGQ_SEND_AHEAD 8

static inline void msgq_sender_fetch(const struct msgq_sender *s, __u32 at, __u32 len)
{
	__u32 ahead = at + MSGQ_SEND_AHEAD;

	if (ahead >= s->ring.slots) {
		if (s->ring.slots <= MSGQ_SEND_AHEAD)
			return;
		ahead -= s->ring.slots;
	}
	msgq_prefetch_write(&s->ring.slot[ahead]);
	if (len > MSGQ_BODY)
		msgq_prefetch_write(&s->ring.tail[ahead]);
}

static inline void msgq_sender_init(struct msgq_sender *s,
				    const struct msgq_ring *ring, __u32 index)
{
	s->ring = *ring;
	s->index = index;
	s->waited = 0;
	s->head = msgq_load_acquire(&ring->consumer->head);
	s->guess = msgq_pos_at(ring, s->head);
	s->revokes = msgq_load(&ring->keeper->revokes);
	s->claim = MSGQ_NEVER;
	s->seen = 0;
}

/*
 * The keeper has answered a doubt: the sender goes on by @index, in the slots
 * themselves, and @revokes is K's count at that time.
 */
static inline void msgq_sender_renew(struct msgq_sender *s, __u32 index, __u64 revokes)
{
	s->index = index;
	s->revokes = revokes;
	/* What it knew may be from scratch. */
	s->head = msgq_load_acquire(&s->ring.consumer->head);
	s->guess = msgq_pos_at(&s->ring, s->head);
}

/* Were claims revoked that may have been this sender's? */
static inline bool msgq_sender_doubts(const struct msgq_sender *s)
{
	msgq_barrier();
	return msgq_load(&s->ring.keeper->revokes) != s->revokes;
}

static inline enum msgq_send_result msgq_sender_doubt(struct msgq_sender *s, __u64 claim,
						      __u64 seen)
{
	s->claim = claim;
	s->seen = seen;
	return MSGQ_DOUBT;
}

/* What was read may have been read in scratch: only without a doubt is it the answer. */
static inline enum msgq_send_result msgq_sender_answer(struct msgq_sender *s,
						       enum msgq_send_result result)
{
	if (msgq_sender_doubts(s))
		return msgq_sender_doubt(s, MSGQ_NEVER, 0);
	/* It has paused for longer than this takes. */
	if (result == MSGQ_FULL)
		msgq_count(&msgq_ring_tally(&s->ring)->full);
	return result;
}

/*
 * Is there room at the guess? A head beyond the guess moves the guess there.
 * A lying head can read as full or as empty, never as room: what it calls
 * room still has to be free by its word.
 */
static inline bool msgq_sender_room(struct msgq_sender *s)
{
	__s64 used = (__s64)(s->guess.t - s->head);
	int look;

	if (used < (__s64)s->ring.capacity)
		return true;

	for (look = 0; look < 2; look++) {
		s->head = msgq_load_acquire(&s->ring.consumer->head);
		used = (__s64)(s->guess.t - s->head);
		if (used < 0)
			s->guess = msgq_pos_at(&s->ring, s->head);
		if (used < (__s64)s->ring.capacity)
			return true;
		/*
		 * Backing off here, not in the caller, keeps the answer exact
		 * and lets the receiver free a batch in peace instead of
		 * fetching back its head's line for every message.
		 */
		if (!look) {
			int pause;

			for (pause = 0; pause < MSGQ_FULL_PAUSES; pause++)
				msgq_pause();
		}
	}
	return false;
}

/*
 * What to answer when there is no room. A queue that is full and closed is
 * closed. One that was full before and after it was seen to be active was so
 * at that instant; otherwise look again: MSGQ_SENT.
 */
static inline enum msgq_send_result msgq_sender_full(const struct msgq_sender *s)
{
	if (msgq_load_acquire(&s->ring.keeper->state) != MSGQ_QUEUE_ACTIVE)
		return MSGQ_SHUT;
	if (msgq_load_acquire(&s->ring.consumer->head) != s->head)
		return MSGQ_SENT;
	return MSGQ_FULL;
}

/*
 * Brings the guess to the next free position and its word into *@word.
 * MSGQ_SENT means found; nothing has been claimed yet. *@tries counts the
 * looks of the whole send, so that their number is bounded and not its square.
 */
static inline enum msgq_send_result msgq_sender_seek(struct msgq_sender *s, __u64 *word,
						     __u32 *tries)
{
	while ((*tries)++ < MSGQ_CLAIM_TRIES) {
		enum msgq_send_result full;
		__s64 ahead;

		if (!msgq_sender_room(s)) {
			full = msgq_sender_full(s);
			if (full != MSGQ_SENT)
				return full;
			continue;
		}

		*word = msgq_word_at(&s->ring, s->guess);
		ahead = msgq_word_ahead(*word, s->guess.lap);
		if (ahead == -1) {
			/* An open claim one lap behind: the head cannot have passed it. */
			if (msgq_word_state(*word) == MSGQ_CLAIMED) {
				full = msgq_sender_full(s);
				if (full != MSGQ_SENT)
					return full;
				continue;
			}
			if (*word & MSGQ_WORD_CLOSED)
				return MSGQ_SHUT;
			return MSGQ_SENT;
		}
		if (ahead == 0) {
			/* Taken. Rivals are few as a rule: one step before galloping. */
			s->guess = msgq_pos_next(&s->ring, s->guess);
			if (msgq_is_claimed(&s->ring, s->guess))
				s->guess = msgq_ring_boundary(&s->ring, s->guess);
			continue;
		}
		if (ahead < 0)
			return MSGQ_BROKEN;
		/* Lapped while we were away. */
		s->head = msgq_load_acquire(&s->ring.consumer->head);
		if ((__s64)(s->head - s->guess.t) <= 0)
			return MSGQ_BROKEN;
		s->guess = msgq_pos_at(&s->ring, s->head);
	}
	return MSGQ_BROKEN;
}

/*
 * The receiver meets the tail of a long message only after the word, one miss
 * after the other. Pushing the tail out before the word is published shortens
 * the second (64 bytes one way: from 1.6 to 1.4 of the raw ping-pong). It
 * takes the sender as long as ten sends do, so it is for who waits anyway.
 */
#define MSGQ_WAITED 2

static inline void msgq_sender_hasten(struct msgq_sender *s, __u32 at, __u32 len)
{
	if (len > MSGQ_BODY && s->waited >= MSGQ_WAITED)
		msgq_demote(&s->ring.tail[at]);
	s->waited = 0;
}

/*
 * What the seek would find at its first look, mostly: the guess is free, and
 * there is room by what is known of the head. Apart, to be inlined alone.
 */
static inline bool msgq_sender_guessed(const struct msgq_sender *s, __u64 *word)
{
	if ((__s64)(s->guess.t - s->head) >= (__s64)s->ring.capacity)
		return false;
	*word = msgq_word_at(&s->ring, s->guess);
	return msgq_word_ahead(*word, s->guess.lap) == -1 &&
	       msgq_word_state(*word) != MSGQ_CLAIMED && !(*word & MSGQ_WORD_CLOSED);
}

/* @len <= MSGQ_MSG_MAX; the caller has checked. */
static inline enum msgq_send_result msgq_sender_send(struct msgq_sender *s,
						     const void *msg, __u32 len)
{
	__u32 tries = 0;

	for (;;) {
		__u64 lap, word, seen;
		__u32 at;

		/* Once: a word that somebody keeps changing is sought, and counted. */
		if (!tries && msgq_sender_guessed(s, &word)) {
			tries = 1;
		} else {
			__u64 sought;
			enum msgq_send_result found = msgq_sender_seek(s, &sought, &tries);

			if (found != MSGQ_SENT)
				return msgq_sender_answer(s, found);
			word = sought;
		}

		at = s->guess.index;
		lap = s->guess.lap;
		if (!msgq_cas(&s->ring.slot[at].word, &word,
			      msgq_word(lap, MSGQ_CLAIMED, 0, s->index)))
			continue;
		/* Revoked before this: the claim is void, if it is in the ring at all. */
		seen = msgq_load_acquire(&s->ring.keeper->revokes);

		s->guess = msgq_pos_next(&s->ring, s->guess);
		msgq_sender_fetch(s, at, len);
		msgq_copy_in(&s->ring, at, msg, len);
		msgq_sender_hasten(s, at, len);
		msgq_store_release(&s->ring.slot[at].word,
				   msgq_word(lap, MSGQ_READY, len, s->index));
		if (msgq_sender_doubts(s))
			return msgq_sender_doubt(s, s->guess.t - 1, seen);
		return word & MSGQ_WORD_ARMED ? MSGQ_SENT_WAKE : MSGQ_SENT;
	}
}

/* The word that the last send published: what a receiver may sleep on. */
static inline __u64 *msgq_sender_word(const struct msgq_sender *s)
{
	return &s->ring.slot[(s->guess.index ? s->guess.index : s->ring.slots) - 1].word;
}

/* What a send would have met, without sending: SENT, FULL, SHUT, BROKEN or DOUBT. */
static inline enum msgq_send_result msgq_sender_poke(struct msgq_sender *s)
{
	__u32 tries = 0;
	__u64 word;

	return msgq_sender_answer(s, msgq_sender_seek(s, &word, &tries));
}

#endif
