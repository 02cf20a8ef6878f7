/* SPDX-License-Identifier: MIT */
/* msgqctl as a child, its output in files, and what jq finds there. */
#ifndef MSGQ_TESTS_TOP_COMMAND_H
#define MSGQ_TESTS_TOP_COMMAND_H

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../api/kernel_version.h"

namespace top
{

class Command
{
	std::string directory;
	pid_t pid = -1;

public:
	explicit Command(std::vector<std::string> arguments)
	{
		const char *build = getenv("BUILD");
		std::string program = std::string(build ? build : "build") + "/bin/msgqctl";
		char made[] = "/tmp/msgq-top-XXXXXX";
		std::vector<char *> argv = { program.data() };

		directory = mkdtemp(made);
		for (std::string &argument : arguments)
			argv.push_back(argument.data());
		argv.push_back(nullptr);
		pid = fork();
		if (pid)
			return;
		redirect(STDOUT_FILENO, out());
		redirect(STDERR_FILENO, err());
		execv(program.c_str(), argv.data());
		_exit(127);
	}
	~Command()
	{
		if (pid > 0)
			end(SIGKILL);
		[[maybe_unused]] int ignored = system(("rm -r " + directory).c_str());
	}
	Command(const Command &) = delete;
	Command &operator=(const Command &) = delete;

	std::string out() const
	{
		return directory + "/out";
	}
	std::string err() const
	{
		return directory + "/err";
	}
	std::string said() const
	{
		return read(out()) + read(err());
	}

	/* False: it ended, or has not said that for a minute. */
	bool says(const std::string &file, const std::string &text) const
	{
		for (int tries = 0; tries < 1200; tries++) {
			if (read(file).find(text) != std::string::npos)
				return true;
			usleep(50000);
		}
		return false;
	}

	/* So that it does not read, and does again. */
	void hold(bool held) const
	{
		kill(pid, held ? SIGSTOP : SIGCONT);
	}

	/* Its wait status. */
	int end(int signal = 0)
	{
		int status = -1;

		if (signal)
			kill(pid, signal);
		waitpid(pid, &status, 0);
		pid = -1;
		return status;
	}

	/* What jq -s makes of all that was printed, as one line. */
	std::string jq(const std::string &program) const
	{
		std::string result, command = "jq -sc '" + program + "' " + out() + " 2>&1";
		FILE *pipe = popen(command.c_str(), "r");
		char part[256];

		while (pipe && fgets(part, sizeof(part), pipe))
			result += part;
		if (pipe)
			pclose(pipe);
		result.erase(result.find_last_not_of('\n') + 1);
		return result;
	}

private:
	static std::string read(const std::string &path)
	{
		std::ifstream file(path);

		return { std::istreambuf_iterator<char>(file), {} };
	}
	static void redirect(int descriptor, const std::string &path)
	{
		dup2(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), descriptor);
	}
};

/* For tests that need more of the kernel than what msgqctl says without it. */
class Traced : public ::testing::Test
{
protected:
	void SetUp() override
	{
		if (access("/sys/kernel/btf/vmlinux", F_OK))
			GTEST_SKIP() << "this kernel was built without CONFIG_DEBUG_INFO_BTF";
	}
};

/* For those that need to know which event, or whose probe, it is. */
class Told : public Traced
{
protected:
	void SetUp() override
	{
		Traced::SetUp();
		if (!IsSkipped() && api::kernel_before(5, 15))
			GTEST_SKIP()
				<< "before Linux 5.15 no program is told what it is attached to";
	}
};

} // namespace top

#endif
