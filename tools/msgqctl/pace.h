/* SPDX-License-Identifier: MIT */
/* Keeps to a rate of so many a second. */
#ifndef MSGQCTL_PACE_H
#define MSGQCTL_PACE_H

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "patience.h"

class Pace
{
public:
	/* 0: as fast as it goes */
	explicit Pace(uint64_t per_second)
	    : rate_(per_second), batch_(std::max<uint64_t>(per_second / 1000, 1))
	{
	}

	/* To be called before each; sleeps once a millisecond or less often. */
	void wait()
	{
		if (!rate_ || count_++ % batch_)
			return;

		using namespace std::chrono;
		auto now = steady_clock::now();
		nanoseconds share(1000000000 * batch_ / rate_);

		/* What was missed while there was nothing to send is not made up for. */
		if (count_ == 1 || now - due_ > milliseconds(100))
			due_ = now;
		if (due_ > now)
			nap(duration_cast<microseconds>(due_ - now).count());
		due_ += share;
	}

private:
	uint64_t rate_, batch_, count_ = 0;
	std::chrono::steady_clock::time_point due_;
};

#endif
