/* SPDX-License-Identifier: MIT */
/*
 * A child process that makes one send and is stopped after any chosen number
 * of its instructions, so that a test can visit every instant of a send.
 */
#ifndef MSGQ_TESTS_RING_STEPPER_H
#define MSGQ_TESTS_RING_STEPPER_H

#include <atomic>
#include <csignal>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "arena.h"
#include "child.h"
#include "shared.h"

class Stepper
{
public:
	/* @s is used as a copy of the caller's, as of now. */
	Stepper(msgq_sender s, const void *msg, uint32_t len)
	    : child_([this, s, msg, len]() mutable {
		      if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
			      return 3;
		      raise(SIGSTOP);
		      stage_->at.store(1, std::memory_order_release);
		      stage_->result = send(&s, msg, len);
		      stage_->sender = s;
		      stage_->at.store(2, std::memory_order_release);
		      return 0;
	      })
	{
		int status = 0;

		usable_ = waitpid(child_.pid(), &status, 0) == child_.pid() && WIFSTOPPED(status);
		while (usable_ && stage_->at == 0)
			step();
	}

	/* Whether this system lets a process trace its child at all. */
	bool usable() const
	{
		return usable_;
	}
	bool returned() const
	{
		return stage_->at == 2;
	}
	msgq_send_result result() const
	{
		return stage_->result;
	}
	/* What the child's copy is once it has returned. */
	msgq_sender sender() const
	{
		return stage_->sender;
	}

	void step()
	{
		int status = 0;

		if (ptrace(PTRACE_SINGLESTEP, child_.pid(), nullptr, nullptr) ||
		    waitpid(child_.pid(), &status, 0) != child_.pid() || !WIFSTOPPED(status))
			usable_ = false;
	}

	/* True as long as the send has not returned. */
	bool steps(unsigned count)
	{
		while (count-- && usable_ && !returned())
			step();
		return usable_ && !returned();
	}

	void kill_now()
	{
		child_.kill_now();
	}

	msgq_send_result finish()
	{
		ptrace(PTRACE_CONT, child_.pid(), nullptr, nullptr);
		usable_ = child_.wait() == 0 && returned();
		return stage_->result;
	}

private:
	struct Stage {
		std::atomic<int> at; /* 1: in the send, 2: returned */
		msgq_send_result result;
		msgq_sender sender;
	};

	__attribute__((noinline)) static msgq_send_result send(msgq_sender *s, const void *msg,
							       uint32_t len)
	{
		return msgq_sender_send(s, msg, len);
	}

	Shared<Stage> stage_;
	bool usable_ = false;
	Child child_;
};

#endif
