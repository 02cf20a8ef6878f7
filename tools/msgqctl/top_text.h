/* SPDX-License-Identifier: MIT */
/* Numbers and bars as top prints them. */
#ifndef MSGQCTL_TOP_TEXT_H
#define MSGQCTL_TOP_TEXT_H

#include <cstdint>
#include <string>

/* At most five characters: 0, 12, 999, 1.2k, 34k, 5.6M */
std::string print_rate(double rate);
/* The same of a time: 850us, 1.2ms, 12s */
std::string print_time(double seconds);

/* @part of @whole, as a bar of @width columns. */
std::string print_bar(double part, double whole, size_t width, bool utf8);

/* Columns that a text takes: of UTF-8, its characters. */
size_t text_width(const std::string &text);
/* Cut or filled with spaces to @width columns; @right: from the left. */
std::string fit(const std::string &text, size_t width, bool right = false);

#endif
