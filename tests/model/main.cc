/* SPDX-License-Identifier: MIT */
/*
 * main [-s] [CASE...]: explores all cases but the long ones, or those named. With
 * -s a bug is seeded: stops at the first case that finds it, and fails if none
 * does. main --list [--full]: the names, with --full also of those that are long.
 */
#include <cstdio>
#include <cstring>
#include <ctime>

#include "cases.h"
#include "explorer.h"

namespace
{

bool wanted(const Case &c, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], c.name))
			return true;
	return !argc && !c.is_long;
}

int list(bool full)
{
	for (const Case &c : cases)
		if (full || !c.is_long)
			puts(c.name);
	return 0;
}

} // namespace

int main(int argc, char **argv)
{
	const bool seeded = argc > 1 && !strcmp(argv[1], "-s");
	const int skip = seeded ? 2 : 1;
	unsigned failed = 0, known = 0;

	if (argc > 1 && !strcmp(argv[1], "--list"))
		return list(argc > 2);
	for (const Case &c : cases) {
		if (!wanted(c, argc - skip, argv + skip))
			continue;
		known++;
		const std::clock_t began = std::clock();
		Explorer explorer(c);
		const char *wrong = explorer.explore();
		/* Of the CPU: what else the machine does is not the case's affair. */
		const double took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
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
	if (!known)
		printf("FAIL no such case\n");
	return seeded || failed || !known ? 1 : 0;
}
