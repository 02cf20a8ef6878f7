/* SPDX-License-Identifier: MIT */
/* Times, in nanoseconds since 1970 unless said otherwise, and how they are printed. */
#ifndef MSGQ_TOOLS_CLOCK_H
#define MSGQ_TOOLS_CLOCK_H

#include <cstdint>
#include <string>

int64_t clock_now();
/* What is to be added to CLOCK_MONOTONIC, which is what events come with. */
int64_t clock_epoch();

/* For people: the time of the day with @digits of a second. */
std::string print_clock(int64_t ns, int digits);
/* For programs: all of it, in UTC. */
std::string print_timestamp(int64_t ns);

#endif
