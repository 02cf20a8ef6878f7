/* SPDX-License-Identifier: MIT */
/* World: what an access does to a state, and what must hold when it is made. */
#include "world.h"

const char *World::claimed(const State &s, unsigned actor, uint64_t found,
			   const Access &access) const
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
	if (case_.mediated && word.sender != s.kernel.index[actor])
		return "a message was sent in another's name";
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

void World::first(State &s, unsigned actor) const
{
	Doing &doing = s.doing[actor];

	doing.watch = places;
	doing.watched = 0;
	switch (doing.op) {
	case Op::send:
	case Op::mediated:
		doing.saw_full = refuses(s);
		doing.saw_closed = closed_for(s);
		doing.was_closed = s.closed;
		s.before[doing.argument - 1] = s.acked & ~s.received & ~s.cancelled;
		break;
	case Op::cancel:
		s.due = s.acked & published(s) & of_first & ~s.received & ~s.cancelled;
		break;
	case Op::open:
		s.closed = false;
		break;
	case Op::revoke:
		doing.argument = static_cast<uint8_t>(s.memory[place_head]);
		break;
	case Op::listen:
		s.room &= static_cast<uint8_t>(~(1u << actor));
		break;
	default:
		break;
	}
}

const char *World::write(State &s, unsigned actor, const Access &access, uint64_t *read) const
{
	Buffer &buffer = s.buffer[actor];

	if (access.act != Act::cas) {
		if (case_.buffered)
			buffer.store[buffer.size++] = { access.value, access.place,
							access.act == Act::store_release };
		else
			s.memory[access.place] = access.value;
		return nullptr;
	}
	*read = s.memory[access.place];
	if (*read != access.expected)
		return nullptr;
	if (const char *wrong = claimed(s, actor, *read, access))
		return wrong;
	if (Party::word(access.value, 0).claimed)
		s.claims++;
	if (const char *wrong = cancelled(s, access))
		return wrong;
	if (s.doing[actor].op == Op::close || s.doing[actor].op == Op::deactivate)
		s.reason = s.doing[actor].op == Op::close ? queue_gone : queue_inactive;
	s.memory[access.place] = access.value;
	return nullptr;
}

/* What is written to scratch nobody else sees. */
const char *World::scribble(State &s, unsigned actor, const Access &access, uint64_t *read) const
{
	if (access.place >= place_body)
		return nullptr;

	uint64_t &word = s.scratch[actor][access.place - place_word];

	*read = word;
	if (access.act != Act::load && (access.act != Act::cas || word == access.expected))
		word = access.value;
	return nullptr;
}

const char *World::tell(State &s, const Access &access) const
{
	const auto bit = static_cast<uint8_t>(1u << access.value);
	const bool closed = access.expected;

	if (!closed && !(s.room & bit))
		return "told of room that there never was";
	s.told |= bit;
	return nullptr;
}

const char *World::unlock(State &s, unsigned actor) const
{
	Local local = s.doing[actor].local;
	Result result;

	/* Once more, for what it has to leave. */
	Party::next(task(s, actor), &local, &result);
	Party::unlocked(&s.kernel);
	s.lock = 0;
	for (Mapping &mapping : s.mapping)
		if (mapping == Mapping::taken)
			mapping = Mapping::scratch;

	for (unsigned i = 0; i < slots_; i++) {
		const Word word = Party::word(s.memory[place_word + i], i);

		if (word.sender < KERNEL_ROWS && !s.kernel.attached[word.sender] &&
		    word.position < s.claims && word.position >= s.kernel.drained[word.sender] &&
		    word.position >= s.memory[place_head])
			return "a row would be reused while a word names it";
	}
	return nullptr;
}

/* What the act does, and what is read by it. */
const char *World::perform(State &s, unsigned actor, const Access &access, uint64_t *read) const
{
	if (is_scratch(s, actor))
		return scribble(s, actor, access, read);
	switch (access.act) {
	case Act::load:
		*read = s.view(actor, access.place);
		break;
	case Act::store:
	case Act::store_release:
	case Act::cas:
		return write(s, actor, access, read);
	case Act::listen:
		s.woken = false;
		break;
	case Act::wake:
		s.woken = true;
		break;
	case Act::lock:
		s.lock = static_cast<uint8_t>(actor + 1);
		s.doing[actor].kernel = s.kernel;
		s.doing[actor].kernel.due = s.told;
		break;
	case Act::unlock:
		return unlock(s, actor);
	case Act::tell:
		return tell(s, access);
	case Act::take:
		s.mapping[access.value] = access.expected ? Mapping::scratch : Mapping::taken;
		for (uint64_t &word : s.scratch[access.value])
			word = 0;
		break;
	case Act::give:
		s.mapping[access.value] = Mapping::slots;
		for (uint64_t &word : s.scratch[access.value])
			word = 0;
		break;
	case Act::await:
		s.told &= static_cast<uint8_t>(~(1u << actor));
		break;
	default:
		break;
	}
	return nullptr;
}

const char *World::step(State &s, unsigned actor) const
{
	Doing &doing = s.doing[actor];
	const Access access = doing.pending;
	uint64_t read = 0;

	if (!doing.log.size)
		first(s, actor);
	if (const char *wrong = perform(s, actor, access, &read))
		return wrong;

	/* A request of the kernel does more than to mark. */
	const bool marks =
		doing.op == Op::close || doing.op == Op::deactivate || doing.op == Op::open;

	if (marks && access.place == place_head && !case_.uses().requests)
		doing.since = doing.log.size;
	if (doing.log.size == log_max)
		return "an operation does not end";
	doing.log.value[doing.log.size++] = read;
	notice(s);

	Local local = doing.local;
	Result result;
	doing.pending = Party::next(task(s, actor), &local, &result);
	return doing.pending.act == Act::none ? finish(s, actor, local, result) : nullptr;
}

/* Whoever has got the lock may as well go on: it is those that want it who wait. */
const char *World::access(State &s, unsigned actor) const
{
	const bool locks = s.doing[actor].pending.act == Act::lock;
	const char *wrong = step(s, actor);

	if (!wrong && locks && may_step(s, actor) && !is_quiet(s, actor))
		wrong = step(s, actor);
	while (!wrong && is_quiet(s, actor))
		wrong = step(s, actor);
	return wrong;
}
