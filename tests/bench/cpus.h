/* SPDX-License-Identifier: MIT */
/* Which CPU each process of a measurement has. */
#ifndef MSGQ_TESTS_BENCH_CPUS_H
#define MSGQ_TESTS_BENCH_CPUS_H

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <sched.h>
#include <vector>

inline std::vector<int> allowed_cpus()
{
	std::vector<int> cpus;
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus.push_back(cpu);
	return cpus;
}

inline bool pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

/* The first two allowed when none are asked for; says what is wrong with @asked. */
inline bool choose_cpus(std::vector<int> &asked, size_t at_most)
{
	const std::vector<int> allowed = allowed_cpus();

	if (asked.empty())
		asked.assign(allowed.begin(), allowed.begin() + static_cast<long>(std::min(
									at_most, allowed.size())));
	for (int cpu : asked)
		if (std::find(allowed.begin(), allowed.end(), cpu) == allowed.end()) {
			fprintf(stderr, "CPU %d is not one that this process may use\n", cpu);
			return false;
		}
	return true;
}

inline bool share_one_cpu(const std::vector<int> &cpus)
{
	return cpus.size() < 2 || cpus[0] == cpus[1];
}

struct Place {
	std::vector<int> cpus; /* of each process */
	bool yields;	       /* some of them share one */
};

/* The receiver has the first CPU to itself when there are two at all. */
inline Place place(const std::vector<int> &cpus, unsigned processes)
{
	Place result = { { cpus[0] }, processes > cpus.size() || share_one_cpu(cpus) };

	for (unsigned i = 1; i < processes; i++)
		result.cpus.push_back(cpus.size() < 2 ? cpus[0]
						      : cpus[1 + (i - 1) % (cpus.size() - 1)]);
	return result;
}

#endif
