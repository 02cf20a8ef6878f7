/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The receiver's side of a ring. It writes the head, and no slot but while
 * messages are being cancelled.
 *
 * A word is read once and bounded: whatever a sender writes, the receiver
 * copies at most 64 bytes, all of them from the ring.
 */
#ifndef MSGQ_RECEIVER_H
#define MSGQ_RECEIVER_H

#include "ring.h"

/* For who wants to see each message that is received, by its word. */
#ifndef MSGQ_RECEIVED
#define MSGQ_RECEIVED(receiver, word) ((void)0)
#endif

struct msgq_receiver {
	struct msgq_ring ring;
	struct msgq_pos head;
	__u32 misses; /* looks in vain since the last look ahead */
	__u32 high;   /* as in C */
	__u32 id;     /* the queue's */
};

enum msgq_recv_result {
	MSGQ_GOT,
	MSGQ_EMPTY,
	MSGQ_SHORT, /* the buffer is too small; the message stays */
	MSGQ_RUINED, /* the ring was scribbled over */
};

static inline void msgq_receiver_init(struct msgq_receiver *r,
				      const struct msgq_ring *ring)
{
	r->ring = *ring;
	r->misses = 0;
	r->high = 0;
	r->id = (__u32)ring->keeper->id;
	r->head = msgq_pos_at(ring, msgq_load_acquire(&ring->consumer->head));
}

/*
 * One call passes over this many slots and once around the ring; more than
 * that cannot be cancelled meanwhile but by someone who writes words.
 */
#define MSGQ_SKIP_TRIES 65536

/* What the word at @pos means to the receiver; *@skip when it is not a message. */
static inline enum msgq_recv_result msgq_receiver_judge(__u64 word, struct msgq_pos pos,
							bool *skip)
{
	__s64 ahead = msgq_word_ahead(word, pos.lap);

	*skip = false;
	if (ahead == -1)
		return MSGQ_EMPTY;
	if (ahead != 0)
		return MSGQ_RUINED;
	switch (msgq_word_state(word)) {
	case MSGQ_READY:
		return msgq_word_len(word) > MSGQ_MSG_MAX ? MSGQ_RUINED : MSGQ_GOT;
	case MSGQ_CLAIMED:
		return MSGQ_EMPTY;
	default:
		*skip = true;
		return MSGQ_EMPTY;
	}
}

/*
 * A receiver as quick as its sender follows on its heels, and each fetches
 * away the lines that the other is at: half the throughput, 64-byte messages
 * a quarter. So now and then one that hardly ever looked in vain, and so is
 * in such a stream, looks this far ahead, and lets the sender get there. Not
 * for long: it may have nothing more to say. (Streams of 8, 56, 64 bytes as
 * part of the raw stream: 0.34, 0.24, 0.16-0.4 without, 0.52, 0.48, 0.46 with.)
 */
#define MSGQ_STREAM_EVERY 32 /* messages; a power of two */
#define MSGQ_STREAM_AHEAD 47
#define MSGQ_STREAM_LOOKS 16

static inline void msgq_receiver_fall_back(struct msgq_receiver *r)
{
	bool stream = r->misses <= MSGQ_STREAM_EVERY;
	struct msgq_pos pos;
	int look;

	r->misses = 0;
	if (!stream || r->ring.slots <= 2 * MSGQ_STREAM_AHEAD)
		return;
	pos = msgq_pos_add(&r->ring, r->head, MSGQ_STREAM_AHEAD);
	for (look = 0; look < MSGQ_STREAM_LOOKS && !msgq_is_claimed(&r->ring, pos); look++)
		msgq_pause();
}

/*
 * How full the queue has been. To know it exactly, somebody would have to look at
 * a line of the other side at each message; so the receiver looks now and then, at
 * the one slot that tells whether there are more than ever before. What comes and
 * goes between two looks is not seen. (A queue that was full is known to have
 * been: see msgq_tally.)
 */
#define MSGQ_HIGH_EVERY 256 /* messages; a multiple of MSGQ_STREAM_EVERY */

static inline void msgq_receiver_sample(struct msgq_receiver *r)
{
	struct msgq_pos pos;
	__u64 high;

	if (r->high >= r->ring.capacity)
		return;
	pos = msgq_pos_add(&r->ring, r->head, r->high);
	if (!msgq_is_claimed(&r->ring, pos))
		return;
	high = msgq_ring_boundary(&r->ring, pos).t - r->head.t;
	/* Words may say anything. */
	r->high = high < r->ring.capacity ? (__u32)high : r->ring.capacity;
	msgq_note(&r->ring.consumer->high, r->high);
}

/*
 * What is done once in MSGQ_STREAM_EVERY messages; always GOT. The last thing, so
 * that the others need not make room for it. (Kept out of line, it cost streams of
 * 64 bytes a tenth.)
 */
static inline enum msgq_recv_result msgq_receiver_pause(struct msgq_receiver *r)
{
	if (r->head.t % MSGQ_HIGH_EVERY == 0)
		msgq_receiver_sample(r);
	msgq_receiver_fall_back(r);
	return MSGQ_GOT;
}

/* Before the head passes it, so that what was received is never less than none. */
static inline void msgq_receiver_skipped(const struct msgq_receiver *r)
{
	msgq_note(&r->ring.consumer->skipped, r->ring.consumer->skipped + 1);
}

/*
 * Makes the message at the head, seen there as @word, the receiver's for good.
 * False: it was cancelled since; look again.
 *
 * Whoever cancels sets K.cancels, has every receiver's CPU pass a full barrier,
 * and then reads busy and head. So if the load here came too early to see
 * K.cancels, busy was seen, and the message is left alone; if not, the swap
 * decides. A word read before all of that may have been cancelled since, hence
 * the second look; it comes after the load, which, if it sees K.cancels taken
 * back, sees what was cancelled.
 *
 * Release, so that whoever sees busy sees the head that was stored before it.
 */
static inline bool msgq_receiver_take(const struct msgq_receiver *r, __u64 word)
{
	__u64 cancels;

	msgq_store_release(&r->ring.consumer->busy, r->head.t + 1);
	msgq_barrier();
	cancels = msgq_load_acquire(&r->ring.keeper->cancels);
	if (msgq_word_at(&r->ring, r->head) == word &&
	    (!cancels || msgq_cas(&r->ring.slot[r->head.index].word, &word,
				  msgq_word_become(word, MSGQ_TAKEN))))
		return true;
	msgq_store_release(&r->ring.consumer->busy, 0);
	return false;
}

/*
 * Copies the message at the head to @msg, of @size bytes, and moves the
 * head. *@len is the message's full size for GOT and SHORT.
 *
 * One that does not fit is not taken, not even for a moment: who cancelled it
 * then would take it for received, and it would be received after that.
 */
static inline enum msgq_recv_result msgq_receiver_recv(struct msgq_receiver *r, void *msg,
						       __u64 size, __u32 *len)
{
	__u64 skips;

	for (skips = 0; skips < (__u64)r->ring.slots + MSGQ_SKIP_TRIES; skips++) {
		__u64 word = msgq_word_at(&r->ring, r->head);
		bool skip;
		enum msgq_recv_result result = msgq_receiver_judge(word, r->head, &skip);

		if (result == MSGQ_GOT) {
			*len = msgq_word_len(word);
			if (*len > size) {
				/* Compilers do not see that it was judged. */
				__u8 whole[MSGQ_WORD_LEN_MAX];

				msgq_copy_out(&r->ring, r->head.index, whole, *len);
				if (size)
					memcpy(msg, whole, size);
				return MSGQ_SHORT;
			}
			if (!msgq_receiver_take(r, word))
				continue;
			msgq_copy_out(&r->ring, r->head.index, msg, *len);
		} else {
			if (!skip) {
				r->misses++;
				return result;
			}
			msgq_receiver_skipped(r);
		}
		r->head = msgq_pos_next(&r->ring, r->head);
		msgq_store_release(&r->ring.consumer->head, r->head.t);
		if (result == MSGQ_GOT) {
			MSGQ_RECEIVED(r, word);
			if (r->head.t % MSGQ_STREAM_EVERY == 0)
				return msgq_receiver_pause(r);
			return MSGQ_GOT;
		}
	}
	return MSGQ_RUINED;
}

/*
 * What is at the head, once what was cancelled there is passed: GOT for a
 * message, which stays.
 */
static inline enum msgq_recv_result msgq_receiver_look(struct msgq_receiver *r)
{
	__u64 skips;

	for (skips = 0; skips < (__u64)r->ring.slots + MSGQ_SKIP_TRIES; skips++) {
		__u64 word = msgq_word_at(&r->ring, r->head);
		bool skip;
		enum msgq_recv_result result = msgq_receiver_judge(word, r->head, &skip);

		if (!skip)
			return result;
		msgq_receiver_skipped(r);
		r->head = msgq_pos_next(&r->ring, r->head);
		msgq_store_release(&r->ring.consumer->head, r->head.t);
	}
	return MSGQ_RUINED;
}

/*
 * Whether the keeper wants to be told of where the head is now. It stores what
 * it wants, has this CPU pass a full barrier, and looks at the head; so here
 * the order of the program is enough.
 */
static inline bool msgq_receiver_reached(const struct msgq_receiver *r)
{
	msgq_barrier();
	return r->head.t >= msgq_load(&r->ring.keeper->wanted);
}

/*
 * The message that @skipped others precede, left where it is. *@sender is
 * the index of whoever sent it.
 */
static inline enum msgq_recv_result msgq_receiver_peek(const struct msgq_receiver *r, void *msg,
						       __u64 size, __u64 skipped, __u32 *len,
						       __u32 *sender)
{
	struct msgq_pos pos = r->head;
	__u32 looked;

	for (looked = 0; looked < r->ring.slots; looked++, pos = msgq_pos_next(&r->ring, pos)) {
		__u64 word = msgq_word_at(&r->ring, pos);
		bool skip;
		enum msgq_recv_result result = msgq_receiver_judge(word, pos, &skip);
		__u8 whole[MSGQ_MSG_MAX];

		if (skip)
			continue;
		if (result != MSGQ_GOT)
			return result;
		if (skipped--)
			continue;
		*len = msgq_word_len(word);
		*sender = msgq_word_sender(word);
		msgq_copy_out(&r->ring, pos.index, whole, *len);
		if (size)
			memcpy(msg, whole, *len < size ? *len : size);
		return *len > size ? MSGQ_SHORT : MSGQ_GOT;
	}
	return MSGQ_EMPTY;
}

#endif
