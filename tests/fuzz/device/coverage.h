/* SPDX-License-Identifier: MIT */
/*
 * What of the module was run, as the kernel's KCOV tells it, a buffer for each
 * actor. Without KCOV there is nothing to be told.
 */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_COVERAGE_H
#define MSGQ_TESTS_FUZZ_DEVICE_COVERAGE_H

#include <cstdint>
#include <string>
#include <unordered_set>

#include "program.h"

class Coverage
{
public:
	Coverage();

	bool there() const
	{
		return there_;
	}
	/* By the thread that is the actor from here on, in whatever process. */
	void trace(unsigned actor) const;
	/* Takes over what was traced; how many places of it are new. */
	size_t gather();
	size_t places() const
	{
		return seen_.size();
	}
	/* As offsets from the module's start. */
	void write(const std::string &path) const;

private:
	int fd_[ACTORS];
	uint64_t *trace_[ACTORS];
	uint64_t begin_ = 0, end_ = 0; /* of the module */
	std::unordered_set<uint64_t> seen_;
	bool there_ = false;
};

#endif
