// SPDX-License-Identifier: MIT
#include "corpus.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

std::string read_file(const std::string &path)
{
	std::ifstream file(path, std::ios::binary);

	return { std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>() };
}

void Corpus::read(const std::string &directory)
{
	std::vector<std::string> paths;
	std::error_code missing;

	for (const auto &entry : std::filesystem::directory_iterator(directory, missing))
		if (entry.is_regular_file())
			paths.push_back(entry.path());
	/* So that the same seed makes the same run. */
	std::sort(paths.begin(), paths.end());
	for (const std::string &path : paths)
		programs_.push_back(Program::from(read_file(path)));
}

void Corpus::keep_in(const std::string &directory)
{
	kept_ = directory;
	std::filesystem::create_directories(directory);
}

void Corpus::add(const Program &program)
{
	programs_.push_back(program);
	keep(program);
}

void Corpus::keep(const Program &program) const
{
	const std::string bytes = program.bytes();
	char name[32];

	if (kept_.empty())
		return;
	snprintf(name, sizeof(name), "/%016zx", std::hash<std::string>()(bytes));
	std::ofstream(kept_ + name, std::ios::binary) << bytes;
}

void Corpus::shortest_first()
{
	std::stable_sort(
		programs_.begin(), programs_.end(),
		[](const Program &a, const Program &b) { return a.calls.size() < b.calls.size(); });
}
