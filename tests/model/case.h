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
	bool insists;		    /* a sender that met FULL tries again */
	bool sleeps;		    /* the receiver sleeps when there is nothing */
	uint8_t crashes;	    /* as many senders may die, at any step */
	Op keeper[3];		    /* what the keeper does, to the first none */
	bool buffered;		    /* stores are delayed: see world.h */
	bool looks = false;	    /* the receiver's first buffer is too small */

	bool cancels() const
	{
		return keeper[0] == Op::cancel || keeper[1] == Op::cancel ||
		       keeper[2] == Op::cancel;
	}
};

#endif
