/* SPDX-License-Identifier: MIT */
/* A script of tools/bpftrace, as it runs. */
#ifndef MSGQ_TESTS_TRACE_SCRIPT_H
#define MSGQ_TESTS_TRACE_SCRIPT_H

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <msgqipc.h>

namespace trace
{

/* What the test itself has of the library, with its probes. */
inline std::string library()
{
	Dl_info info{};

	EXPECT_NE(dladdr(reinterpret_cast<void *>(msgqipc_load), &info), 0);
	return info.dli_fname;
}

inline bool catches(pid_t pid, int signal)
{
	static const std::string caught = "SigCgt:";
	std::ifstream status("/proc/" + std::to_string(pid) + "/status");
	std::string line;

	while (std::getline(status, line)) {
		if (line.find(caught) == 0) {
			const auto signals = std::stoull(line.substr(caught.size()), nullptr, 16);

			return signals >> (signal - 1) & 1;
		}
	}
	return false;
}

class Script
{
	std::string name, path;
	pid_t pid;

	std::string output() const
	{
		std::ifstream file(path);
		std::stringstream text;

		text << file.rdbuf();
		return text.str();
	}

public:
	/* @file: what it takes, if it takes one. */
	explicit Script(const std::string &which, const std::string &file = "")
	    : name("tools/bpftrace/msgq-" + which + ".bt"), path("/tmp/msgq-" + which + ".out"),
	      pid(fork())
	{
		if (pid)
			return;
		int out = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		execl(name.c_str(), name.c_str(), file.empty() ? nullptr : file.c_str(), nullptr);
		_exit(127);
	}
	~Script()
	{
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, nullptr, 0);
		}
	}

	Script(const Script &) = delete;
	Script &operator=(const Script &) = delete;

	/* It says so when all its probes are there. */
	void await() const
	{
		while (output().find("Tracing ") == std::string::npos) {
			ASSERT_EQ(waitpid(pid, nullptr, WNOHANG), 0) << output();
			usleep(50000);
		}
	}

	/* It has shown once more what it shows every now and then, and counts anew. */
	void await_line() const
	{
		const size_t before = output().size();

		while (output().size() == before)
			usleep(50000);
		usleep(500000);
	}

	/*
	 * What it has said, ended as a user ends it: bpftrace 0.17 overlooks a
	 * SIGINT that does not find it asleep, and wants another. One that comes
	 * when it has let go of the signal would end it before it has said all.
	 */
	std::string end()
	{
		int status = -1;

		for (int i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
			if (i % 20 == 0 && catches(pid, SIGINT))
				kill(pid, SIGINT);
			usleep(100000);
		}
		pid = -1;
		EXPECT_EQ(status, 0) << name;
		return output();
	}
};

} // namespace trace

#endif
