// SPDX-License-Identifier: MIT
/* The library's probes: each is a nop where its note says, and what its note says is there. */
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <stdint.h>
#include <stdio.h>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <msgqipc.h>

namespace
{

struct Probe {
	std::string name;
	uintptr_t location;
	size_t operands;
};

Dl_info library()
{
	Dl_info info{};

	EXPECT_NE(dladdr(reinterpret_cast<void *>(msgqipc_load), &info), 0);
	return info;
}

size_t words(const std::string &text)
{
	std::istringstream in(text);
	std::string word;
	size_t count = 0;

	while (in >> word)
		count++;
	return count;
}

/* As its notes tell of them. */
std::vector<Probe> probes()
{
	const std::string command = std::string("readelf -nW ") + library().dli_fname;
	std::unique_ptr<FILE, int (*)(FILE *)> pipe(popen(command.c_str(), "r"), pclose);
	std::vector<Probe> all;
	std::smatch match;
	char part[4096];

	while (pipe && fgets(part, sizeof(part), pipe.get())) {
		const std::string line = part;

		if (std::regex_search(line, match, std::regex("Provider: (\\S+)"))) {
			EXPECT_EQ(match[1], "msgqipc");
			all.emplace_back();
		} else if (std::regex_search(line, match, std::regex("Name: (\\S+)"))) {
			all.back().name = match[1];
		} else if (std::regex_search(line, match, std::regex("Location: 0x([0-9a-f]+)"))) {
			all.back().location = std::stoul(match[1], nullptr, 16);
			/* One that had to be enabled first would be a test and a branch, too. */
			EXPECT_NE(line.find("Semaphore: 0x0000000000000000"), std::string::npos);
		} else if (std::regex_search(line, match, std::regex("Arguments: (.*)"))) {
			all.back().operands = words(match[1]);
		}
	}
	return all;
}

TEST(Probes, AreThoseOfThePageWithTheirOperands)
{
	const std::map<std::string, size_t> told = { { "send", 4 },
						     { "recv", 4 },
						     { "refused", 3 } };
	std::map<std::string, size_t> there;

	for (const Probe &probe : probes()) {
		auto known = there.emplace(probe.name, probe.operands).first;
		EXPECT_EQ(known->second, probe.operands) << probe.name;
	}
	EXPECT_EQ(there, told);
}

TEST(Probes, AreOneNopEach)
{
	const auto *base = static_cast<const uint8_t *>(library().dli_fbase);
	size_t seen = 0;

	for (const Probe &probe : probes()) {
		EXPECT_EQ(base[probe.location], 0x90) << probe.name << " at " << probe.location;
		seen++;
	}
	EXPECT_GE(seen, 3u);
}

} // namespace
