/* SPDX-License-Identifier: MIT */
/* What a process is doing, for who has to find out why it does not go on. */
#ifndef MSGQ_TESTS_SOAK_DOING_H
#define MSGQ_TESTS_SOAK_DOING_H

#include <fstream>
#include <sstream>
#include <string>

#include <sys/types.h>

namespace soak
{

/* Its state and times, where it sleeps, the call it is in, and the kernel's stack of that. */
inline std::string doing(pid_t pid)
{
	std::ostringstream all;

	for (const char *each : { "stat", "wchan", "syscall", "stack" })
		all << "  " << each << ": "
		    << std::ifstream("/proc/" + std::to_string(pid) + "/" + each).rdbuf() << '\n';
	return all.str();
}

} // namespace soak

#endif
