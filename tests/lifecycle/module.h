/* SPDX-License-Identifier: MIT */
/*
 * The module, loaded and unloaded by the test itself, in a VM that has not
 * loaded it. MSGQ_KO: where it is.
 */
#ifndef MSGQ_TESTS_LIFECYCLE_MODULE_H
#define MSGQ_TESTS_LIFECYCLE_MODULE_H

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../api/processes.h"
#include "../api/watchdog.h"

namespace lifecycle
{

/* Without what only a debugger reads, which is most of it. */
inline std::string stripped()
{
	const char *path = getenv("MSGQ_KO");
	std::string copy = "/tmp/msgq-lifecycle.ko";

	if (!path || system(("strip --strip-debug -o " + copy + " '" + path + "'").c_str()))
		abort();
	return copy;
}

/* 0 or errno. */
inline int load(const char *parameters = "")
{
	static const std::string path = stripped();
	int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	int error = fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

/* 0 or errno: EWOULDBLOCK when it is in use. Does not wait. */
inline int unload()
{
	return syscall(SYS_delete_module, "msgq", O_NONBLOCK) ? errno : 0;
}

/* What ends outside of any process takes a while: rings, namespaces. */
inline int unload_soon()
{
	int error;

	for (int tries = 0; (error = unload()) == EWOULDBLOCK && tries < 2000; tries++)
		usleep(10000);
	return error;
}

/* Its caches are reported by the kernel when they are not empty; and then stay. */
inline std::string left_behind()
{
	std::string left;

	if (!access("/dev/msgq", F_OK))
		left += " /dev/msgq";
	for (const auto &cache : std::filesystem::directory_iterator("/sys/kernel/slab"))
		if (cache.path().filename().string().find("msgq") != std::string::npos)
			left += " " + cache.path().string();
	return left;
}

/* Most of the time of an unload is waiting for grace periods, which can be had sooner. */
class Hurry
{
	static void set(int expedited)
	{
		std::ofstream("/sys/kernel/rcu_expedited") << expedited;
	}

public:
	Hurry()
	{
		set(1);
	}
	~Hurry()
	{
		set(0);
	}

	Hurry(const Hurry &) = delete;
	Hurry &operator=(const Hurry &) = delete;
};

/* Loaded before each test, unloaded after it, with nothing left. */
class Test : public ::testing::Test
{
protected:
	void SetUp() override
	{
		api::watch();
		ASSERT_NE(getenv("MSGQ_KO"), nullptr);
		ASSERT_EQ(load(), 0) << strerror(errno);
	}

	void TearDown() override
	{
		EXPECT_EQ(unload_soon(), 0);
		EXPECT_EQ(left_behind(), "");
		alarm(0);
	}
};

} // namespace lifecycle

#endif
