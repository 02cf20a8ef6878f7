/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <cstdio>

World::World(const Case &c) : case_(c), start_{}
{
	slots_ = Party::init(c.capacity, c.cancels(), start_.memory);
	start_.crashes = c.crashes;
	for (unsigned i = 0; i < actors; i++)
		begin(start_, i, Op::none, 0, Party::attach());
	for (unsigned i = 0; i < senders_max; i++)
		begin_send(start_, i);
	begin(start_, actor_receiver, c.looks ? Op::look : Op::recv, 0, Party::attach());
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
	doing.saw_full = doing.saw_closed = doing.began_closed = false;
	doing.log.size = doing.since = 0;
	Result result;
	doing.pending = Party::next(op, actor, argument, doing.log, &local, &result);
}

/* Messages are numbered from 1, so that none looks like memory never written. */
void World::begin_send(State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];
	const bool more = doing.step < case_.sends[actor];

	begin(s, actor, more ? Op::send : Op::none,
	      more ? static_cast<uint8_t>(actor * sends_max + doing.step + 1) : 0,
	      more ? doing.local : Local{});
}

void World::begin_keeping(State &s) const
{
	const unsigned step = s.doing[actor_keeper].step;

	begin(s, actor_keeper, step < 3 ? case_.keeper[step] : Op::none, 0, {});
}

void World::begin_reaping(State &s) const
{
	if (s.doing[actor_reaper].op != Op::none)
		return;
	for (uint8_t i = 0; i < senders_max; i++)
		if (s.doing[i].life == Life::dead)
			return begin(s, actor_reaper, Op::reap, i, {});
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

/* Tells all sends under way what is true now. */
void World::notice(State &s) const
{
	const bool full = refuses(s), closed = is_closed(s);

	for (unsigned i = 0; i < senders_max; i++) {
		Doing &doing = s.doing[i];

		if (doing.op != Op::send || !doing.log.size)
			continue;
		doing.saw_full |= full;
		doing.saw_closed |= closed;
	}
}

bool World::may_step(const State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];
	const Buffer &buffer = s.buffer[actor];

	if (doing.life != Life::alive)
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
		return !buffer.size;
	case Act::fence_receiver:
		return !buffer.size && !s.buffer[actor_receiver].size;
	case Act::sleep:
		return s.woken;
	default:
		/* A sender can be reaped when nothing of it is under way any more. */
		return actor != actor_reaper || !s.buffer[doing.argument].size;
	}
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
		/* Between two sends a death is the same as fewer sends. */
		if (i < senders_max && s.crashes && s.doing[i].life == Life::alive &&
		    s.doing[i].log.size)
			move[count++] = { Move::crash, i, 0 };
	}
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
	}
	notice(s);
	return nullptr;
}

const char *World::claimed(const State &s, uint64_t found, const Access &access) const
{
	const unsigned index = access.place - place_word;
	const Word word = Party::word(access.value, index);

	if (!word.claimed)
		return nullptr;
	if (word.position != s.claims)
		return "a position was claimed out of order";
	if (depth(s) >= case_.capacity)
		return "a message was let in beyond the capacity";
	if (Party::word(found, index).closed)
		return "a closed word was claimed";
	if (s.closed)
		return "a position was claimed after close had returned";
	return nullptr;
}

/*
 * What a send has published may not be out yet when it returns. Who hears of
 * that return hears of it after those stores, or asks on the same CPU.
 */
uint8_t World::published(const State &s) const
{
	uint8_t messages = 0;

	for (unsigned i = 0; i < slots_; i++)
		if (Party::word(s.memory[place_word + i], i).ready)
			messages |= static_cast<uint8_t>(1u << (s.memory[place_body + i] - 1));
	return messages;
}

/* By who reaps, too; but that is of claims, in which there is no message yet. */
const char *World::cancelled(State &s, const Access &access) const
{
	const unsigned index = access.place - place_word;
	const Word was = Party::word(s.memory[access.place], index);

	if (was.claimed || was.cancelled || !Party::word(access.value, index).cancelled)
		return nullptr;
	const auto message = static_cast<uint8_t>(1u << (s.memory[place_body + index] - 1));
	if (!(message & of_first))
		return "a message of another sender was cancelled";
	if (s.received & message)
		return "a message was cancelled that had been received";
	s.cancelled |= message;
	for (uint8_t &before : s.before)
		before &= static_cast<uint8_t>(~message);
	return nullptr;
}

const char *World::access(State &s, unsigned actor) const
{
	Doing &doing = s.doing[actor];
	const Access access = doing.pending;
	Buffer &buffer = s.buffer[actor];
	uint64_t read = 0;

	if (!doing.log.size) {
		doing.watch = places;
		doing.watched = 0;
		if (doing.op == Op::send) {
			doing.saw_full = refuses(s);
			doing.saw_closed = is_closed(s);
			doing.began_closed = s.closed;
			s.before[doing.argument - 1] = s.acked & ~s.received & ~s.cancelled;
		} else if (doing.op == Op::cancel) {
			s.due = s.acked & published(s) & of_first & ~s.received & ~s.cancelled;
		} else if (doing.op == Op::open) {
			s.closed = false;
		}
	}

	switch (access.act) {
	case Act::load:
		read = s.view(actor, access.place);
		break;
	case Act::store:
	case Act::store_release:
		if (case_.buffered)
			buffer.store[buffer.size++] = { access.value, access.place,
							access.act == Act::store_release };
		else
			s.memory[access.place] = access.value;
		break;
	case Act::cas:
		read = s.memory[access.place];
		if (read != access.expected)
			break;
		if (const char *wrong = claimed(s, read, access))
			return wrong;
		if (Party::word(access.value, 0).claimed)
			s.claims++;
		if (const char *wrong = cancelled(s, access))
			return wrong;
		s.memory[access.place] = access.value;
		break;
	case Act::listen:
		s.woken = false;
		break;
	case Act::wake:
		s.woken = true;
		break;
	default:
		break;
	}

	if ((doing.op == Op::close || doing.op == Op::open) && access.place == place_head)
		doing.since = doing.log.size;
	if (doing.log.size == log_max)
		return "an operation does not end";
	doing.log.value[doing.log.size++] = read;
	notice(s);

	Local local = doing.local;
	Result result;
	doing.pending = Party::next(doing.op, actor, doing.argument, doing.log, &local, &result);
	return doing.pending.act == Act::none ? finish(s, actor, local, result) : nullptr;
}

std::string World::describe(const State &s, const Move &move) const
{
	static const char *const who[] = { "sender 0", "sender 1", "sender 2",
					   "receiver", "keeper",   "reaper" };
	static const char *const op[] = { "",	    " send",  " recv", " look",	  " arm",
					  " sleep", " close", " open", " cancel", " reap" };
	static const char *const act[] = { "",	    "load",	      "store",	"release", "cas",
					   "fence", "fence receiver", "listen", "sleep",   "wake" };
	static const char *const place[] = { "word", "body", "tail" };
	const Doing &doing = s.doing[move.actor];
	std::string line = who[move.actor];
	char hex[64];

	auto name = [&](unsigned p) -> std::string {
		if (p < place_head)
			return " " + std::string(place[p / slots_max]) + " " +
			       std::to_string(p % slots_max);
		static const char *const rest[] = { " head", " state", " reason", " busy",
						    " cancels" };

		return rest[p - place_head];
	};

	if (move.kind == Move::crash)
		return line + " dies";
	if (move.kind == Move::flush)
		return line + ": visible:" + name(s.buffer[move.actor].store[move.entry].place);
	const Access &a = doing.pending;
	line += std::string(op[static_cast<unsigned>(doing.op)]) + ": " +
		act[static_cast<unsigned>(a.act)];
	if (a.place >= places)
		return line;
	line += name(a.place);
	const auto value = static_cast<unsigned long long>(
		a.act == Act::load ? s.view(move.actor, a.place) : a.value);
	snprintf(hex, sizeof(hex), "%s 0x%llx", a.act == Act::load ? ":" : " :=", value);
	line += hex;
	if (a.act == Act::cas && s.memory[a.place] != a.expected)
		line += " fails";
	return line;
}
