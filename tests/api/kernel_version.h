/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_API_KERNEL_VERSION_H
#define MSGQ_TESTS_API_KERNEL_VERSION_H

#include <cstdio>
#include <cstdlib>

#include <sys/utsname.h>

namespace api
{

/* Whether the kernel that runs is older than this one. */
inline bool kernel_before(int major, int minor)
{
	utsname name;
	int its_major, its_minor;

	uname(&name);
	if (sscanf(name.release, "%d.%d", &its_major, &its_minor) != 2)
		abort();
	return its_major < major || (its_major == major && its_minor < minor);
}

} // namespace api

#endif
