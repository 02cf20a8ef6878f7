/* SPDX-License-Identifier: MIT */
/* What standard output is, when a person looks at it. */
#ifndef MSGQCTL_TERMINAL_H
#define MSGQCTL_TERMINAL_H

#include <string>

/* In characters; 0: it is no terminal. */
unsigned terminal_width();

/* Can it show what is not ASCII? By the locale. */
bool terminal_unicode();

enum class Tint { Plain, Heading, Good, Warning, Bad, Dim };

/* As it is where there are to be no colours: no terminal, or NO_COLOR is set. */
std::string tinted(Tint tint, const std::string &text);

/* A bar of @width cells, @part of @whole of which are full; @mark: -1, or one more. */
std::string bar(unsigned width, double part, double mark);

#endif
