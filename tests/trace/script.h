/* SPDX-License-Identifier: MIT */
/* A script of tools/bpftrace, as it runs. */
#ifndef MSGQ_TESTS_TRACE_SCRIPT_H
#define MSGQ_TESTS_TRACE_SCRIPT_H

#include <cerrno>
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

	/* What it has said, ended as a user ends it. */
	std::string end()
	{
		int status = -1;

		kill(pid, SIGINT);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
		pid = -1;
		EXPECT_EQ(status, 0) << name;
		return output();
	}
};

} // namespace trace

#endif
