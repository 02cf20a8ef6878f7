/* SPDX-License-Identifier: MIT */
/*
 * main [-s] [CASE...]: explores all cases or those named. With -s a bug is
 * seeded: stops at the first case that finds it, and fails if none does.
 */
#include <chrono>
#include <cstdio>
#include <cstring>

#include "cases.h"
#include "explorer.h"

namespace
{

bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return !argc;
}

} // namespace

int main(int argc, char **argv)
{
	const bool seeded = argc > 1 && !strcmp(argv[1], "-s");
	const int skip = seeded ? 2 : 1;
	unsigned failed = 0;

	for (const Case &c : cases) {
		if (!wanted(c.name, argc - skip, argv + skip))
			continue;
		const auto began = std::chrono::steady_clock::now();
		Explorer explorer(c);
		const char *wrong = explorer.explore();
		const double took =
			std::chrono::duration<double>(std::chrono::steady_clock::now() - began)
				.count();
		const auto states = static_cast<unsigned long long>(explorer.states());

		if (seeded && wrong) {
			printf("%llu states) %s: %s\n", states, c.name, wrong);
			return 0;
		}
		if (seeded)
			continue;
		if (!wrong) {
			printf("ok %s (%llu states, %.1f s)\n", c.name, states, took);
		} else {
			printf("FAIL %s: %s\n", c.name, wrong);
			for (const std::string &line : explorer.path())
				printf("	%s\n", line.c_str());
			failed++;
		}
		fflush(stdout);
	}
	return seeded || failed ? 1 : 0;
}
