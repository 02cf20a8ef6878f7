/* SPDX-License-Identifier: MIT */
/* Times to wait, and when they are over, by a clock that nobody sets. */
#ifndef MSGQ_LIB_CLOCK_H
#define MSGQ_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

namespace msgq
{

inline int64_t clock_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

/*
 * As of the last tick, some milliseconds ago: the one that can be read anywhere
 * without a system call.
 */
inline int64_t clock_tick_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

/* When @timeout_ns from now is; negative, or too long to count: never. */
inline int64_t deadline(int64_t timeout_ns)
{
	int64_t at;

	if (timeout_ns < 0 || __builtin_add_overflow(clock_ns(), timeout_ns, &at))
		return INT64_MAX;
	return at;
}

/* Nanoseconds left, 0 when there are none. */
inline int64_t remaining(int64_t deadline_ns)
{
	int64_t left = deadline_ns - clock_ns();

	return left > 0 ? left : 0;
}

} // namespace msgq

#endif
