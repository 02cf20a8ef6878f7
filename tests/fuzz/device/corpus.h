/* SPDX-License-Identifier: MIT */
/* Programs that once reached something new, and so are worth changing. */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_CORPUS_H
#define MSGQ_TESTS_FUZZ_DEVICE_CORPUS_H

#include <string>
#include <vector>

#include "program.h"

std::string read_file(const std::string &path);

class Corpus
{
public:
	/* All files there; none if there is no such directory. */
	void read(const std::string &directory);
	/* Where what is added goes as well; the directory is made. */
	void keep_in(const std::string &directory);
	void add(const Program &program);
	/* Only there. */
	void keep(const Program &program) const;
	void shortest_first();

	size_t size() const
	{
		return programs_.size();
	}
	const Program &operator[](size_t at) const
	{
		return programs_[at];
	}
	const Program &any(Random &random) const
	{
		return programs_[random() % programs_.size()];
	}

private:
	std::vector<Program> programs_;
	std::string kept_;
};

#endif
