// SPDX-License-Identifier: MIT
#include "clock.h"

#include <cinttypes>
#include <cstdio>

int64_t clock_now()
{
	timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	return static_cast<int64_t>(wall.tv_sec) * 1000000000 + wall.tv_nsec;
}

int64_t clock_epoch()
{
	return clock_now() - static_cast<int64_t>(clock_monotonic());
}

std::string print_clock(int64_t ns, int digits)
{
	char text[32], fraction[16];
	time_t seconds = ns / 1000000000;
	tm parts;

	localtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%H:%M:%S", &parts);
	snprintf(fraction, sizeof(fraction), ".%09" PRId64, ns % 1000000000);
	return text + std::string(fraction, digits ? static_cast<size_t>(digits) + 1 : 0);
}

std::string print_timestamp(int64_t ns)
{
	char text[32], fraction[16];
	time_t seconds = ns / 1000000000;
	tm parts;

	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(fraction, sizeof(fraction), ".%09" PRId64 "Z", ns % 1000000000);
	return std::string(text) + fraction;
}
