/* SPDX-License-Identifier: MIT */
#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "party.h"

namespace
{

/*
 * The memory that the ring's pointers point to. It gives places their
 * addresses; what is in them is the model's, but for the first moments.
 */
struct Area {
	msgq_keeper_page keeper;
	msgq_consumer_page consumer;
	msgq_slot slots[slots_max + 1]; /* with room for the tails at its end */
};

Area area;
msgq_ring ring;
bool cancelling;

template <typename T>
bool within(const volatile void *p, const T *begin, unsigned count)
{
	const uintptr_t at = reinterpret_cast<uintptr_t>(p);
	const uintptr_t from = reinterpret_cast<uintptr_t>(begin);

	return at >= from && at < from + count * sizeof(T);
}

/* places for what is not shared. */
uint8_t place_of(const volatile void *p)
{
	if (within(p, ring.slot, ring.slots)) {
		const uintptr_t offset =
			reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(ring.slot);
		const auto index = static_cast<uint8_t>(offset / sizeof(msgq_slot));

		return (offset % sizeof(msgq_slot) ? place_body : place_word) + index;
	}
	if (within(p, ring.tail, ring.slots)) {
		const uintptr_t offset =
			reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(ring.tail);

		return static_cast<uint8_t>(place_tail + offset / sizeof(uint64_t));
	}
	if (p == &ring.consumer->head)
		return place_head;
	if (p == &ring.keeper->state)
		return place_state;
	if (p == &ring.keeper->reason)
		return place_reason;
	if (cancelling && p == &ring.consumer->busy)
		return place_busy;
	if (cancelling && p == &ring.keeper->cancels)
		return place_cancels;
	return places;
}

void kernel(Act act)
{
	Replay::access({ act, places, 0, 0 });
}

msgq_pos position(const Local &local)
{
	msgq_pos pos = {};

	pos.t = local.t;
	pos.lap = local.lap;
	pos.index = local.index;
	return pos;
}

void keep(Local *local, const msgq_pos &pos)
{
	local->t = static_cast<uint32_t>(pos.t);
	local->lap = static_cast<uint32_t>(pos.lap);
	local->index = pos.index;
}

/* Out of line: the compiler must not see that a payload is one byte, repeated. */
void send(Local *local, Result *result, unsigned index, unsigned message)
{
	uint8_t bytes[MSGQ_MSG_MAX];
	msgq_sender s = {};

	memset(bytes, static_cast<int>(message), sizeof(bytes));
	s.ring = ring;
	s.guess = position(*local);
	s.head = local->head;
	s.index = index;

	switch (msgq_sender_send(&s, bytes, sizeof(bytes))) {
	case MSGQ_SENT_WAKE:
		kernel(Act::wake);
		[[fallthrough]];
	case MSGQ_SENT:
		result->outcome = Outcome::sent;
		break;
	case MSGQ_FULL:
		result->outcome = Outcome::full;
		break;
	case MSGQ_SHUT:
		result->outcome = Outcome::shut;
		result->reason = static_cast<uint8_t>(msgq_load_acquire(&s.ring.keeper->reason));
		break;
	default:
		result->outcome = Outcome::broken;
	}
	keep(local, s.guess);
	local->head = static_cast<uint32_t>(s.head);
}

void recv(Local *local, Result *result, uint64_t size)
{
	uint8_t bytes[MSGQ_MSG_MAX] = {};
	uint32_t len = 0;
	msgq_receiver r = {};

	r.ring = ring;
	r.head = position(*local);
	switch (msgq_receiver_recv(&r, bytes, size, &len)) {
	case MSGQ_GOT:
		result->outcome = len == sizeof(bytes) ? Outcome::got : Outcome::broken;
		break;
	case MSGQ_EMPTY:
		result->outcome = Outcome::empty;
		break;
	case MSGQ_SHORT:
		result->outcome = Outcome::too_long;
		break;
	default:
		result->outcome = Outcome::broken;
	}
	result->body = bytes[0];
	result->tail = bytes[sizeof(bytes) - 1];
	keep(local, r.head);
}

Outcome outcome_of(msgq_keep_result kept)
{
	switch (kept) {
	case MSGQ_KEPT:
		return Outcome::kept;
	case MSGQ_KEEP_READY:
		return Outcome::ready;
	case MSGQ_KEEP_PENDING:
		return Outcome::pending;
	default:
		return Outcome::broken;
	}
}

/* As the kernel waits: the count of wake-ups is read before the word is armed. */
void arm(Result *result)
{
	kernel(Act::listen);
	result->outcome = outcome_of(msgq_keeper_arm(&ring));
}

void reap(Result *result, unsigned index)
{
	const msgq_reaped reaped = msgq_keeper_reap(&ring, index, nullptr);

	/* Nothing that the kernel does afterwards can overtake this. */
	kernel(Act::fence);
	result->outcome = Outcome::kept;
	result->drained = static_cast<uint32_t>(reaped.drained);
	/* WAKE: the claim may have been armed, or its publish left without a wake-up. */
	kernel(Act::wake);
}

bool is_first(const void *, uint32_t sender)
{
	return !sender;
}

/* As the kernel cancels, sender ids being indices. */
void cancel(Result *result)
{
	msgq_keeper_cancel_begin(&ring);
	kernel(Act::fence_receiver);
	result->cancelled = msgq_keeper_cancel(&ring, is_first, nullptr, nullptr);
	kernel(Act::fence);
	result->outcome = Outcome::kept;
	if (result->cancelled)
		kernel(Act::wake);
}

void run(Op op, unsigned sender, unsigned argument, Local *local, Result *result)
{
	switch (op) {
	case Op::send:
		send(local, result, sender, argument);
		break;
	case Op::recv:
		recv(local, result, MSGQ_MSG_MAX);
		break;
	case Op::look:
		recv(local, result, 0);
		break;
	case Op::arm:
		arm(result);
		break;
	case Op::sleep:
		kernel(Act::sleep);
		result->outcome = Outcome::kept;
		break;
	case Op::close:
		result->outcome = outcome_of(msgq_keeper_close(&ring, MSGQ_QUEUE_GONE));
		kernel(Act::fence);
		break;
	case Op::open:
		result->outcome = outcome_of(msgq_keeper_open(&ring));
		kernel(Act::fence);
		break;
	case Op::cancel:
		cancel(result);
		break;
	case Op::reap:
		reap(result, argument);
		break;
	case Op::none:
		break;
	}
}

} // namespace

uint64_t model_access(const volatile void *p, Act act, uint64_t expected, uint64_t value)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		return Replay::access({ act, place, expected, value });

	/* The keeper prepares a ring before anybody shares it. */
	const bool narrow =
		place == place_state || place == place_reason || p == &ring.keeper->magic;
	uint64_t found = narrow ? *static_cast<const volatile uint32_t *>(p)
				: *static_cast<const volatile uint64_t *>(p);
	const bool writes = act == Act::cas ? found == expected : act != Act::load;

	if (writes && narrow)
		*static_cast<volatile uint32_t *>(const_cast<volatile void *>(p)) =
			static_cast<uint32_t>(value);
	else if (writes)
		*static_cast<volatile uint64_t *>(const_cast<volatile void *>(p)) = value;
	return found;
}

/* A payload is one byte, repeated: one access moves it, in the unit of a place. */
void model_copy(void *to, const void *from, size_t bytes)
{
	const uint8_t into = place_of(to), out_of = place_of(from);

	if (into < places)
		Replay::access({ Act::store, into, 0, *static_cast<const uint8_t *>(from) });
	else if (out_of < places)
		memset(to, static_cast<int>(Replay::access({ Act::load, out_of, 0, 0 })), bytes);
	else
		memmove(to, from, bytes);
}

unsigned Party::init(uint32_t capacity, bool cancels, uint64_t *memory)
{
	area = {};
	cancelling = cancels;
	ring = msgq_ring_over(&area.keeper, &area.consumer, area.slots, capacity);
	msgq_keeper_init(&ring, 1, 1, 1);
	msgq_keeper_open(&ring);

	for (unsigned i = 0; i < places; i++)
		memory[i] = 0;
	for (unsigned i = 0; i < ring.slots; i++)
		memory[place_word + i] = ring.slot[i].word;
	memory[place_head] = ring.consumer->head;
	memory[place_state] = ring.keeper->state;
	memory[place_reason] = ring.keeper->reason;
	return ring.slots;
}

Local Party::attach()
{
	msgq_sender s = {};
	Local local = {};

	msgq_sender_init(&s, &ring, 0);
	keep(&local, s.guess);
	local.head = static_cast<uint32_t>(s.head);
	return local;
}

Access Party::next(Op op, unsigned sender, unsigned argument, const Log &log, Local *local,
		   Result *result)
{
	/* Not its own frame's variables: what a longjmp leaves in these is not defined. */
	static Local after;
	static Result told;

	after = *local;
	told = {};
	const Access access = Replay::next(log, [=] { run(op, sender, argument, &after, &told); });

	if (access.act == Act::none) {
		*local = after;
		*result = told;
	}
	return access;
}

Word Party::word(uint64_t word, unsigned index)
{
	return { (msgq_word_lap(word) - 1) * ring.slots + index,
		 static_cast<uint8_t>(msgq_word_sender(word)),
		 msgq_word_state(word) == MSGQ_CLAIMED,
		 (word & MSGQ_WORD_CLOSED) != 0,
		 msgq_word_state(word) == MSGQ_READY,
		 msgq_word_state(word) == MSGQ_CANCELLED };
}

bool Party::is_active(uint64_t state)
{
	return state == MSGQ_QUEUE_ACTIVE;
}
