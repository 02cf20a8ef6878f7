// SPDX-License-Identifier: MIT
/* The events and their fields are those of msgq(4). */
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tracefs.h"

namespace
{

using Formats = std::map<std::string, std::vector<std::string>>;

/* ".It Cm msgq_event Fa field field ..." */
Formats told()
{
	std::ifstream page("man/msgq.4");
	Formats formats;
	std::string line;

	while (std::getline(page, line)) {
		std::istringstream words(line);
		std::string it, cm, name, fa, field;

		if (!(words >> it >> cm >> name >> fa) || it != ".It" || cm != "Cm" || fa != "Fa")
			continue;
		while (words >> field)
			formats[name].push_back(field);
	}
	return formats;
}

Formats there()
{
	Formats formats;

	for (const std::string &name : trace::events())
		formats[name] = trace::fields(name);
	return formats;
}

TEST(Formats, AreThoseOfThePage)
{
	ASSERT_TRUE(trace::mounted());
	EXPECT_GE(there().size(), 17u);
	EXPECT_EQ(there(), told());
}

/* What tools that look at all events alike may rely on. */
TEST(Formats, OfQueuesBeginWithIdAndKey)
{
	size_t seen = 0;

	ASSERT_TRUE(trace::mounted());
	for (const auto &[name, fields] : there()) {
		if (std::find(fields.begin(), fields.end(), "id") == fields.end())
			continue;
		seen++;
		EXPECT_EQ(fields[0], "id") << name;
		EXPECT_EQ(fields[1], "key") << name;
	}
	EXPECT_GE(seen, 15u);
}

} // namespace
