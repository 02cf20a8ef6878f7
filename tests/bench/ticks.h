/* SPDX-License-Identifier: MIT */
/* A clock that is read often: the CPU's, where it runs evenly. */
#ifndef MSGQ_TESTS_BENCH_TICKS_H
#define MSGQ_TESTS_BENCH_TICKS_H

#include <cstdint>
#include <fstream>
#include <string>

#include "pair.h"

class Ticks
{
public:
	/* Once, before the first use. */
	static void calibrate()
	{
#if defined(__x86_64__)
		std::ifstream info("/proc/cpuinfo");
		std::string word;

		while (!tsc_ && info >> word)
			tsc_ = word == "nonstop_tsc";
		if (!tsc_)
			return;
		const uint64_t from = now(), begin = now_ns();
		while (now_ns() - begin < 50'000'000)
			;
		const uint64_t ns = now_ns() - begin;
		each_ns_ = static_cast<double>(ns) / static_cast<double>(now() - from);
#endif
	}

	static uint64_t now()
	{
#if defined(__x86_64__)
		if (tsc_)
			return __builtin_ia32_rdtsc();
#endif
		return now_ns();
	}

	static double ns(uint64_t ticks)
	{
		return static_cast<double>(ticks) * each_ns_;
	}

private:
	static inline bool tsc_ = false;
	static inline double each_ns_ = 1;
};

#endif
