/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_MODEL_CASE_H
#define MSGQ_TESTS_MODEL_CASE_H

#include <cstdint>

#include "party.h"
#include "state.h"

/* A few parties and what each of them is to do, in all orders. */
struct Case {
	const char *name;
	uint32_t capacity;
	uint8_t sends[senders_max]; /* of each sender; 0: it is not there */
	bool insists = false;	    /* a sender that met FULL tries again */
	bool sleeps = false;	    /* the receiver sleeps when there is nothing */
	uint8_t crashes = 0;	    /* as many senders may die, at any step */
	Op keeper[3] = {};	    /* what the keeper does, to the first none */
	bool buffered = false;	    /* stores are delayed: see world.h */
	bool looks = false;	    /* the receiver's first buffer is too small */
	bool listens = false;	    /* who is refused asks to be told of room */
	bool mediated = false;	    /* it is the kernel who sends */
	bool turns = false;	    /* the receiver is the keeper, between two receives */
	uint8_t nrqr = 0;
	uint8_t stops = 0;    /* as many senders may stop for ever */
	uint8_t leaves = 0;   /* as many sends may be left in the middle */
	bool lapped = false;  /* the ring has been once around */
	bool is_long = false; /* left to make model-full */

	bool keeps(Op op) const
	{
		return keeper[0] == op || keeper[1] == op || keeper[2] == op;
	}
	bool revokes() const
	{
		return keeps(Op::revoke) || stops || leaves;
	}
	/* Entries that have to be free for a listener to be told. */
	uint32_t threshold() const
	{
		return nrqr ? (capacity + (1u << nrqr) - 1) >> nrqr : 1;
	}
	Uses uses() const
	{
		return { keeps(Op::cancel),
			 listens,
			 revokes(),
			 turns,
			 listens || revokes() || mediated,
			 lapped,
			 mediated,
			 nrqr };
	}
	/* What a sender does with a message. */
	Op sending() const
	{
		return mediated ? Op::mediated : Op::send;
	}
	unsigned senders() const
	{
		return sends[2] ? 3 : sends[1] ? 2 : 1;
	}
};

#endif
