/* SPDX-License-Identifier: MIT */
#include "party.h"

#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "kernel.h"
#include "local.h"
#include "memory.h"
#include "request.h"

namespace
{

/* Out of line: the compiler must not see that a payload is one byte, repeated. */
void send(Local *local, Result *result, unsigned message)
{
	uint8_t bytes[MSGQ_MSG_MAX];
	msgq_sender s = sender_of(*local);

	memset(bytes, static_cast<int>(message), sizeof(bytes));

	switch (msgq_sender_send(&s, bytes, sizeof(bytes))) {
	case MSGQ_SENT_WAKE:
		Replay::act(Act::wake);
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

/* As the library receives: a head that has moved may be wanted. */
void recv(Local *local, Result *result, uint64_t size)
{
	uint8_t bytes[MSGQ_MSG_MAX] = {};
	uint32_t len = 0;
	msgq_receiver r = {};

	r.ring = Memory::ring();
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
	if (Memory::uses().watches && result->moved)
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
	Replay::act(Act::listen);
	result->outcome = outcome_of(msgq_keeper_arm(&Memory::ring()));
}

void reap(Result *result, unsigned index)
{
	const msgq_reaped reaped = msgq_keeper_reap(&Memory::ring(), index, nullptr);

	/* Nothing that the kernel does afterwards can overtake this. */
	Replay::act(Act::fence);
	result->outcome = Outcome::kept;
	result->drained = static_cast<uint32_t>(reaped.drained);
	/* WAKE: the claim may have been armed, or its publish left without a wake-up. */
	Replay::act(Act::wake);
}

bool is_first(const void *, uint32_t sender)
{
	return !sender;
}

/* As the kernel cancels, sender ids being indices. */
void cancel(Result *result)
{
	msgq_keeper_cancel_begin(&Memory::ring());
	Replay::act(Act::fence_receiver);
	result->cancelled = msgq_keeper_cancel(&Memory::ring(), is_first, nullptr, nullptr);
	Replay::act(Act::fence);
	result->outcome = Outcome::kept;
	if (result->cancelled)
		Replay::act(Act::wake);
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
		Replay::act(Act::sleep);
		result->outcome = Outcome::kept;
		break;
	case Op::await:
		Replay::act(Act::await);
		result->outcome = Outcome::kept;
		break;
	case Op::deactivate:
		result->outcome =
			outcome_of(msgq_keeper_close(&Memory::ring(), MSGQ_QUEUE_INACTIVE));
		Replay::act(Act::fence);
		break;
	case Op::close:
		result->outcome = outcome_of(msgq_keeper_close(&Memory::ring(), MSGQ_QUEUE_GONE));
		Replay::act(Act::fence);
		break;
	case Op::open:
		result->outcome = outcome_of(msgq_keeper_open(&Memory::ring()));
		Replay::act(Act::fence);
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

} // namespace

unsigned Party::init(uint32_t capacity, unsigned senders, const Uses &uses, uint64_t *memory,
		     kernel_queue *queue)
{
	Memory::init(capacity, uses);
	Memory::read(memory);
	kernel_init(queue, &Memory::ring(), senders, uses.nrqr, uses.mediated);
	return Memory::ring().slots;
}

Local Party::attach(unsigned sender)
{
	msgq_sender s = {};
	Local local = {};

	msgq_sender_init(&s, &Memory::ring(), sender);
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
	return { (msgq_word_lap(word) - 1) * Memory::ring().slots + index,
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
