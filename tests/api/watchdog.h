/* SPDX-License-Identifier: MIT */
/*
 * A test that hangs says its name and takes the process down, instead of
 * whoever runs it guessing. MSGQ_TEST_WATCHDOG: seconds a test may take.
 */
#ifndef MSGQ_TESTS_API_WATCHDOG_H
#define MSGQ_TESTS_API_WATCHDOG_H

#include <cstdlib>

#include <unistd.h>

namespace api
{

inline unsigned long setting(const char *name, unsigned long otherwise)
{
	const char *value = std::getenv(name);

	return value && *value ? std::strtoul(value, nullptr, 0) : otherwise;
}

/* alarm() is not inherited by fork: each process of a test starts its own. */
inline void watch(unsigned times = 1)
{
	alarm(static_cast<unsigned>(setting("MSGQ_TEST_WATCHDOG", 120)) * times);
}

} // namespace api

#endif
