/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The word of a slot: who holds it, in which lap, and what it contains.
 *
 *   63        24   23     22     21 20    19 13    12 0
 *   lap        | ARMED | CLOSED | state | length | sender
 *
 * Laps count modulo 2^40 and are compared by signed difference. All zero is
 * a slot that was "taken" in lap 0, hence free for lap 1: fresh memory is an
 * empty ring.
 *
 * ARMED and CLOSED live on the next free word only, the one that every later
 * claim has to go through; a claim swaps them out with the rest of the word.
 */
#ifndef MSGQ_WORD_H
#define MSGQ_WORD_H

#include <linux/types.h>

#define MSGQ_SENDER_BITS 13
#define MSGQ_SENDERS_MAX (1u << MSGQ_SENDER_BITS)

#define MSGQ_WORD_LEN_SHIFT 13
#define MSGQ_WORD_LEN_MAX 127
#define MSGQ_WORD_STATE_SHIFT 20
#define MSGQ_WORD_CLOSED (1ull << 22)
#define MSGQ_WORD_ARMED (1ull << 23)
#define MSGQ_WORD_LAP_SHIFT 24

/* All but CLAIMED are final: the slot can be claimed for the next lap. */
enum msgq_slot_state {
	MSGQ_TAKEN = 0,		/* received by compare-and-swap, or never used */
	MSGQ_CLAIMED = 1,	/* a sender is writing */
	MSGQ_READY = 2,		/* published */
	MSGQ_CANCELLED = 3,	/* the receiver is to skip it */
};

static inline __u64 msgq_word(__u64 lap, enum msgq_slot_state state, __u32 len,
			      __u32 sender)
{
	return lap << MSGQ_WORD_LAP_SHIFT |
	       (__u64)state << MSGQ_WORD_STATE_SHIFT |
	       (__u64)len << MSGQ_WORD_LEN_SHIFT | sender;
}

static inline enum msgq_slot_state msgq_word_state(__u64 word)
{
	return (enum msgq_slot_state)(word >> MSGQ_WORD_STATE_SHIFT & 3);
}

/* The same word in another state; for those that go with a final one. */
static inline __u64 msgq_word_become(__u64 word, enum msgq_slot_state state)
{
	return (word & ~(3ull << MSGQ_WORD_STATE_SHIFT)) |
	       (__u64)state << MSGQ_WORD_STATE_SHIFT;
}

/* As the sender wrote it, 0 to 127: whoever copies bounds it. */
static inline __u32 msgq_word_len(__u64 word)
{
	return word >> MSGQ_WORD_LEN_SHIFT & MSGQ_WORD_LEN_MAX;
}

static inline __u32 msgq_word_sender(__u64 word)
{
	return word & (MSGQ_SENDERS_MAX - 1);
}

static inline __u64 msgq_word_lap(__u64 word)
{
	return word >> MSGQ_WORD_LAP_SHIFT;
}

/* How many laps the word is ahead of @lap; negative when behind. */
static inline __s64 msgq_word_ahead(__u64 word, __u64 lap)
{
	__u64 apart = (msgq_word_lap(word) - lap) << MSGQ_WORD_LAP_SHIFT;

	return (__s64)apart >> MSGQ_WORD_LAP_SHIFT;
}

#endif
