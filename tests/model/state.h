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

enum class Life : uint8_t { alive, dead, reaped };

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
	bool saw_full, saw_closed, began_closed;
	/*
	 * The log from here on tells states apart: each try of the keeper to
	 * mark the boundary begins with a load of the head, and knows of those
	 * before it only how many there were, of the dozens that it has.
	 */
	uint8_t since;
	Access pending; /* follows from all the above and the log */
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
	bool woken; /* since the receiver last listened */

	/* For the checks; messages are bits. */
	uint64_t claims; /* positions claimed so far */
	uint8_t crashes; /* still to come, at most */
	bool closed;	 /* close has returned */
	uint8_t acked, received, refused;
	uint8_t cancelled;
	uint8_t due;		      /* to be cancelled by the cancel under way */
	uint8_t late;		      /* not to be received but by the receive under way */
	uint8_t gone;		      /* not to be received: their cancel has returned */
	uint8_t before[messages_max]; /* to be received before this one */

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
