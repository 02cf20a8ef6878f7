/* SPDX-License-Identifier: MIT */
/* A sender that stops between its claim and its publish. */
#ifndef MSGQ_TESTS_API_HALTED_H
#define MSGQ_TESTS_API_HALTED_H

#include "fixture.h"
#include "processes.h"

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <memory>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace api
{

/* What the sender does in the middle of its send. */
enum class Halt { STOP, JUMP, THREAD };

/*
 * A process that sends one message, which lies in memory that cannot be read
 * until the signal for that has been dealt with: so that comes when the message
 * is copied, after the claim. It stops there; or leaves the send, and then sends
 * number + 1: by a jump from the same context, or from another thread's when
 * the thread has ended that was to send.
 */
class Halted
{
	struct State {
		std::atomic<int> error{ -1 };
	};
	Shared<State> state;
	std::unique_ptr<Child> child;

	static inline Halt halt;
	static inline sigjmp_buf out;
	static inline std::atomic<bool> gone;
	static inline void *message;

	static void unreadable(int)
	{
		switch (halt) {
		case Halt::STOP:
			raise(SIGSTOP);
			mprotect(message, sizeof(uint32_t), PROT_READ);
			break;
		case Halt::JUMP:
			siglongjmp(out, 1);
		case Halt::THREAD:
			gone = true;
			syscall(SYS_exit, 0);
		}
	}

	static void put(uint32_t number)
	{
		message = mmap(nullptr, sizeof(number), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memcpy(message, &number, sizeof(number));
		mprotect(message, sizeof(number), PROT_NONE);
		signal(SIGSEGV, unreadable);
	}

	static void send_after_all(const msgqipc_addr &addr, uint32_t number)
	{
		Context other;

		while (!gone)
			usleep(1000);
		EXPECT_SUCC(msgqipc_send(other, &addr, &number, sizeof(number)));
		/* The first thread is gone, and with it the usual end. */
		fflush(nullptr);
		_exit(::testing::Test::HasFailure());
	}

	void send(const msgqipc_addr &addr, uint32_t number) const
	{
		Context own;

		put(number);
		if (halt == Halt::THREAD)
			std::thread([=] { send_after_all(addr, number + 1); }).detach();
		if (sigsetjmp(out, 1)) {
			put(number + 1);
			mprotect(message, sizeof(number), PROT_READ);
		}
		state->error = msgqipc_send(own, &addr, message, sizeof(number))
				       ? msgqipc_get_error()
				       : MSGQIPC_ERR_SUCC;
	}

public:
	Halted(const msgqipc_addr &addr, uint32_t number, Halt how = Halt::STOP)
	{
		child = std::make_unique<Child>([=, this](Line &) {
			halt = how;
			send(addr, number);
		});
	}

	pid_t pid() const
	{
		return child->pid();
	}

	/* Until it stops there. */
	void await() const
	{
		int status = 0;

		EXPECT_EQ(waitpid(child->pid(), &status, WUNTRACED), child->pid());
		EXPECT_TRUE(WIFSTOPPED(status));
	}

	void let_go() const
	{
		::kill(child->pid(), SIGCONT);
	}

	/* What send() has told, in the end. */
	int error()
	{
		child->finish();
		return state->error;
	}

	void finish()
	{
		child->finish();
	}

	void kill()
	{
		child->kill_and_wait();
	}
};

} // namespace api

#endif
