/* SPDX-License-Identifier: MIT */
/* How much memory the kernel holds for itself. */
#ifndef MSGQ_TESTS_API_KERNEL_MEMORY_H
#define MSGQ_TESTS_API_KERNEL_MEMORY_H

#include <fstream>
#include <map>
#include <string>

#include <unistd.h>

namespace api
{

/*
 * In kB: neither free nor of a program nor of a file. MemAvailable is no measure:
 * free pages that a CPU keeps at hand are not in it, which are megabytes, and
 * khugepaged takes 2 MB wherever it finds a program with a few pages in a row.
 */
inline long kernel_holds()
{
	std::map<std::string, long> memory;
	std::string word;
	long kept = 0, value;

	std::ofstream("/proc/sys/vm/drop_caches") << 3;
	/* Counts that the CPUs have not handed in. */
	std::ofstream("/proc/sys/vm/stat_refresh") << 1;
	for (std::ifstream zones("/proc/zoneinfo"); zones >> word;)
		if (word == "count:" && zones >> value)
			kept += value * (sysconf(_SC_PAGESIZE) / 1024);
	for (std::ifstream file("/proc/meminfo"); file >> word >> value;) {
		memory[word] = value;
		std::getline(file, word);
	}
	return memory["MemTotal:"] - memory["MemFree:"] - kept - memory["AnonPages:"] -
	       memory["Cached:"] - memory["Buffers:"];
}

} // namespace api

#endif
