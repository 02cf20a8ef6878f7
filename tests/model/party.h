/* SPDX-License-Identifier: MIT */
/*
 * What senders, the receiver and the kernel do, by the shipped headers. Only
 * party.cc includes these, so that a seeded bug rebuilds one file.
 */
#ifndef MSGQ_TESTS_MODEL_PARTY_H
#define MSGQ_TESTS_MODEL_PARTY_H

#include <cstdint>

#include "access.h"
#include "replay.h"

enum class Op : uint8_t {
	none,
	send,
	recv,
	look, /* a recv for which nothing is small enough */
	arm,
	sleep,
	close,
	open,
	cancel, /* what the first sender sent */
	reap,
};

/* What a party keeps from one operation to the next. */
struct Local {
	uint32_t t;
	uint32_t lap;
	uint32_t index;
	uint32_t head;
};

enum class Outcome : uint8_t {
	none,
	sent,
	full,
	shut,
	got,
	empty,
	too_long,
	ready,
	kept,
	pending,
	broken,
};

struct Result {
	Outcome outcome;
	uint8_t body, tail; /* the message's, as received */
	uint8_t reason;	    /* as read after SHUT */
	uint32_t drained;   /* as reap says */
	uint32_t cancelled; /* as cancel says */
};

/* A word as the checks see it. */
struct Word {
	uint64_t position;
	uint8_t sender;
	bool claimed;
	bool closed;
	bool ready;
	bool cancelled;
};

class Party
{
public:
	/*
	 * A fresh ring, open, as the keeper leaves it. Returns the number of
	 * slots. Where nothing @cancels, what only that looks at is left out.
	 */
	static unsigned init(uint32_t capacity, bool cancels, uint64_t *memory);
	/* What one that attaches now starts with. */
	static Local attach();

	/*
	 * The next access of @op, whose argument is a message, a sender's index
	 * or a reason. At its end @local is what the party keeps, and @result
	 * what it was told.
	 */
	static Access next(Op op, unsigned sender, unsigned argument, const Log &log, Local *local,
			   Result *result);

	static Word word(uint64_t word, unsigned index);
	/* What K.state says. */
	static bool is_active(uint64_t state);
};

#endif
