/* SPDX-License-Identifier: MIT */
/* What a process has: of that which leaks. */
#ifndef MSGQ_TEST_USAGE_H
#define MSGQ_TEST_USAGE_H

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

#include <sys/types.h>

struct Usage {
	long kilobytes = 0;
	long descriptors = 0;

	/* Of statm the kernel says itself that it is some pages off. */
	explicit Usage(pid_t pid)
	{
		std::string process = "/proc/" + std::to_string(pid);
		std::ifstream memory(process + "/smaps_rollup");
		std::string word;

		while (memory >> word && word != "Rss:")
			;
		memory >> kilobytes;
		descriptors = std::distance(std::filesystem::directory_iterator(process + "/fd"),
					    std::filesystem::directory_iterator());
	}

	/* A sanitizer keeps what was freed, to know it again. */
	static constexpr bool memory_tells()
	{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
		return false;
#else
		return true;
#endif
	}
};

inline std::ostream &operator<<(std::ostream &out, const Usage &usage)
{
	return out << usage.kilobytes << " kB, " << usage.descriptors << " descriptors";
}

#endif
