// SPDX-License-Identifier: MIT
/*
 * Messages through the public API beside other ways to pass them, and beside
 * what two CPUs can do at best. Everything is measured in the same run and in
 * turns, since a machine's speed changes with what else it does; look at the
 * ratios.
 */
#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "../cpus.h"
#include "../ticks.h"
#include "report.h"

namespace
{

bool wanted(const Options &options, const Series &series)
{
	if (series.peer == RAW || options.only.empty())
		return true;
	return std::any_of(options.only.begin(), options.only.end(), [&](const std::string &part) {
		return series.name().find(part) != std::string::npos;
	});
}

/* Rounds of everything, until there were enough or the time is up. */
void measure(Plan &plan, const Options &options)
{
	const uint64_t end = now_ns() + static_cast<uint64_t>(options.seconds * 1e9);
	/* A round that is begun is ended, unless that takes too long. */
	const uint64_t late = end + static_cast<uint64_t>(options.seconds * 0.2e9) + 10'000'000'000;
	const bool shown = isatty(2);
	unsigned round;

	for (round = 0; round < options.repeats && (!round || now_ns() < end); round++) {
		for (Series &series : plan.all) {
			if (round % series.every || !wanted(options, series))
				continue;
			if (now_ns() < late)
				series.repeat(end);
			else if (!round)
				plan.whole = false;
		}
		if (shown)
			fprintf(stderr, "\rround %u ", round + 1);
	}
	fprintf(stderr, shown ? "\r           \r" : "");
	printf("%u rounds on CPUs", round);
	for (int cpu : options.cpus)
		printf(" %d", cpu);
	printf("\n\n");
	for (Series &series : plan.all)
		series.sort();
}

bool write_to(const std::string &path, const std::function<void(FILE *)> &print)
{
	if (path.empty())
		return true;
	FILE *to = path == "-" ? stdout : fopen(path.c_str(), "w");
	if (!to) {
		perror(path.c_str());
		return false;
	}
	print(to);
	return to == stdout || !fclose(to);
}

} // namespace

int main(int argc, char **argv)
{
	Options options;
	CLI::App app{ "Compares message queues of this machine with each other and with what its "
		      "CPUs can do at best." };

	app.add_option("--cpus", options.cpus,
		       "CPUs: the receiver's, the senders' (default: all that are allowed)");
	app.add_option("--repeats", options.repeats, "Rounds of everything")
		->check(CLI::Range(1, 100000));
	app.add_option("--seconds", options.seconds, "Begin no round after this time")
		->check(CLI::Range(0.0, 1e6));
	app.add_option("--only", options.only,
		       "Measure what has one of these in its name, and the limits");
	app.add_option("--entries", options.entries, "Capacity of the queues")
		->check(CLI::Range(1, 1 << 16));
	app.add_flag("--quick", options.quick, "A few rounds, of 12 seconds together");
	app.add_option("--csv", options.csv, "File for the medians; - is the terminal");
	app.add_option("--latency", options.latency, "File for the distributions of one way");
	app.add_option("--markdown", options.markdown, "File for the tables as Markdown");
	CLI11_PARSE(app, argc, argv);

	if (options.quick)
		options.seconds = std::min(options.seconds, 12.0);
	if (!choose_cpus(options.cpus, CPU_SETSIZE))
		return 1;
	if (share_one_cpu(options.cpus)) {
		fprintf(stderr, "Both sides share a CPU: these are times of the scheduler, "
				"and the ratios say nothing about the queues.\n");
	}

	Ticks::calibrate();
	trip_ticks = static_cast<uint32_t *>(shared_bytes(TRIPS_MAX * sizeof(uint32_t)));
	Plan plan = make_plan(options);
	measure(plan, options);

	const auto tables = [&](FILE *to, bool markdown) {
		print_tables(to, plan, markdown);
		print_notes(to, plan, markdown);
		print_targets(to, plan, markdown);
	};
	tables(stdout, false);
	const bool written =
		write_to(options.csv, [&](FILE *to) { print_csv(to, plan); }) &&
		write_to(options.latency, [&](FILE *to) { print_latencies(to, plan); }) &&
		write_to(options.markdown, [&](FILE *to) { tables(to, true); });
	return written ? 0 : 1;
}
