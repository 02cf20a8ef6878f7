// SPDX-License-Identifier: MIT
#include "json.h"

#include <cstdio>

std::string json_string(const std::string &text)
{
	std::string quoted = "\"";
	char escape[8];

	for (char c : text) {
		if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ') {
			snprintf(escape, sizeof(escape), "\\u%04x", c);
			quoted += escape;
		} else {
			quoted += c;
		}
	}
	return quoted + '"';
}

std::string json_truth(bool truth)
{
	return truth ? "true" : "false";
}

std::string json_object(const Members &members)
{
	std::string text = "{";

	for (size_t i = 0; i < members.size(); i++)
		text += (i ? ", " : " ") + json_string(members[i].first) + ": " + members[i].second;
	return text + " }";
}

std::string json_list(const std::vector<std::string> &items, unsigned depth)
{
	std::string text = "[";

	for (size_t i = 0; i < items.size(); i++)
		text += (i ? ",\n" : "\n") + std::string(depth, '\t') + items[i];
	return items.empty() ? "[]" : text + "\n" + std::string(depth - 1, '\t') + "]";
}

void print_json(const Members &members)
{
	puts("{");
	for (size_t i = 0; i < members.size(); i++)
		printf("\t%s: %s%s\n", json_string(members[i].first).c_str(),
		       members[i].second.c_str(), i + 1 < members.size() ? "," : "");
	puts("}");
}
