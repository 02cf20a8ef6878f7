/* SPDX-License-Identifier: MIT */
/* A msgqd for processes that are killed, which is not to grow by it. */
#ifndef MSGQ_TEST_STORM_H
#define MSGQ_TEST_STORM_H

#include <cstdlib>
#include <iostream>
#include <random>

#include "../api/watchdog.h"
#include "served.h"
#include "usage.h"

class Storm : public Served
{
protected:
	std::mt19937_64 random{ 42 };

	unsigned long count(const char *setting, unsigned long otherwise)
	{
		unsigned long kills = api::setting(setting, otherwise);

		alarm(static_cast<unsigned>(60 + kills / 20));
		return kills;
	}

	/* @kill: kills that many. The first ones only fill the daemon's pools. */
	template <typename Kill>
	void storm(unsigned long kills, Kill &&kill)
	{
		kill(kills / 10 + 100);
		Usage before(pid);
		kill(kills);
		Usage after(pid);

		std::cout << "           " << kills << " kills; msgqd had " << before << ", has "
			  << after << '\n';
		EXPECT_EQ(after.descriptors, before.descriptors);
		if (Usage::memory_tells()) {
			EXPECT_LE(after.kilobytes, before.kilobytes + 128);
		}
	}
};

#endif
