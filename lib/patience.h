/* SPDX-License-Identifier: MIT */
/*
 * How long a receiver looks for a message before it sleeps. To fall asleep
 * and be woken takes two system calls and two switches. A sender that runs
 * and is about to publish is worth waiting for, even one that has to be woken
 * first itself: otherwise two that answer each other put each other to sleep
 * for ever. One that does not come, or waits for this very CPU, is not: a
 * receiver that looked in vain sleeps at once the next times, twice as many
 * times as before.
 */
#ifndef MSGQ_LIB_PATIENCE_H
#define MSGQ_LIB_PATIENCE_H

#include <stdint.h>

#include "clock.h"

namespace msgq
{

class Patience
{
public:
	void begin()
	{
		looks_ = 0;
	}

	/* After a look in vain: is another one worth it? */
	bool lasts()
	{
		if (sleeps_)
			return false;
		if (++looks_ % CLOCK)
			return true;
		if (looks_ == CLOCK)
			began_ns_ = clock_ns();
		return clock_ns() - began_ns_ < LONG_NS;
	}

	void rewarded()
	{
		vain_ = sleeps_ = 0;
	}

	void disappointed()
	{
		if (sleeps_) {
			sleeps_--;
			return;
		}
		if (vain_ < 8)
			vain_++;
		sleeps_ = (1u << vain_) - 1;
	}

private:
	static constexpr uint32_t CLOCK = 32; /* looks for each look at the clock */
	static constexpr int64_t LONG_NS = 50'000;

	int64_t began_ns_;
	uint32_t looks_;
	uint32_t vain_;	  /* long looks in vain, one after the other */
	uint32_t sleeps_; /* to come without looking first */
};

} // namespace msgq

#endif
