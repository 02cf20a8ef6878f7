/* SPDX-License-Identifier: MIT */
/* The kernel's tracing, for the module's events alone. */
#ifndef MSGQ_TESTS_TRACE_TRACEFS_H
#define MSGQ_TESTS_TRACE_TRACEFS_H

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

namespace trace
{

const std::string TRACEFS = "/sys/kernel/tracing/";

/* Mounted already or not. */
inline bool mounted()
{
	return !access((TRACEFS + "trace").c_str(), F_OK) ||
	       !mount("tracefs", TRACEFS.c_str(), "tracefs", 0, nullptr);
}

inline std::vector<std::string> events()
{
	std::vector<std::string> names;

	for (const auto &entry : std::filesystem::directory_iterator(TRACEFS + "events/msgq"))
		if (entry.is_directory())
			names.push_back(entry.path().filename());
	return names;
}

/* What an event's format says of its own fields, in order. */
inline std::vector<std::string> fields(const std::string &event)
{
	std::ifstream format(TRACEFS + "events/msgq/" + event + "/format");
	std::vector<std::string> names;
	std::string line;

	while (std::getline(format, line)) {
		size_t semicolon = line.find(';'), space = line.rfind(' ', semicolon);

		if (line.find("\tfield:") != 0 || line.find(" common_") != std::string::npos)
			continue;
		names.push_back(line.substr(space + 1, semicolon - space - 1));
	}
	return names;
}

struct Event {
	std::string name;
	std::map<std::string, std::string> field;

	const std::string &operator[](const std::string &which) const
	{
		static const std::string none = "(none)";
		auto found = field.find(which);

		return found == field.end() ? none : found->second;
	}
	uint64_t number(const std::string &which) const
	{
		return std::stoull((*this)[which], nullptr, 0);
	}
};

/* Turning an event on waits for grace periods, which can be had sooner. */
inline void hurry()
{
	std::ofstream("/sys/kernel/rcu_expedited") << 1;
}

/* All events of the module from here on. They stay on, since turning them off takes long. */
class Tracing
{
	static void set(const std::string &file, const std::string &value)
	{
		EXPECT_TRUE(std::ofstream(TRACEFS + file) << value << std::flush) << file;
	}

public:
	Tracing()
	{
		std::ifstream file(TRACEFS + "events/msgq/enable");
		std::string enabled;

		hurry();
		if (file >> enabled && enabled != "1")
			set("events/msgq/enable", "1");
		set("trace", "");
	}

	/* Those so far, of one name; and of one value of a field. */
	std::vector<Event> seen(const std::string &name, const std::string &field = "",
				const std::string &value = "") const
	{
		std::ifstream file(TRACEFS + "trace");
		std::vector<Event> all;
		std::string line;

		while (std::getline(file, line)) {
			size_t at = line.find(": " + name + ": ");
			std::string word;
			Event event;

			if (at == std::string::npos)
				continue;
			event.name = name;
			std::istringstream words(line.substr(at + name.size() + 4));
			while (words >> word) {
				size_t equals = word.find('=');

				event.field[word.substr(0, equals)] = word.substr(equals + 1);
			}
			if (field.empty() || event[field] == value)
				all.push_back(event);
		}
		return all;
	}
};

} // namespace trace

#endif
