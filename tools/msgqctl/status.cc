// SPDX-License-Identifier: MIT
#include "status.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "exit.h"
#include "notation.h"

void write_status(const std::string &path, msgqipc_key key, const Status &status)
{
	/* Never half of one: readers see the old file or the new one. */
	std::string fresh = path + "." + std::to_string(getpid());
	std::ofstream out(fresh);

	out << "key " << print_key(key) << "\naddr " << status.addr << "\nreceived "
	    << status.received << "\nmessages " << status.messages << "\nbytes " << status.bytes
	    << "\nduplicates " << status.duplicates << "\nmissing " << status.missing << "\ndone "
	    << status.done << "\n";
	for (const auto &[number, part] : status.parts) {
		std::string name = "part." + std::to_string(number) + ".";

		out << name << "begin " << part.begin << "\n"
		    << name << "next " << part.next << "\n"
		    << name << "ended " << part.ended << "\n";
	}
	out.close();
	if (!out || rename(fresh.c_str(), path.c_str())) {
		std::string why = strerror(errno);

		unlink(fresh.c_str());
		throw Failure{ Exit::Failed, "cannot write the status to " + path + ": " + why };
	}
}

static void set_part(Status &status, const std::string &name, uint64_t value)
{
	size_t dot = name.find('.', 5);

	if (!name.starts_with("part.") || dot == std::string::npos)
		return;
	Status::Part &part = status.parts[static_cast<uint16_t>(atoi(name.c_str() + 5))];
	std::string what = name.substr(dot + 1);

	if (what == "begin")
		part.begin = value;
	else if (what == "next")
		part.next = value;
	else if (what == "ended")
		part.ended = value;
}

bool read_status(const std::string &path, Status &status)
{
	std::ifstream in(path);
	std::string line;

	status = {};
	if (!in)
		return false;
	while (std::getline(in, line)) {
		std::istringstream words(line);
		std::string name, text;

		words >> name >> text;
		uint64_t value = strtoull(text.c_str(), nullptr, 10);

		if (name == "addr")
			status.addr = text;
		else if (name == "received")
			status.received = value;
		else if (name == "messages")
			status.messages = value;
		else if (name == "bytes")
			status.bytes = value;
		else if (name == "duplicates")
			status.duplicates = value;
		else if (name == "missing")
			status.missing = value;
		else if (name == "done")
			status.done = value;
		else
			set_part(status, name, value);
	}
	return true;
}
