/* SPDX-License-Identifier: MIT */
/* A control group of the test's own, of version 2, with the memory controller. */
#ifndef MSGQ_TESTS_API_CGROUP_H
#define MSGQ_TESTS_API_CGROUP_H

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace api
{

class Cgroup
{
	static constexpr const char *ROOT = "/sys/fs/cgroup";
	std::string path;

public:
	explicit Cgroup(const std::string &name)
	    : path(std::string(ROOT) + "/msgq-test-" + std::to_string(getpid()) + "-" + name)
	{
		std::ofstream(std::string(ROOT) + "/cgroup.subtree_control") << "+memory";
		EXPECT_EQ(mkdir(path.c_str(), 0755), 0) << path;
		EXPECT_EQ(access((path + "/memory.max").c_str(), F_OK), 0)
			<< "there is no memory controller";
	}

	/* Of the last process the kernel lets go a moment after its end. */
	~Cgroup()
	{
		for (int tries = 0; tries < 250 && rmdir(path.c_str()) && errno == EBUSY; tries++)
			usleep(20000);
		EXPECT_NE(access(path.c_str(), F_OK), 0) << path;
	}

	Cgroup(const Cgroup &) = delete;
	Cgroup &operator=(const Cgroup &) = delete;

	void set(const std::string &file, const std::string &value) const
	{
		EXPECT_TRUE(std::ofstream(path + "/" + file) << value << std::flush) << file;
	}

	/* The calling process is in it from now on. */
	void enter() const
	{
		set("cgroup.procs", "0");
	}

	uint64_t memory() const
	{
		uint64_t bytes = 0;

		std::ifstream(path + "/memory.current") >> bytes;
		return bytes;
	}

	/* What the processes in it may have more than they have now. */
	void leave_room(uint64_t bytes) const
	{
		set("memory.max", std::to_string(memory() + bytes));
	}

	/* How often it came to @event: max, oom, oom_kill. */
	uint64_t events(const std::string &event) const
	{
		std::ifstream file(path + "/memory.events");
		std::string name;
		uint64_t count;

		while (file >> name >> count) {
			if (name == event)
				return count;
		}
		ADD_FAILURE() << "no " << event << " in memory.events";
		return 0;
	}
};

} // namespace api

#endif
