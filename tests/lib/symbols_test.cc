// SPDX-License-Identifier: MIT
/* What the shared library offers and what it needs, against its header. */
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <stdio.h>
#include <string>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <msgqipc.h>

namespace
{

std::string run(const std::string &command)
{
	std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen(command.c_str(), "r"), pclose);
	std::string out;
	char part[4096];

	while (pipe && fgets(part, sizeof(part), pipe.get()))
		out += part;
	return out;
}

std::string library()
{
	Dl_info info;

	return dladdr(reinterpret_cast<void *>(msgqipc_load), &info) ? info.dli_fname : "";
}

/* The functions that the header declares: names at the start of a prototype. */
std::set<std::string> declared()
{
	std::ifstream file("include/msgqipc.h");
	std::stringstream text;
	std::set<std::string> names;
	std::regex prototype("\n(?:int|ssize_t|const char|msgqipc_\\w+) \\*?(msgqipc_\\w+)\\(");

	text << file.rdbuf();
	std::string header = text.str();
	for (std::sregex_iterator match(header.begin(), header.end(), prototype), end; match != end;
	     ++match)
		names.insert((*match)[1]);
	return names;
}

std::set<std::string> exported()
{
	std::istringstream lines(
		run("nm -D --defined-only --without-symbol-versions " + library()));
	std::set<std::string> names;
	std::string address, type, name;

	while (lines >> address >> type >> name) {
		if (type != "A")
			names.insert(name);
	}
	return names;
}

// holds: load.exports
TEST(Symbols, ExportedAreExactlyTheFunctionsOfTheHeader)
{
	EXPECT_GE(declared().size(), 18u);
	EXPECT_EQ(exported(), declared());
}

// holds: load.exports
TEST(Symbols, AllHaveAVersion)
{
	std::istringstream lines(run("nm -D --defined-only " + library()));
	std::string line;
	int seen = 0;

	while (std::getline(lines, line)) {
		if (line.find(" T ") == std::string::npos)
			continue;
		seen++;
		EXPECT_NE(line.find("@@MSGQIPC_"), std::string::npos) << line;
	}
	EXPECT_GE(seen, 18);
}

TEST(Symbols, NothingButLibcIsNeededAtRunTime)
{
	std::istringstream lines(run("readelf -d " + library()));
	std::string line;
	int seen = 0;

	while (std::getline(lines, line)) {
		if (line.find("(NEEDED)") == std::string::npos)
			continue;
		seen++;
		EXPECT_TRUE(line.find("[libc.so.") != std::string::npos ||
			    line.find("[ld-linux") != std::string::npos)
			<< line;
	}
	EXPECT_GE(seen, 1);
}

// holds: load.header
TEST(Header, CompilesAloneAsC99AndAsCxx17WithoutAWarning)
{
	const std::string options = " -Wall -Wextra -pedantic -Werror -fsyntax-only -include "
				    "include/msgqipc.h /dev/null 2>&1";

	EXPECT_EQ(run("gcc -x c -std=c99" + options), "");
	EXPECT_EQ(run("g++ -x c++ -std=c++17" + options), "");
	/* And the check does see warnings. */
	EXPECT_NE(run("gcc -x c -std=c99 -DMSGQIPC_ERR_SUCC=9" + options), "");
}

} // namespace
