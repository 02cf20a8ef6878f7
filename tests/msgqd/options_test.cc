// SPDX-License-Identifier: MIT
/* The command line: what is wrong with one, said as by the other programs. */
#include <fcntl.h>

#include "daemon.h"

namespace
{

class Options : public testing::Test
{
protected:
	/* What it says; it is not to run. */
	std::string said(std::vector<const char *> command, int &status)
	{
		const char *build = std::getenv("BUILD");
		std::string program = std::string(build ? build : "build") + "/bin/msgqd";
		char text[1024] = {};
		int ends[2];

		command.insert(command.begin(), "msgqd");
		command.push_back(nullptr);
		EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
		pid_t child = fork();
		if (!child) {
			alarm(10);
			dup2(ends[1], STDERR_FILENO);
			execv(program.c_str(), const_cast<char *const *>(command.data()));
			_exit(127);
		}
		close(ends[1]);
		EXPECT_GT(read(ends[0], text, sizeof(text) - 1), 0);
		close(ends[0]);
		waitpid(child, &status, 0);
		return text;
	}
};

TEST_F(Options, ThatAreWrongSayWhatWouldBeRight)
{
	const struct {
		std::vector<const char *> command;
		const char *says;
	} cases[] = {
		{ { "--user-queues", "-1" },
		  "msgqd: --user-queues: '-1' is not a number from 0 to 4294967295; 0: no "
		  "limit\n" },
		{ { "--user-bytes", "1G" },
		  "msgqd: --user-bytes: '1G' is not a number from 0 on; 0: no limit\n" },
		{ { "--max-entries", "0" },
		  "msgqd: --max-entries: '0' is not a number from 1 to 16777216\n" },
		{ { "--mode", "rw" }, "msgqd: --mode: a mode has 1 to 4 octal digits" },
		{ { "--unknown" }, "msgqd: " },
	};

	for (const auto &wrong : cases) {
		int status = 0;
		std::string text = said(wrong.command, status);

		EXPECT_EQ(text.find(wrong.says), 0u) << text;
		EXPECT_NE(text.find("Try 'msgqd --help'."), std::string::npos) << text;
		EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2) << text;
	}
}

} // namespace
