/* SPDX-License-Identifier: MIT */
/* A sender that is run instruction by instruction, and stops where it is to. */
#ifndef MSGQ_TESTS_API_STEPPED_H
#define MSGQ_TESTS_API_STEPPED_H

#include "abi.h"
#include "processes.h"
#include "watching.h"

#include <atomic>
#include <memory>
#include <sys/ptrace.h>

#include "msgq/keeper.h"

namespace api
{

/* How the claims of a queue stand, seen as one of its senders sees it. */
class Claims
{
	Device device;
	msgq_ring ring = {};

public:
	explicit Claims(const msgqipc_addr &addr) : device(Device::greeted())
	{
		msgq_address address;
		msgq_attach attach;
		void *area[MSGQ_AREAS];

		memcpy(&address, &addr, sizeof(address));
		attach = device.attach(address);
		for (int i = 0; i <= MSGQ_AREA_SLOTS; i++)
			area[i] = device.map(attach.area[i], PROT_READ);
		ring = msgq_ring_over(
			area[MSGQ_AREA_KEEPER], area[MSGQ_AREA_CONSUMER], area[MSGQ_AREA_SLOTS],
			static_cast<msgq_keeper_page *>(area[MSGQ_AREA_KEEPER])->capacity);
	}

	uint64_t revokes() const
	{
		return ring.keeper->revokes;
	}

	uint64_t made() const
	{
		return msgq_keeper_boundary(&ring).t;
	}

	/* Is the latest one open? */
	bool open() const
	{
		msgq_pos last = msgq_pos_at(&ring, made() - 1);

		return msgq_word_state(msgq_word_at(&ring, last)) == MSGQ_CLAIMED;
	}
};

/* A process that sends one message, and can be run instruction by instruction. */
class Stepped
{
	struct State {
		std::atomic<int> stage{ 0 };
		std::atomic<int> error{ -1 };
	};
	Shared<State> state;
	std::unique_ptr<Child> child;

public:
	Stepped(const msgqipc_addr &addr, uint32_t number)
	{
		child = std::make_unique<Child>([&, number](Line &) {
			Context own;

			/* What the first one takes more is over by then. */
			EXPECT_SUCC(msgqipc_poke(own, &addr));
			if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
				_exit(3);
			raise(SIGSTOP);
			state->stage = 1;
			state->error = msgqipc_send(own, &addr, &number, sizeof(number))
					       ? msgqipc_get_error()
					       : MSGQIPC_ERR_SUCC;
			state->stage = 2;
		});
	}

	/* False where no process may trace its child. */
	bool traced()
	{
		int status = 0;

		if (waitpid(child->pid(), &status, 0) == child->pid() && WIFSTOPPED(status))
			return true;
		child->ended(status);
		return false;
	}

	bool step()
	{
		int status = 0;

		EXPECT_EQ(ptrace(PTRACE_SINGLESTEP, child->pid(), nullptr, nullptr), 0);
		EXPECT_EQ(waitpid(child->pid(), &status, 0), child->pid());
		EXPECT_TRUE(WIFSTOPPED(status));
		return WIFSTOPPED(status);
	}

	bool sending() const
	{
		return state->stage == 1;
	}

	bool done() const
	{
		return state->stage == 2;
	}

	void until_sending()
	{
		while (!sending() && step())
			;
	}

	void let_go()
	{
		EXPECT_EQ(ptrace(PTRACE_DETACH, child->pid(), nullptr, nullptr), 0);
	}

	/* What send() has told, in the end. */
	int error()
	{
		child->finish();
		return state->error;
	}
};

} // namespace api

#endif
