// SPDX-License-Identifier: MIT
#include "signals.h"

#include <csignal>
#include <initializer_list>
#include <sys/time.h>

static volatile sig_atomic_t stop;
static volatile sig_atomic_t tick;

static void on_stop(int number)
{
	stop = number;
}

static void on_tick(int)
{
	tick = 1;
}

void catch_signals()
{
	struct sigaction action = {};
	struct itimerval every = {};

	sigemptyset(&action.sa_mask);
	action.sa_handler = on_stop;
	action.sa_flags = static_cast<int>(SA_RESETHAND);
	for (int number : { SIGINT, SIGTERM }) {
		struct sigaction old;

		/* A shell without job control starts what runs behind with SIGINT ignored. */
		if (!sigaction(number, nullptr, &old) && old.sa_handler != SIG_IGN)
			sigaction(number, &action, nullptr);
	}

	action.sa_handler = on_tick;
	action.sa_flags = 0;
	sigaction(SIGALRM, &action, nullptr);
	every.it_interval.tv_usec = 1000000 / ticks_per_second;
	every.it_value = every.it_interval;
	setitimer(ITIMER_REAL, &every, nullptr);

	/* The failed write says the same, and can be answered. */
	signal(SIGPIPE, SIG_IGN);
}

int stop_asked()
{
	return stop;
}

bool ticked()
{
	if (!tick)
		return false;
	tick = 0;
	return true;
}
