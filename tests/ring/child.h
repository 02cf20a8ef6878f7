/* SPDX-License-Identifier: MIT */
/* A forked process that runs one function; it dies with its parent. */
#ifndef MSGQ_TESTS_RING_CHILD_H
#define MSGQ_TESTS_RING_CHILD_H

#include <cerrno>
#include <csignal>
#include <new>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <msgq/atomic.h>

class Child
{
public:
	/* @run answers the exit status. */
	template <typename Run>
	explicit Child(Run run)
	{
		const pid_t parent = getpid();

		pid_ = fork();
		if (pid_ < 0)
			throw std::bad_alloc();
		if (pid_)
			return;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		_exit(run());
	}

	Child(Child &&other) noexcept : pid_(std::exchange(other.pid_, -1))
	{
	}

	Child &operator=(Child &&other) noexcept
	{
		std::swap(pid_, other.pid_);
		return *this;
	}

	~Child()
	{
		if (pid_ > 0)
			kill_now();
	}

	/* The exit status; 1000 + the signal when it was killed by one. */
	int wait()
	{
		int status = 0;

		while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
			;
		pid_ = -1;
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
	}

	void kill_now()
	{
		::kill(pid_, SIGKILL);
		wait();
	}

	pid_t pid() const
	{
		return pid_;
	}

private:
	pid_t pid_ = -1;
};

/* More processes than CPUs wait for one another in these tests. */
class Patience
{
public:
	void miss()
	{
		if (++misses_ % 64 == 0)
			sched_yield();
		else
			msgq_pause();
	}

private:
	unsigned misses_ = 0;
};

#endif
