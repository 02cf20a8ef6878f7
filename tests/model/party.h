/* SPDX-License-Identifier: MIT */
/*
 * What senders, the receiver and the kernel do, by the shipped headers. This one
 * includes none of these, so that a seeded bug rebuilds few files.
 */
#ifndef MSGQ_TESTS_MODEL_PARTY_H
#define MSGQ_TESTS_MODEL_PARTY_H

#include <cstdint>

#include "access.h"
#include "kernel.h"
#include "replay.h"

enum class Op : uint8_t {
	none,
	send,
	recv,
	look, /* a recv for which nothing is small enough */
	arm,
	sleep,
	deactivate,
	close,
	open,
	cancel,	 /* what the first sender sent */
	unwatch, /* of a sender that has died */
	reap,
	listen, /* to be told when there is room */
	await,
	reached,  /* the head is where the kernel wanted it */
	renew,	  /* of a sender in doubt */
	revoke,	  /* all open claims */
	mediated, /* a send by the kernel */
};

/* What a party keeps from one operation to the next. */
struct Local {
	uint32_t t;
	uint32_t lap;
	uint32_t index;
	uint32_t head;
	uint32_t sender; /* its index in words */
	uint32_t revokes;
	/* Of a send that came to doubt. */
	uint32_t claim; /* all ones: none */
	uint32_t seen;
};

enum class Outcome : uint8_t {
	none,
	sent,
	full,
	shut,
	doubt,
	again, /* it was undone, or never done */
	gone,  /* the queue, or else it would be done again */
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
	bool moved;	    /* the head, by a receive */
	bool reached;	    /* and the kernel wants to be told of it */
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

/* What of the ring is looked at: what no party writes is left out. */
struct Uses {
	bool cancels;
	bool watches;
	bool revokes;
	bool turns; /* it is the receiver who revokes */
	/* The keeper's operations are the kernel's requests, not just the ring's. */
	bool requests;
	bool lapped;
	bool mediated;
	uint8_t nrqr;
};

/* What kernel_queue.state and K.reason say of a queue that is closed. */
inline constexpr uint8_t queue_inactive = 0, queue_gone = 2;

/* An operation that is under way. */
struct Task {
	Op op;
	unsigned sender;
	unsigned argument; /* a message, or a sender */
	const Log *log;
	const kernel_queue *kernel; /* as the lock guarded it when it was taken */
};

class Party
{
public:
	/* A fresh ring, open, as the keeper leaves it. Returns the number of slots. */
	static unsigned init(uint32_t capacity, unsigned senders, const Uses &uses,
			     uint64_t *memory, kernel_queue *kernel);
	/* What one that attaches now starts with. */
	static Local attach(unsigned sender);

	/*
	 * The next access of @task. At its end @local is what the party keeps,
	 * and @result what it was told.
	 */
	static Access next(const Task &task, Local *local, Result *result);
	/* What the lock guards, when that was to unlock. */
	static void unlocked(kernel_queue *kernel);

	static Word word(uint64_t word, unsigned index);
	/* What K.state says. */
	static bool is_active(uint64_t state);
};

#endif
