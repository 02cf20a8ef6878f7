/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <cerrno>

#include <msgq/keeper.h>

#include "kernel.h"
#include "local.h"
#include "replay.h"

namespace
{

/* As the library settles a doubt. */
void settle(const Task &task, Local *local, Result *result)
{
	constexpr uint32_t none = static_cast<uint32_t>(MSGQ_NEVER);
	msgq_sender s = sender_of(*local);
	kernel_answer answer = {};

	answer.claim = local->claim == none ? MSGQ_NEVER : local->claim;
	answer.seen = local->seen;
	if (local->claim != none)
		Replay::act(Act::wake);
	kernel_ask(KERNEL_RENEW, task.sender, task.kernel, &answer);
	if (!answer.error)
		msgq_sender_renew(&s, answer.index, answer.revokes);
	if (local->claim != none && !answer.undone)
		result->outcome = Outcome::sent;
	else
		result->outcome = answer.error ? Outcome::gone : Outcome::again;
	keep(local, s);
}

void send(const Task &task, Result *result)
{
	kernel_answer answer = {};

	answer.message = static_cast<uint8_t>(task.argument);
	kernel_ask(KERNEL_SEND, task.sender, task.kernel, &answer);
	switch (-answer.error) {
	case 0:
		result->outcome = Outcome::sent;
		break;
	case EAGAIN:
		result->outcome = Outcome::full;
		break;
	case ECONNREFUSED:
		result->outcome = Outcome::shut;
		result->reason = queue_inactive;
		break;
	case ENOENT:
		result->outcome = Outcome::shut;
		result->reason = queue_gone;
		break;
	default:
		result->outcome = Outcome::broken;
	}
}

} // namespace

bool request(const Task &task, Local *local, Result *result)
{
	kernel_answer answer = {};

	auto ask = [&](kernel_request what, unsigned sender) {
		kernel_ask(what, sender, task.kernel, &answer);
		result->outcome = answer.error ? Outcome::broken : Outcome::kept;
		return true;
	};

	if (!Memory::uses().requests)
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
		return ask(Memory::uses().turns ? KERNEL_REVOKE : KERNEL_STALLED, 0);
	case Op::mediated:
		send(task, result);
		return true;
	case Op::renew:
		settle(task, local, result);
		return true;
	default:
		return false;
	}
}

void model_lock(void)
{
	Replay::act(Act::lock);
}

void model_unlock(void)
{
	Replay::act(Act::unlock);
}

void model_wake(void)
{
	Replay::act(Act::wake);
}

void model_fence_receiver(void)
{
	Replay::act(Act::fence_receiver);
}

void model_take(unsigned int sender)
{
	Replay::act(Act::take, sender);
}

void model_give(unsigned int sender)
{
	Replay::act(Act::give, sender);
}

void model_tell(unsigned int sender, bool closed)
{
	Replay::access({ Act::tell, places, closed, sender });
}
