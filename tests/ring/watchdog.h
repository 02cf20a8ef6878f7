/* SPDX-License-Identifier: MIT */
/* Turns a test that hangs into one that fails and says which. */
#ifndef MSGQ_TESTS_RING_WATCHDOG_H
#define MSGQ_TESTS_RING_WATCHDOG_H

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

class Watchdog
{
public:
	explicit Watchdog(const char *what, unsigned seconds = 60)
	{
		snprintf(text(), 200, "watchdog: %s still not done\n", what);
		std::signal(SIGALRM, bark);
		alarm(seconds);
	}

	~Watchdog()
	{
		alarm(0);
		std::signal(SIGALRM, SIG_DFL);
	}

	Watchdog(const Watchdog &) = delete;
	Watchdog &operator=(const Watchdog &) = delete;

private:
	static char *text()
	{
		static char buffer[200];

		return buffer;
	}

	static void bark(int)
	{
		ssize_t ignored = write(STDERR_FILENO, text(), strlen(text()));

		static_cast<void>(ignored);
		abort();
	}
};

#endif
