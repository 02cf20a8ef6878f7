/* SPDX-License-Identifier: MIT */
/*
 * Processes that the kernel kills at an instant that nobody chose: a timer of
 * their own sends SIGKILL, wherever they are by then.
 */
#ifndef MSGQ_TEST_VICTIM_H
#define MSGQ_TEST_VICTIM_H

#include <cmath>
#include <csignal>
#include <ctime>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include "../api/processes.h"

namespace victim
{

/*
 * From 2^16 nanoseconds, of which the connect takes longer, to 2^@most; each
 * magnitude is as likely as the others.
 */
inline long lifetime(std::mt19937_64 &random, double most)
{
	std::uniform_real_distribution<double> magnitude(16, most);

	return static_cast<long>(std::exp2(magnitude(random)));
}

inline void die_in(long nanoseconds)
{
	sigevent event{};
	itimerspec when{};
	timer_t timer;

	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGKILL;
	when.it_value.tv_nsec = nanoseconds;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &when, nullptr))
		_exit(2);
}

/* One that is to end by itself. */
template <typename Body>
pid_t bystander(Body &&body)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child)
		return child;
	api::Child::follow(parent);
	body();
	_exit(testing::Test::HasFailure());
}

/* @body goes on for as long as it lives; returning from it is a failure. */
template <typename Body>
pid_t start(long nanoseconds, Body &&body)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child)
		return child;
	api::Child::follow(parent);
	die_in(nanoseconds);
	body();
	_exit(1);
}

inline bool died_of_it(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

} // namespace victim

#endif
