/* SPDX-License-Identifier: MIT */
#include "world.h"

World::World(const Case &c) : case_(c), start_{}
{
	slots_ = Party::init(c.capacity, c.senders(), c.uses(), start_.memory, &start_.kernel);
	start_.claims = start_.memory[place_head];
	start_.crashes = c.crashes;
	start_.stops = c.stops;
	start_.leaves = c.leaves;
	for (unsigned i = 0; i < actors; i++)
		begin(start_, i, Op::none, 0, Party::attach(i));
	for (unsigned i = 0; i < senders_max; i++)
		begin_send(start_, i);
	begin(start_, actor_receiver, c.looks ? Op::look : Op::recv, 0, Party::attach(0));
	begin_keeping(start_);
}

void World::begin(State &s, unsigned actor, Op op, uint8_t argument, Local local) const
{
	Doing &doing = s.doing[actor];

	doing.op = op;
	doing.argument = argument;
	doing.local = local;
	doing.watch = places;
	doing.watched = 0;
	doing.saw_full = doing.was_closed = false;
	doing.saw_closed = 0;
	doing.log.size = doing.since = 0;
	doing.kernel = s.kernel;
	Result result;
	doing.pending = Party::next(task(s, actor), &local, &result);
}

Task World::task(const State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];

	return { doing.op, actor, doing.argument, &doing.log, &doing.kernel };
}

/* Messages are numbered from 1, so that none looks like memory never written. */
void World::begin_send(State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];
	const bool more = doing.step < case_.sends[actor];

	begin(s, actor, more ? case_.sending() : Op::none,
	      more ? static_cast<uint8_t>(actor * sends_max + doing.step + 1) : 0,
	      more ? doing.local : Local{});
}

void World::begin_keeping(State &s) const
{
	const unsigned step = s.doing[actor_keeper].step;

	Op op = step < 3 ? case_.keeper[step] : Op::none;

	if (op == Op::none && case_.revokes())
		op = Op::revoke;
	begin(s, actor_keeper, op, 0, {});
}

void World::begin_reaping(State &s) const
{
	if (s.doing[actor_reaper].op != Op::none)
		return;
	for (uint8_t i = 0; i < senders_max; i++)
		if (s.doing[i].life == Life::dead)
			return begin(s, actor_reaper, case_.listens ? Op::unwatch : Op::reap, i,
				     {});
}

void World::watch(Doing &doing, unsigned place, uint64_t value) const
{
	doing.watch = static_cast<uint8_t>(place);
	doing.watched = value;
}

/* Cancelled messages and open claims count until the head has passed them. */
uint64_t World::depth(const State &s) const
{
	return s.claims - s.memory[place_head];
}

bool World::refuses(const State &s) const
{
	return depth(s) >= case_.capacity && Party::is_active(s.memory[place_state]);
}

bool World::is_closed(const State &s) const
{
	return Party::word(s.memory[place_word + s.claims % slots_], 0).closed;
}

/*
 * The reasons why it is closed, as bits. One that is closed again, by
 * msgqipc_destroy(), is so for both while that is under way.
 */
uint8_t World::closed_for(const State &s) const
{
	const Doing &keeper = s.doing[actor_keeper];

	if (!is_closed(s))
		return 0;
	if (keeper.op == Op::close && keeper.log.size)
		return static_cast<uint8_t>(1u << s.reason | 1u << queue_gone);
	return static_cast<uint8_t>(1u << s.reason);
}

/* Tells all sends under way, and who waits for room, what is true now. */
void World::notice(State &s) const
{
	const bool full = refuses(s), closed = is_closed(s);
	const uint8_t reasons = closed_for(s);

	if (case_.listens && !closed && depth(s) + case_.threshold() <= case_.capacity)
		s.room = (1u << senders_max) - 1;
	for (unsigned i = 0; i < senders_max; i++) {
		Doing &doing = s.doing[i];

		if (doing.op != case_.sending() || !doing.log.size)
			continue;
		doing.saw_full |= full;
		doing.saw_closed |= reasons;
		doing.was_closed &= s.closed;
	}
}

/* The receiver's thread, when it is the keeper too, does one thing at a time. */
bool World::has_turn(const State &s, unsigned actor) const
{
	const Doing &receiver = s.doing[actor_receiver], &keeper = s.doing[actor_keeper];

	if (!case_.turns)
		return true;
	if (actor == actor_receiver)
		return !keeper.log.size;
	if (actor == actor_keeper)
		return keeper.log.size || (!receiver.log.size && receiver.op == Op::recv);
	return true;
}

/* Whether a sender's access would be to slots that are being taken away. */
bool World::is_away(const State &s, unsigned actor) const
{
	return actor < senders_max && s.doing[actor].op == Op::send &&
	       s.mapping[actor] == Mapping::taken && s.doing[actor].pending.place < place_head;
}

/* Whether it would be to scratch. */
bool World::is_scratch(const State &s, unsigned actor) const
{
	return actor < senders_max && s.doing[actor].op == Op::send &&
	       s.mapping[actor] == Mapping::scratch && s.doing[actor].pending.place < place_head;
}

/* Whether the receiver waits for a claim. */
bool World::is_stuck(const State &s) const
{
	const uint64_t head = s.memory[place_head];
	const auto index = static_cast<unsigned>(head % slots_);
	const Word word = Party::word(s.memory[place_word + index], index);

	return word.claimed && word.position == head;
}

/* Whether the receiver sleeps before a message. */
bool World::is_missed(const State &s) const
{
	const auto index = static_cast<unsigned>(s.memory[place_head] % slots_);

	return s.doing[actor_receiver].op == Op::sleep && depth(s) &&
	       Party::word(s.memory[place_word + index], index).ready;
}

/* Whether the keeper has nothing left to do but for who is stuck. */
bool World::is_resort(const State &s) const
{
	const Doing &keeper = s.doing[actor_keeper];

	return keeper.op == Op::revoke && !keeper.log.size &&
	       (keeper.step >= 3 || case_.keeper[keeper.step] != Op::revoke);
}

bool World::may_step(const State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];
	const Buffer &buffer = s.buffer[actor];

	if (is_away(s, actor))
		return false;
	/* What is open of a mediated queue is so only while nobody else has the lock. */
	if (doing.op == Op::revoke && !doing.log.size &&
	    (is_resort(s) || (!is_stuck(s) && !case_.mediated)))
		return false;
	if (doing.life != Life::alive || !has_turn(s, actor))
		return false;
	if (doing.watch != places && s.view(actor, doing.watch) == doing.watched)
		return false;
	switch (doing.pending.act) {
	case Act::none:
		return false;
	case Act::store:
	case Act::store_release:
		return buffer.size < Buffer::max;
	case Act::cas:
	case Act::fence:
	case Act::unlock:
		return !buffer.size;
	case Act::lock:
		if (case_.turns && actor == actor_keeper && s.buffer[actor_receiver].size)
			return false;
		if (actor == actor_reaper && s.buffer[doing.argument].size)
			return false;
		return !buffer.size && !s.lock;
	case Act::fence_receiver:
		return !buffer.size && !s.buffer[actor_receiver].size;
	case Act::sleep:
		return s.woken;
	case Act::take:
		return !buffer.size && !s.buffer[doing.pending.value].size;
	case Act::await:
		return s.told >> actor & 1;
	default:
		/* A sender can be reaped when nothing of it is under way any more. */
		return actor != actor_reaper || !s.buffer[doing.argument].size;
	}
}

/*
 * Whether the pending access is as well made at once: nobody could make or see
 * a difference by coming before it. K is written by who has the lock.
 */
bool World::is_quiet(const State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];

	if (!doing.log.size || !may_step(s, actor))
		return false;
	if (is_scratch(s, actor))
		return true;
	switch (doing.pending.act) {
	case Act::unlock:
	case Act::tell:
	case Act::give:
		return true;
	case Act::load:
		return s.lock == actor + 1 && doing.pending.place > place_head &&
		       doing.pending.place != place_busy;
	default:
		return false;
	}
}

/*
 * Between two sends a death is the same as fewer sends, but that a mediated one has
 * no other time to be reaped; within the kernel it waits.
 */
bool World::may_die(const State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];

	if (doing.life != Life::alive)
		return false;
	if (doing.op == Op::mediated)
		return doing.step && !doing.log.size;
	return (doing.op == Op::send && doing.log.size) || doing.op == Op::await ||
	       (doing.op == Op::renew && !doing.log.size);
}

unsigned World::moves(const State &s, Move *move) const
{
	unsigned count = 0;

	for (uint8_t i = 0; i < actors; i++) {
		if (may_step(s, i))
			move[count++] = { Move::step, i, 0 };
		for (uint8_t j = 0; j < s.buffer[i].size; j++)
			if (s.buffer[i].may_leave(j))
				move[count++] = { Move::flush, i, j };
		if (i >= senders_max || !may_die(s, i))
			continue;
		if (s.crashes)
			move[count++] = { Move::crash, i, 0 };
		if (s.stops)
			move[count++] = { Move::stop, i, 0 };
		if (s.leaves)
			move[count++] = { Move::leave, i, 0 };
	}
	if (!count && is_resort(s) && is_stuck(s))
		move[count++] = { Move::step, actor_keeper, 0 };
	/* A sender may have stopped between its publish and its WAKE. */
	if (!count && (case_.stops || case_.leaves) && is_missed(s))
		move[count++] = { Move::recheck, actor_receiver, 0 };
	return count;
}

const char *World::make(State &s, const Move &move) const
{
	Doing &doing = s.doing[move.actor];

	switch (move.kind) {
	case Move::step:
		return access(s, move.actor);
	case Move::flush: {
		Buffer &buffer = s.buffer[move.actor];

		s.memory[buffer.store[move.entry].place] = buffer.store[move.entry].value;
		buffer.remove(move.entry);
		break;
	}
	case Move::crash:
		s.crashes--;
		begin(s, move.actor, Op::none, 0, {});
		doing.life = Life::dead;
		begin_reaping(s);
		break;
	case Move::stop:
		s.stops--;
		begin(s, move.actor, Op::none, 0, {});
		doing.life = Life::stopped;
		break;
	case Move::recheck:
		s.woken = true;
		break;
	case Move::leave:
		s.leaves--;
		doing.step++;
		begin_send(s, move.actor);
		break;
	}
	notice(s);
	return nullptr;
}
