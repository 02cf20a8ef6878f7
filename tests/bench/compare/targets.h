/* SPDX-License-Identifier: MIT */
/* What is aimed at, and whether it was met. */
#ifndef MSGQ_TESTS_BENCH_COMPARE_TARGETS_H
#define MSGQ_TESTS_BENCH_COMPARE_TARGETS_H

#include <string>
#include <vector>

#include "plan.h"

struct Verdict {
	std::string target, found;
	bool met;
};

std::vector<Verdict> judge(const Plan &plan);

#endif
