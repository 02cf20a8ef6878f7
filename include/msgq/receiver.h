/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The receiver's side of a ring. It writes no slot, only the head.
 *
 * A word is read once and bounded: whatever a sender writes, the receiver
 * copies at most 64 bytes, all of them from the ring.
 */
#ifndef MSGQ_RECEIVER_H
#define MSGQ_RECEIVER_H

#include "ring.h"

struct msgq_receiver {
	struct msgq_ring ring;
	struct msgq_pos head;
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
 * Copies the message at the head to @msg, of @size bytes, and moves the
 * head. *@len is the message's full size for GOT and SHORT.
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
				__u8 whole[MSGQ_MSG_MAX];

				msgq_copy_out(&r->ring, r->head.index, whole, *len);
				if (size)
					memcpy(msg, whole, size);
				return MSGQ_SHORT;
			}
			msgq_copy_out(&r->ring, r->head.index, msg, *len);
		} else if (!skip) {
			return result;
		}
		r->head = msgq_pos_next(&r->ring, r->head);
		msgq_store_release(&r->ring.consumer->head, r->head.t);
		if (result == MSGQ_GOT)
			return MSGQ_GOT;
	}
	return MSGQ_RUINED;
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
