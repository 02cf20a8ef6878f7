// SPDX-License-Identifier: MIT
#include "watchdog.h"

#include <csignal>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace
{

// A signal handler may look at nothing that is being written.
char hung[512];

void bark(int)
{
	[[maybe_unused]] ssize_t ignored = write(STDERR_FILENO, hung, strlen(hung));

	std::abort();
}

class Watchdog : public ::testing::EmptyTestEventListener
{
	void OnTestStart(const ::testing::TestInfo &test) override
	{
		std::string text = std::string("watchdog: ") + test.test_suite_name() + "." +
				   test.name() + " has not ended in time\n";

		strncpy(hung, text.c_str(), sizeof(hung) - 1);
		signal(SIGALRM, bark);
		api::watch();
	}

	void OnTestEnd(const ::testing::TestInfo &) override
	{
		alarm(0);
	}
};

} // namespace

int main(int argc, char **argv)
{
	::testing::InitGoogleTest(&argc, argv);
	::testing::UnitTest::GetInstance()->listeners().Append(new Watchdog);
	return RUN_ALL_TESTS();
}
