/* SPDX-License-Identifier: MIT */
/* Waiting for the other side: first awake, then politely, then asleep. */
#ifndef MSGQCTL_PATIENCE_H
#define MSGQCTL_PATIENCE_H

#include <algorithm>
#include <ctime>
#include <sched.h>
#include <unistd.h>

/* With a single CPU the other side runs only while we do not. */
inline bool may_spin()
{
	static const bool several = sysconf(_SC_NPROCESSORS_ONLN) > 1;

	return several;
}

inline void pause_briefly()
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield");
#endif
}

/* Ends early when a signal comes. */
inline void nap(long microseconds)
{
	struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

	nanosleep(&time, nullptr);
}

class Patience
{
public:
	void reset()
	{
		tries_ = 0;
	}

	void wait()
	{
		constexpr unsigned spins = 64, yields = 256;

		tries_++;
		if (tries_ <= spins && may_spin())
			pause_briefly();
		else if (tries_ <= spins + yields)
			sched_yield();
		else
			nap(std::min(50l * (tries_ - spins - yields), 1000l));
	}

private:
	unsigned tries_ = 0;
};

#endif
