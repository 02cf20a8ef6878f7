// SPDX-License-Identifier: MIT
#include "trace_formats.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace
{

const char *const mounts[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
const char prefix[] = "msgq_";

/* "field:u32 id;	offset:8;	size:4;	signed:0;" */
bool parse_field(const std::string &line, Field &field)
{
	int is_signed = 0;
	char declaration[128];

	if (sscanf(line.c_str(), " field:%127[^;]; offset:%u; size:%u; signed:%d;", declaration,
		   &field.offset, &field.size, &is_signed) != 4)
		return false;
	std::string text = declaration;

	field.name = text.substr(text.find_last_of(' ') + 1);
	field.is_signed = is_signed;
	return true;
}

bool read_tracepoint(const std::string &directory, Tracepoint &tracepoint)
{
	std::ifstream file(directory + "/" + prefix + tracepoint.name + "/format");
	std::string line;
	Field field;

	while (std::getline(file, line)) {
		if (!parse_field(line, field))
			continue;
		tracepoint.length = std::max(tracepoint.length, field.offset + field.size);
		if (!field.name.starts_with("common_"))
			tracepoint.fields.push_back(field);
	}
	return !tracepoint.fields.empty();
}

} // namespace

const Field *Tracepoint::find(const std::string &wanted) const
{
	for (const Field &field : fields)
		if (field.name == wanted)
			return &field;
	return nullptr;
}

const Tracepoint *Formats::find(const std::string &wanted) const
{
	for (const Tracepoint &tracepoint : tracepoints)
		if (tracepoint.name == wanted)
			return &tracepoint;
	return nullptr;
}

Formats read_formats()
{
	Formats formats;
	bool mounted = false, forbidden = false;

	for (const char *mount : mounts) {
		std::string directory = std::string(mount) + "/events/msgq";
		DIR *open = opendir(directory.c_str());

		if (!open) {
			forbidden |= errno == EACCES || errno == EPERM;
			mounted |= !access((std::string(mount) + "/events").c_str(), F_OK);
			continue;
		}
		while (const dirent *entry = readdir(open)) {
			std::string name = entry->d_name;
			Tracepoint tracepoint;

			if (!name.starts_with(prefix))
				continue;
			tracepoint.name = name.substr(strlen(prefix));
			if (read_tracepoint(directory, tracepoint))
				formats.tracepoints.push_back(tracepoint);
		}
		closedir(open);
		break;
	}
	std::sort(formats.tracepoints.begin(), formats.tracepoints.end(),
		  [](const Tracepoint &a, const Tracepoint &b) { return a.name < b.name; });
	if (formats.tracepoints.empty())
		formats.why = forbidden ? "tracefs may not be read: be root"
			      : mounted ? "no module msgq with tracepoints is loaded"
					: "tracefs is not mounted: mount -t tracefs tracefs "
					  "/sys/kernel/tracing";
	return formats;
}

uint64_t read_field(const unsigned char *record, const Field &field)
{
	uint64_t value = 0;
	unsigned int unused = 8 * static_cast<unsigned int>(sizeof(value) - field.size);

	if (!field.size || field.size > sizeof(value))
		return 0;
	memcpy(&value, record + field.offset, field.size);
	/* Little-endian, as all of a queue is; a sign is spread over the rest. */
	if (field.is_signed && unused)
		value = static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
	return value;
}
