/* SPDX-License-Identifier: MIT */
#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "kernel.h"
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
Uses uses;

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
	if (uses.cancels && p == &ring.consumer->busy)
		return place_busy;
	if (uses.cancels && p == &ring.keeper->cancels)
		return place_cancels;
	if (uses.revokes && p == &ring.keeper->revokes)
		return place_revokes;
	if (uses.watches && p == &ring.keeper->wanted)
		return place_wanted;
	return places;
}

void kernel(Act act, unsigned value = 0)
{
	Replay::access({ act, places, 0, value });
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

msgq_sender sender_of(const Local &local)
{
	msgq_sender s = {};

	s.ring = ring;
	s.guess = position(local);
	s.head = local.head;
	s.index = local.sender;
	s.revokes = local.revokes;
	return s;
}

void keep(Local *local, const msgq_sender &s)
{
	keep(local, s.guess);
	local->head = static_cast<uint32_t>(s.head);
	local->sender = s.index;
	local->revokes = static_cast<uint32_t>(s.revokes);
	local->claim = static_cast<uint32_t>(s.claim);
	local->seen = static_cast<uint32_t>(s.seen);
}

/* Out of line: the compiler must not see that a payload is one byte, repeated. */
void send(Local *local, Result *result, unsigned message)
{
	uint8_t bytes[MSGQ_MSG_MAX];
	msgq_sender s = sender_of(*local);

	memset(bytes, static_cast<int>(message), sizeof(bytes));

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
	case MSGQ_DOUBT:
		result->outcome = Outcome::doubt;
		break;
	default:
		result->outcome = Outcome::broken;
	}
	keep(local, s);
}

/* As the library settles a doubt. */
void settle(const Task &task, Local *local, Result *result)
{
	constexpr uint32_t none = static_cast<uint32_t>(MSGQ_NEVER);
	msgq_sender s = sender_of(*local);
	kernel_answer answer = {};

	answer.claim = local->claim == none ? MSGQ_NEVER : local->claim;
	answer.seen = local->seen;
	if (local->claim != none)
		kernel(Act::wake);
	kernel_ask(KERNEL_RENEW, task.sender, task.kernel, &answer);
	if (!answer.error)
		msgq_sender_renew(&s, answer.index, answer.revokes);
	if (local->claim != none && !answer.undone)
		result->outcome = Outcome::sent;
	else
		result->outcome = answer.error ? Outcome::gone : Outcome::again;
	keep(local, s);
}

/* As the library receives: a head that has moved may be wanted. */
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
	result->moved = r.head.t != local->t;
	if (uses.watches && result->moved)
		result->reached = msgq_receiver_reached(&r);
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

/* With the kernel's own sources, where they are taken. */
bool request(const Task &task, Local *local, Result *result)
{
	kernel_answer answer = {};

	auto ask = [&](kernel_request what, unsigned sender) {
		kernel_ask(what, sender, task.kernel, &answer);
		result->outcome = answer.error ? Outcome::broken : Outcome::kept;
		return true;
	};

	if (!uses.requests)
		return false;
	switch (task.op) {
	case Op::open:
		return ask(KERNEL_ACTIVATE, 0);
	case Op::deactivate:
		return ask(KERNEL_DEACTIVATE, 0);
	case Op::close:
		return ask(KERNEL_CLOSE, 0);
	case Op::cancel:
		return ask(KERNEL_CANCEL, 0);
	case Op::unwatch:
		return ask(KERNEL_UNWATCH, task.argument);
	case Op::reap:
		return ask(KERNEL_END, task.argument);
	case Op::listen:
		ask(KERNEL_LISTEN, task.sender);
		/* Refused only when the queue is gone; of that it is told. */
		result->outcome = Outcome::kept;
		return true;
	case Op::reached:
		return ask(KERNEL_REACHED, 0);
	case Op::revoke:
		return ask(uses.turns ? KERNEL_REVOKE : KERNEL_STALLED, 0);
	case Op::renew:
		settle(task, local, result);
		return true;
	default:
		return false;
	}
}

void run(const Task &task, Local *local, Result *result)
{
	if (request(task, local, result))
		return;
	switch (task.op) {
	case Op::send:
		send(local, result, task.argument);
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
	case Op::await:
		kernel(Act::await);
		result->outcome = Outcome::kept;
		break;
	case Op::deactivate:
		result->outcome = outcome_of(msgq_keeper_close(&ring, MSGQ_QUEUE_INACTIVE));
		kernel(Act::fence);
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
		reap(result, task.argument);
		break;
	default:
		break;
	}
}

/* K's state and reason are half as long as everything else. */
bool is_narrow(const volatile void *p)
{
	return p == &ring.keeper->state || p == &ring.keeper->reason || p == &ring.keeper->magic;
}

/* The keeper prepares a ring before anybody shares it; and what is left out is real, too. */
uint64_t real_load(const volatile void *p)
{
	return is_narrow(p) ? *static_cast<const volatile uint32_t *>(p)
			    : *static_cast<const volatile uint64_t *>(p);
}

void real_store(volatile void *p, uint64_t value)
{
	if (is_narrow(p))
		*static_cast<volatile uint32_t *>(p) = static_cast<uint32_t>(value);
	else
		*static_cast<volatile uint64_t *>(p) = value;
}

void store(Act act, volatile void *p, uint64_t value)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		Replay::access({ act, place, 0, value });
	else
		real_store(p, value);
}

} // namespace

uint64_t model_load(const volatile void *p)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		return Replay::access({ Act::load, place, 0, 0 });
	return real_load(p);
}

void model_store(volatile void *p, uint64_t value)
{
	store(Act::store, p, value);
}

void model_store_release(volatile void *p, uint64_t value)
{
	store(Act::store_release, p, value);
}

uint64_t model_cas(volatile void *p, uint64_t expected, uint64_t value)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		return Replay::access({ Act::cas, place, expected, value });

	const uint64_t found = real_load(p);

	if (found == expected)
		real_store(p, value);
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

void model_lock(void)
{
	kernel(Act::lock);
}

void model_unlock(void)
{
	kernel(Act::unlock);
}

void model_wake(void)
{
	kernel(Act::wake);
}

void model_fence_receiver(void)
{
	kernel(Act::fence_receiver);
}

void model_take(unsigned int sender)
{
	kernel(Act::take, sender);
}

void model_give(unsigned int sender)
{
	kernel(Act::give, sender);
}

void model_tell(unsigned int sender, bool closed)
{
	Replay::access({ Act::tell, places, closed, sender });
}

unsigned Party::init(uint32_t capacity, unsigned senders, const Uses &used, uint64_t *memory,
		     kernel_queue *queue)
{
	area = {};
	uses = used;
	ring = msgq_ring_over(&area.keeper, &area.consumer, area.slots, capacity);
	msgq_keeper_init(&ring, 1, 1, 1);
	msgq_keeper_open(&ring);
	for (unsigned i = 0; uses.lapped && i < ring.slots; i++)
		ring.slot[i].word = msgq_word(1, MSGQ_TAKEN, 0, 0);
	if (uses.lapped)
		ring.consumer->head = ring.slots;
	kernel_init(queue, &ring, senders, uses.nrqr, true);

	for (unsigned i = 0; i < places; i++)
		memory[i] = 0;
	for (unsigned i = 0; i < ring.slots; i++)
		memory[place_word + i] = ring.slot[i].word;
	memory[place_head] = ring.consumer->head;
	memory[place_state] = ring.keeper->state;
	memory[place_reason] = ring.keeper->reason;
	memory[place_wanted] = ring.keeper->wanted;
	return ring.slots;
}

Local Party::attach(unsigned sender)
{
	msgq_sender s = {};
	Local local = {};

	msgq_sender_init(&s, &ring, sender);
	keep(&local, s);
	return local;
}

Access Party::next(const Task &task, Local *local, Result *result)
{
	/* Not its own frame's variables: what a longjmp leaves in these is not defined. */
	static Local after;
	static Result told;

	after = *local;
	told = {};
	const Access access = Replay::next(*task.log, [&task] { run(task, &after, &told); });

	if (access.act == Act::none) {
		*local = after;
		*result = told;
	}
	return access;
}

void Party::unlocked(kernel_queue *kernel)
{
	kernel_save(kernel);
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
