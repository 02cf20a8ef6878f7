/* SPDX-License-Identifier: MIT */
/* Values of JSON, as text. What commands print is described by schema.json. */
#ifndef MSGQCTL_JSON_H
#define MSGQCTL_JSON_H

#include <string>
#include <utility>
#include <vector>

using Members = std::vector<std::pair<std::string, std::string>>;

std::string json_string(const std::string &text);
std::string json_truth(bool truth);
/* On one line; the values are JSON already. */
std::string json_object(const Members &members);
/* One item on a line, each @depth tabs in. */
std::string json_list(const std::vector<std::string> &items, unsigned depth);
/* A whole document: one member on a line. */
void print_json(const Members &members);

#endif
