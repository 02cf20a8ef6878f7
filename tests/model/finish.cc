/* SPDX-License-Identifier: MIT */
/* World: what must hold when an operation ends, and when nothing can go on. */
#include "world.h"

namespace
{

uint8_t bit(unsigned message)
{
	return static_cast<uint8_t>(1u << (message - 1));
}

} // namespace

const char *World::finish(State &s, unsigned actor, Local local, const Result &result) const
{
	Doing &doing = s.doing[actor];

	if (result.outcome == Outcome::broken)
		return "an honest ring was called broken";
	switch (doing.op) {
	case Op::send:
	case Op::mediated:
		return finish_send(s, actor, local, result);
	case Op::recv:
		return finish_recv(s, local, result);
	case Op::look:
		begin(s, actor_receiver, Op::recv, 0, local);
		return nullptr;
	case Op::arm:
		return finish_arm(s, result);
	case Op::sleep:
		begin(s, actor, Op::arm, 0, doing.local);
		return nullptr;
	case Op::deactivate:
	case Op::close:
	case Op::open:
		s.closed = doing.op != Op::open;
		if (doing.op == Op::close)
			s.reason = queue_gone;
		doing.step++;
		begin_keeping(s);
		return nullptr;
	case Op::cancel:
		return finish_cancel(s, result);
	case Op::unwatch:
		begin(s, actor, Op::reap, doing.argument, {});
		return nullptr;
	case Op::renew:
		return finish_renew(s, actor, local, result);
	case Op::revoke:
		return finish_revoke(s);
	case Op::reap:
		return finish_reap(s, result);
	case Op::listen:
	case Op::await:
	case Op::reached:
		return finish_request(s, actor);
	case Op::none:
		break;
	}
	return nullptr;
}

const char *World::finish_request(State &s, unsigned actor) const
{
	const Doing &doing = s.doing[actor];
	const Op next = doing.op == Op::listen	? Op::await
			: doing.op == Op::await ? case_.sending()
						: Op::recv;

	begin(s, actor, next, doing.argument, doing.local);
	return nullptr;
}

/* What a sender does that was told to come again, or never. */
void World::refused(State &s, unsigned actor, Outcome why, Local local) const
{
	Doing &doing = s.doing[actor];
	const uint8_t message = doing.argument;

	doing.local = local;
	if (case_.listens && !(why == Outcome::shut && s.kernel.state == queue_gone))
		return begin(s, actor, Op::listen, message, local);
	if (why == Outcome::full && case_.insists) {
		begin(s, actor, case_.sending(), message, local);
		return watch(doing, place_head, case_.mediated ? s.kernel.sent_head : local.head);
	}
	s.refused |= bit(message);
	doing.step++;
	begin_send(s, actor);
}

/*
 * A race that is let be: who met INACTIVE, and is slow to read why, may find the
 * reason that a close has written which is not through yet.
 */
bool World::admitted(const State &s, const Result &result) const
{
	const Doing &keeper = s.doing[actor_keeper];

	return result.reason == queue_gone && keeper.op == Op::close && keeper.log.size;
}

const char *World::finish_send(State &s, unsigned actor, Local local, const Result &result) const
{
	Doing &doing = s.doing[actor];
	const uint8_t message = doing.argument;

	if (result.outcome == Outcome::sent) {
		if (doing.was_closed)
			return "a send succeeded after close had returned";
	} else if (result.outcome == Outcome::doubt) {
		begin(s, actor, Op::renew, message, local);
		return nullptr;
	} else {
		if (s.received & bit(message))
			return "a message was received that had been refused";
		if (result.outcome == Outcome::full) {
			if (!doing.saw_full)
				return "FULL though never full and active at once";
			if (doing.was_closed)
				return "FULL though closed: SHUT was the answer";
		} else {
			if (!doing.saw_closed)
				return "SHUT though open all the time";
			if (!(doing.saw_closed >> result.reason & 1) && !admitted(s, result))
				return "SHUT before its reason was in force";
		}
		s.before[message - 1] = 0;
	}

	if (result.outcome != Outcome::sent) {
		refused(s, actor, result.outcome, local);
		return nullptr;
	}
	sent(s, actor, local);
	return nullptr;
}

void World::sent(State &s, unsigned actor, Local local) const
{
	Doing &doing = s.doing[actor];

	s.acked |= bit(doing.argument);
	doing.local = local;
	doing.step++;
	begin_send(s, actor);
}

const char *World::finish_renew(State &s, unsigned actor, Local local, const Result &result) const
{
	const uint8_t message = s.doing[actor].argument;

	if (result.outcome == Outcome::sent) {
		sent(s, actor, local);
	} else if (result.outcome == Outcome::again) {
		begin(s, actor, Op::send, message, local);
	} else {
		if (s.kernel.state != queue_gone)
			return "an attachment was not renewed";
		if (s.received & bit(message))
			return "a message was received that had been refused";
		refused(s, actor, Outcome::shut, local);
	}
	return nullptr;
}

const char *World::finish_revoke(State &s) const
{
	Doing &keeper = s.doing[actor_keeper];

	if (is_stuck(s) && (s.memory[place_head] & 255) == keeper.argument)
		return "a claim was revoked and is still open";
	if (keeper.step < 3)
		keeper.step++;
	begin_keeping(s);
	return nullptr;
}

const char *World::finish_recv(State &s, Local local, const Result &result) const
{
	Doing &doing = s.doing[actor_receiver];
	const uint8_t late = s.late;

	/* Whatever came of it: the next receive begins after the cancel. */
	s.gone |= late;
	s.late = 0;
	if (result.outcome == Outcome::empty) {
		const uint64_t word =
			doing.log.value[doing.log.size - 1 - case_.listens * result.moved];

		if (result.reached) {
			begin(s, actor_receiver, Op::reached, 0, local);
			return nullptr;
		}
		begin(s, actor_receiver, case_.sleeps ? Op::arm : Op::recv, 0, local);
		if (!case_.sleeps)
			watch(doing, place_word + local.index, word);
		return nullptr;
	}

	if (result.body != result.tail)
		return "a message was torn";
	if (!result.body || result.body > messages_max)
		return "a message was received that nobody sent";
	const uint8_t message = bit(result.body);
	if (s.received & message)
		return "a message was received twice";
	if (s.refused & message)
		return "a message was received that had been refused";
	if (s.cancelled & message)
		return "a message was received that had been cancelled";
	if (s.gone & message & ~late)
		return "a message was received after its cancel had returned";
	if (s.before[result.body - 1])
		return "a message overtook one whose send had returned before";
	s.received |= message;
	for (uint8_t &before : s.before)
		before &= static_cast<uint8_t>(~message);
	begin(s, actor_receiver, result.reached ? Op::reached : Op::recv, 0, local);
	return nullptr;
}

const char *World::finish_arm(State &s, const Result &result) const
{
	Doing &doing = s.doing[actor_receiver];
	const uint64_t word = doing.log.value[doing.log.size - 1];
	const Local local = doing.local;

	switch (result.outcome) {
	case Outcome::ready:
		begin(s, actor_receiver, Op::recv, 0, local);
		break;
	case Outcome::kept:
		begin(s, actor_receiver, Op::sleep, 0, local);
		break;
	default:
		/* A swap that failed may have met a message: then the nap just ends. */
		begin(s, actor_receiver, Op::arm, 0, local);
		if (Party::word(word, 0).claimed)
			watch(doing, place_word + local.index, word);
	}
	return nullptr;
}

const char *World::finish_cancel(State &s, const Result &) const
{
	const auto left = static_cast<uint8_t>(s.due & ~s.received & ~s.cancelled);
	Doing &receiver = s.doing[actor_receiver];

	s.due = 0;
	if (receiver.op == Op::recv && receiver.log.size)
		s.late |= left;
	else
		s.gone |= left;
	s.doing[actor_keeper].step++;
	begin_keeping(s);
	return nullptr;
}

const char *World::finish_reap(State &s, const Result &result) const
{
	const uint8_t sender = s.doing[actor_reaper].argument;
	const uint64_t drained = case_.uses().requests ? s.kernel.drained[sender] : result.drained;

	for (unsigned i = 0; i < slots_; i++) {
		const Word word = Party::word(s.memory[place_word + i], i);

		if (word.sender != sender)
			continue;
		if (word.claimed)
			return "a claim of a dead sender is left open";
		/* Laps of slots never used are behind all positions. */
		if (static_cast<int64_t>(word.position) >= static_cast<int64_t>(drained) &&
		    word.position < s.claims)
			return "a row would be reused while a word names it";
	}
	s.doing[sender].life = Life::reaped;
	begin(s, actor_reaper, Op::none, 0, {});
	begin_reaping(s);
	return nullptr;
}

const char *World::judge_end(const State &s) const
{
	for (unsigned i = 0; i < senders_max; i++) {
		/* Closed for now: there may be room one day. */
		if (s.doing[i].op == Op::await && s.closed && s.kernel.state != queue_gone)
			continue;
		if (s.doing[i].op != Op::none)
			return "a sender waits for ever";
	}
	if ((s.doing[actor_keeper].op != Op::none && s.doing[actor_keeper].op != Op::revoke) ||
	    s.doing[actor_reaper].op != Op::none)
		return "the keeper waits for ever";
	if (depth(s))
		return s.doing[actor_receiver].op == Op::sleep
			       ? "the receiver sleeps before a message"
			       : "the receiver is stuck before a message";
	if (s.acked & ~s.received & ~s.cancelled)
		return "a message was lost";
	return nullptr;
}
