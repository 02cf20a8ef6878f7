// SPDX-License-Identifier: MIT
/* The headers with every compiler that is here, and with what can be left out. */
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace
{

std::string run(const std::string &command)
{
	std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen((command + " 2>&1").c_str(), "r"),
						    pclose);
	std::string out;
	char part[4096];

	while (pipe && fgets(part, sizeof(part), pipe.get()))
		out += part;
	return out;
}

const std::string options = " -x c++ -Iinclude -Wall -Wextra -Wshadow -pedantic -Werror ";

class Header : public ::testing::TestWithParam<const char *>
{
protected:
	std::string compiler = GetParam();

	void SetUp() override
	{
		if (run("command -v " + compiler).empty())
			GTEST_SKIP() << "there is no " << compiler;
	}
};

TEST_P(Header, CompilesAloneWithAndWithoutExceptions)
{
	for (const char *standard : { "-std=c++20", "-std=c++2b" })
		for (const char *without : { "", " -fno-exceptions -fno-rtti" })
			EXPECT_EQ(run(compiler + options + standard + without +
				      " -fsyntax-only -include include/msgqipc.hpp /dev/null"),
				  "");
	// And the check does see warnings.
	EXPECT_NE(run(compiler + options +
		      " -std=c++20 -DMSGQIPC_ERR_SUCC=9 -fsyntax-only "
		      "-include include/msgqipc.hpp /dev/null"),
		  "");
}

TEST_P(Header, CompilesInParts)
{
	int parts = 0;

	for (const auto &entry : std::filesystem::directory_iterator("include/msgqipc")) {
		parts++;
		EXPECT_EQ(run(compiler + options + "-std=c++20 -fsyntax-only -include " +
			      entry.path().string() + " /dev/null"),
			  "");
	}
	EXPECT_GE(parts, 4);
}

TEST_P(Header, WarnsOfAResultThatIsThrownAway)
{
	std::string out = run("echo '#include <msgqipc.hpp>\nvoid f(msgqipc::Context &c) { "
			      "c.poke({}); }' | " +
			      compiler + options + "-std=c++20 -fsyntax-only -");

	EXPECT_NE(out.find("nodiscard"), std::string::npos) << out;
}

TEST_P(Header, EndsTheProgramWhereItCannotThrow)
{
	std::string program = testing::TempDir() + "no_value_" + compiler;
	int status;

	ASSERT_EQ(run("echo '#include <msgqipc.hpp>\nint main() { return "
		      "msgqipc::Result<int>(msgqipc::Error::rnr).value(); }' | " +
		      compiler + options + "-std=c++20 -fno-exceptions -fno-rtti -o " + program +
		      " -"),
		  "");
	status = system(("exec 2>/dev/null; " + program).c_str());
	EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGABRT) << status;
	std::filesystem::remove(program);
}

INSTANTIATE_TEST_SUITE_P(With, Header, ::testing::Values("g++", "clang++"),
			 [](const auto &compiler) {
				 return std::string(compiler.param) == "g++" ? "Gcc" : "Clang";
			 });

} // namespace
