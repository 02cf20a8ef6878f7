/* SPDX-License-Identifier: MIT */
/*
 * The rules of a case: which moves there are in a state, what each does to
 * it, and what must hold.
 *
 * Modelled: every access of every party to shared memory is a move of its
 * own, in all orders that there are. A sender may die between any two
 * accesses; the reaper runs when its stores are out, and wakes the receiver.
 * Sleeping has no timeout, so that a lost wake-up shows as a receiver that
 * sleeps for ever; naps before an open claim end when its word changes.
 *
 * Memory is sequentially consistent, or, in buffered cases, each party's
 * stores wait in a buffer of its own and become visible at any later time:
 * stores to different places in any order, but a release store after all
 * that precede it. A party sees its own stores at once; a compare-and-swap
 * waits until the buffer is empty. That is TSO, weakened by plain stores that
 * overtake each other.
 *
 * FULL must have been true at one instant of the send: the queue full, and
 * its state active.
 *
 * A message that was acknowledged when a cancel began, and not received, must
 * not be received after it; but a receive that was under way when the cancel
 * returned may still give it, if the cancel did not count it.
 *
 * Not modelled: loads that are delayed or made early (as by a missing
 * acquire, or a head that is stored without release before the copy is
 * done), a compare-and-swap that is less than a full barrier, stores that
 * some parties see before others, hostile words and heads, peek, laps beyond
 * a few, a store torn in itself, the slow re-check of a sleeping receiver.
 */
#ifndef MSGQ_TESTS_MODEL_WORLD_H
#define MSGQ_TESTS_MODEL_WORLD_H

#include <cstdint>
#include <string>

#include "case.h"
#include "state.h"

struct Move {
	enum Kind : uint8_t { step, flush, crash } kind;
	uint8_t actor;
	uint8_t entry; /* of the buffer, to flush */
};

/* The messages of the first sender, which is the one that cancels are for. */
inline constexpr uint8_t of_first = (1u << sends_max) - 1;

class World
{
public:
	static constexpr unsigned moves_max = actors * (Buffer::max + 2);

	explicit World(const Case &c);

	const State &start() const
	{
		return start_;
	}
	unsigned moves(const State &s, Move *move) const;
	/* Returns what is wrong, or nullptr. */
	const char *make(State &s, const Move &move) const;
	/* The same for a state without moves. */
	const char *judge_end(const State &s) const;
	std::string describe(const State &s, const Move &move) const;

private:
	bool may_step(const State &s, unsigned actor) const;
	uint64_t depth(const State &s) const;
	bool refuses(const State &s) const;
	bool is_closed(const State &s) const;
	void notice(State &s) const;
	void begin(State &s, unsigned actor, Op op, uint8_t argument, Local local) const;
	void begin_send(State &s, unsigned actor) const;
	void begin_keeping(State &s) const;
	void begin_reaping(State &s) const;
	void watch(Doing &doing, unsigned place, uint64_t value) const;
	const char *access(State &s, unsigned actor) const;
	uint8_t published(const State &s) const;
	const char *cancelled(State &s, const Access &access) const;
	const char *claimed(const State &s, uint64_t found, const Access &access) const;
	const char *finish(State &s, unsigned actor, Local local, const Result &result) const;
	const char *finish_send(State &s, unsigned actor, Local local, const Result &result) const;
	const char *finish_recv(State &s, Local local, const Result &result) const;
	const char *finish_arm(State &s, const Result &result) const;
	const char *finish_cancel(State &s, const Result &result) const;
	const char *finish_reap(State &s, const Result &result) const;

	const Case &case_;
	unsigned slots_;
	State start_;
};

#endif
