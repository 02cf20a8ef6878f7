/* SPDX-License-Identifier: MIT */
/* What the kernel has in use, of the module's own and in all. */
#ifndef MSGQ_TESTS_SOAK_KERNEL_MEMORY_H
#define MSGQ_TESTS_SOAK_KERNEL_MEMORY_H

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "../api/kernel_memory.h"

namespace soak
{

class KernelMemory
{
	std::map<std::string, long> objects; /* of each of the module's caches */
	long kilobytes;			     /* in all */

public:
	/* To be called while no context is open. */
	KernelMemory()
	{
		std::string line, word;

		/* What CPUs keep at hand would count as in use. */
		for (const auto &cache : std::filesystem::directory_iterator("/sys/kernel/slab"))
			if (cache.path().filename().string().rfind("msgq", 0) == 0)
				std::ofstream(cache.path() / "shrink") << 1;
		kilobytes = api::kernel_holds();

		for (std::ifstream slabs("/proc/slabinfo"); std::getline(slabs, line);) {
			std::istringstream words(line);
			long active = 0;

			if (words >> word >> active && word.rfind("msgq", 0) == 0)
				objects[word] = active;
		}
	}

	std::string text() const
	{
		std::string all;

		for (const auto &[name, count] : objects)
			all += name + " " + std::to_string(count) + ", ";
		return all + std::to_string(kilobytes) + " kB in all";
	}

	void expect_flat(const KernelMemory &later) const
	{
		EXPECT_FALSE(objects.empty());
		for (const auto &[name, count] : later.objects)
			EXPECT_EQ(count, 0) << name;
		/* Kernels keep for later what they had need of once, but not ever more. */
		EXPECT_LT(later.kilobytes, kilobytes + 16384);
	}
};

} // namespace soak

#endif
