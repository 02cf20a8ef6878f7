/* SPDX-License-Identifier: MIT */
#ifndef MSGQCTL_EXIT_H
#define MSGQCTL_EXIT_H

#include <string>

#include "../usage.h"

enum class Exit {
	Done = 0,
	Failed = 1,
	Usage = EXIT_USAGE,
	NoQueue = 3,
	Taken = 4,
	Denied = 5,
	NoModule = 6,
	Full = 7,
	Signal = 128, /* plus the number of the signal */
};

/* Ends the command: main() prints the text and exits with the status. */
struct Failure {
	Exit status;
	std::string text;
	int signal = 0;
};

/* The table of statuses, as --help shows it. */
std::string exit_help();

#endif
