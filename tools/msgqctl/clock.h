/* SPDX-License-Identifier: MIT */
/* Times, in nanoseconds since 1970 unless said otherwise, and how they are printed. */
#ifndef MSGQ_TOOLS_CLOCK_H
#define MSGQ_TOOLS_CLOCK_H

#include <cstdint>
#include <ctime>
#include <string>

/* CLOCK_MONOTONIC. */
inline uint64_t clock_monotonic()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return static_cast<uint64_t>(now.tv_sec) * 1000000000 + static_cast<uint64_t>(now.tv_nsec);
}

int64_t clock_now();
/* What is to be added to CLOCK_MONOTONIC, which is what events come with. */
int64_t clock_epoch();

/* For people: the time of the day with @digits of a second. */
std::string print_clock(int64_t ns, int digits);
/* For programs: all of it, in UTC. */
std::string print_timestamp(int64_t ns);

#endif
