// SPDX-License-Identifier: MIT
#include "exit.h"

namespace
{

const struct {
	Exit status;
	const char *meaning;
} table[] = {
	{ Exit::Done, "done" },
	{ Exit::Failed, "failed, or what was received is not complete" },
	{ Exit::Usage, "the command line was not understood" },
	{ Exit::NoQueue, "no such queue, or it is inactive, or gone" },
	{ Exit::Taken, "the key is taken" },
	{ Exit::Denied, "permission denied" },
	{ Exit::NoModule, "the module is not loaded, or is of a version that does not fit" },
	{ Exit::Full, "the queue is full" },
	{ Exit::Signal, "+ N: stopped by signal N, after saying how far it came" },
};

} // namespace

std::string exit_help()
{
	std::string help = "Exit status:\n";

	for (const auto &row : table) {
		std::string number = std::to_string(static_cast<int>(row.status));

		help += std::string(5 - number.size(), ' ') + number + "  " + row.meaning + "\n";
	}
	return help;
}
