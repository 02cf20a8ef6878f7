/* SPDX-License-Identifier: MIT */
/*
 * All there is at one moment of a case: the memory, what the parties know,
 * and what the checks have to remember. Plain data, so that it can be copied.
 */
#ifndef MSGQ_TESTS_MODEL_STATE_H
#define MSGQ_TESTS_MODEL_STATE_H

#include <cstdint>

#include "access.h"
#include "party.h"

inline constexpr unsigned senders_max = 3, sends_max = 2, messages_max = 6;

/* Who takes part; senders first. */
enum Actor : uint8_t {
	actor_receiver = senders_max,
	actor_keeper, /* activates and deactivates */
	actor_reaper, /* cleans after senders that died */
	actors,
};

enum class Life : uint8_t { alive, stopped, dead, reaped };

/* What a sender has where the slots were: a fault waits for the lock, then finds scratch. */
enum class Mapping : uint8_t { slots, taken, scratch };

/* What an actor is doing. */
struct Doing {
	Local local;
	Op op;
	uint8_t argument;
	uint8_t step; /* operations behind it, where these are counted */
	Life life;
	/* The operation does not begin while this place holds that value: it would see nothing new. */
	uint8_t watch;
	uint64_t watched;
	/* What was true at some moment of this send, for judging its answer. */
	bool saw_full;
	bool was_closed;    /* close had returned, and all the time since */
	uint8_t saw_closed; /* bits: for these reasons */
	/*
	 * The log from here on tells states apart: each try of the keeper to
	 * mark the boundary begins with a load of the head, and knows of those
	 * before it only how many there were, of the dozens that it has.
	 */
	uint8_t since;
	kernel_queue kernel; /* when this party took the lock */
	Access pending;	     /* follows from all the above and the log */
	Log log;
};

struct Store {
	uint64_t value;
	uint8_t place;
	bool release;
};

/* Stores that their party has made and nobody else can see yet. */
struct Buffer {
	static constexpr unsigned max = 6;
	uint8_t size;
	Store store[max];

	/* Whether entry @i may become visible before those ahead of it. */
	bool may_leave(unsigned i) const
	{
		for (unsigned j = 0; j < i; j++)
			if (store[i].release || store[j].place == store[i].place)
				return false;
		return true;
	}

	void remove(unsigned i)
	{
		for (size--; i < size; i++)
			store[i] = store[i + 1];
	}

	void find(uint8_t place, uint64_t *value) const
	{
		for (unsigned i = 0; i < size; i++)
			if (store[i].place == place)
				*value = store[i].value;
	}
};

struct State {
	uint64_t memory[places];
	bool woken;   /* since the receiver last listened */
	uint8_t lock; /* the queue's: whose number, from 1 */
	kernel_queue kernel;
	uint8_t told; /* senders with an event due */
	Mapping mapping[senders_max];
	uint64_t scratch[senders_max]
			[slots_max]; /* words; what else is written there nobody reads */

	/* For the checks; messages are bits. */
	uint64_t claims;		/* positions claimed so far */
	uint8_t crashes, stops, leaves; /* still to come, at most */
	bool closed;			/* close has returned */
	uint8_t reason;			/* why CLOSED is set */
	uint8_t acked, received, refused;
	uint8_t cancelled;
	uint8_t due;		      /* to be cancelled by the cancel under way */
	uint8_t late;		      /* not to be received but by the receive under way */
	uint8_t gone;		      /* not to be received: their cancel has returned */
	uint8_t before[messages_max]; /* to be received before this one */
	uint8_t room;		      /* senders for whom there was some since they listen */

	Doing doing[actors];
	Buffer buffer[actors];

	/* What @actor reads at @place. */
	uint64_t view(unsigned actor, uint8_t place) const
	{
		uint64_t value = memory[place];

		buffer[actor].find(place, &value);
		return value;
	}
};

#endif
