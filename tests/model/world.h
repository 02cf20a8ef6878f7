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
 * What the module does when it is asked is kmod/'s own code, request by request,
 * under the queue's lock. Asking for a lock and the first access under it are
 * one move, and so are accesses that nobody else could see, or be seen by, at
 * another time: unlocking, telling, K as read by who has the lock, scratch.
 *
 * A sender that met FULL or INACTIVE may ask to be told. It must be told in the
 * end, unless the queue stays inactive; and there must have been room, with
 * the queue open, at one instant since it asked.
 *
 * To a mediated queue the kernel sends, as a request. Its sender may die before
 * one, not within, and leave what it has sent.
 *
 * A sender's slots may be taken away between any two of its accesses, when its
 * claim is at the head. It may stop for ever, or leave its send and go on. Who is
 * stuck behind that asks for a revocation when nothing else can happen; a
 * receiver that sleeps before a message, whose sender stopped before its WAKE,
 * looks again then.
 *
 * Not modelled: loads that are delayed or made early (as by a missing
 * acquire, or a head that is stored without release before the copy is
 * done), a compare-and-swap that is less than a full barrier, stores that
 * some parties see before others, hostile words and heads, peek, poke, laps
 * beyond a few, a store torn in itself, when claims count as stalled, faults under way.
 */
#ifndef MSGQ_TESTS_MODEL_WORLD_H
#define MSGQ_TESTS_MODEL_WORLD_H

#include <cstdint>
#include <string>

#include "case.h"
#include "state.h"

struct Move {
	enum Kind : uint8_t { step, flush, crash, stop, leave, recheck } kind;
	uint8_t actor;
	uint8_t entry; /* of the buffer, to flush */
};

/* The messages of the first sender, which is the one that cancels are for. */
inline constexpr uint8_t of_first = (1u << sends_max) - 1;

class World
{
public:
	static constexpr unsigned moves_max = actors * (Buffer::max + 4);

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
	Task task(const State &s, unsigned actor) const;
	bool has_turn(const State &s, unsigned actor) const;
	uint8_t closed_for(const State &s) const;
	bool is_away(const State &s, unsigned actor) const;
	bool is_scratch(const State &s, unsigned actor) const;
	bool is_missed(const State &s) const;
	bool is_stuck(const State &s) const;
	bool is_resort(const State &s) const;
	bool may_die(const State &s, unsigned actor) const;
	bool may_step(const State &s, unsigned actor) const;
	bool is_quiet(const State &s, unsigned actor) const;
	uint64_t depth(const State &s) const;
	bool refuses(const State &s) const;
	bool is_closed(const State &s) const;
	void notice(State &s) const;
	void begin(State &s, unsigned actor, Op op, uint8_t argument, Local local) const;
	void begin_send(State &s, unsigned actor) const;
	void begin_keeping(State &s) const;
	void begin_reaping(State &s) const;
	void watch(Doing &doing, unsigned place, uint64_t value) const;
	void first(State &s, unsigned actor) const;
	const char *write(State &s, unsigned actor, const Access &access, uint64_t *read) const;
	const char *scribble(State &s, unsigned actor, const Access &access, uint64_t *read) const;
	const char *unlock(State &s, unsigned actor) const;
	const char *tell(State &s, const Access &access) const;
	const char *perform(State &s, unsigned actor, const Access &access, uint64_t *read) const;
	const char *step(State &s, unsigned actor) const;
	const char *access(State &s, unsigned actor) const;
	uint8_t published(const State &s) const;
	const char *cancelled(State &s, const Access &access) const;
	const char *claimed(const State &s, unsigned actor, uint64_t found,
			    const Access &access) const;
	const char *finish(State &s, unsigned actor, Local local, const Result &result) const;
	const char *finish_send(State &s, unsigned actor, Local local, const Result &result) const;
	const char *finish_recv(State &s, Local local, const Result &result) const;
	const char *finish_arm(State &s, const Result &result) const;
	const char *finish_cancel(State &s, const Result &result) const;
	const char *finish_revoke(State &s) const;
	const char *finish_renew(State &s, unsigned actor, Local local, const Result &result) const;
	void sent(State &s, unsigned actor, Local local) const;
	const char *finish_reap(State &s, const Result &result) const;
	const char *finish_request(State &s, unsigned actor) const;
	bool admitted(const State &s, const Result &result) const;
	void refused(State &s, unsigned actor, Outcome why, Local local) const;

	const Case &case_;
	unsigned slots_;
	State start_;
};

#endif
