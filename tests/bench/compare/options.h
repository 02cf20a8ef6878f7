/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_BENCH_COMPARE_OPTIONS_H
#define MSGQ_TESTS_BENCH_COMPARE_OPTIONS_H

#include <cstdint>
#include <string>
#include <vector>

struct Options {
	std::vector<int> cpus;
	unsigned repeats = 75;
	double seconds = 130;
	uint32_t entries = 1024;
	std::vector<std::string> only;
	bool quick = false;
	std::string csv, latency, markdown;
};

#endif
