/* SPDX-License-Identifier: MIT */
/* A command line that was not understood. */
#ifndef MSGQ_TOOLS_USAGE_H
#define MSGQ_TOOLS_USAGE_H

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

/* What a program ends with for it; others are for what it could not do. */
constexpr int EXIT_USAGE = 2;

/* Says what is wrong with it, and returns that status. */
inline int usage(const std::string &command, const CLI::ParseError &error)
{
	std::fprintf(stderr, "%s: %s\nTry '%s --help'.\n", command.c_str(), error.what(),
		     command.c_str());
	return EXIT_USAGE;
}

#endif
