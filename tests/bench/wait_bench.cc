// SPDX-License-Identifier: MIT
/*
 * What goes through the kernel, against the kernel's own queues: falling
 * asleep and being woken, making a queue, sending to it for the first time,
 * and sending to one that is mediated.
 * Everything in turns, and only ratios: in an emulated VM times mean nothing.
 */
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "handoff.h"
#include "ours.h"
#include "setup.h"

namespace
{

struct Options {
	unsigned rounds = 25;
	double seconds = 120;
	unsigned turns = 60;
	std::string only;
	bool csv = false;
};

Options options;

struct Row {
	std::string name;
	std::function<Handoff()> run;
	bool judged = false; /* at most the reference of its group */
	std::vector<Handoff> all = {};
};

/* The first row is what the others are compared with. */
struct Group {
	std::string name;
	std::vector<Row> rows;
};

/* Round by round, so that what slows down the machine slows down both. */
std::vector<double> ratios(const Row &row, const Row &reference)
{
	std::vector<double> all;

	for (size_t n = 0; n < row.all.size(); n++)
		all.push_back(row.all[n].ticks / reference.all[n].ticks);
	std::sort(all.begin(), all.end());
	return all;
}

double slept(const Row &row)
{
	std::vector<double> all;

	for (const Handoff &one : row.all)
		all.push_back(one.slept);
	return median_of(all);
}

void print_row(const Group &group, const Row &row)
{
	const std::string name = group.name + ": " + row.name;

	const std::vector<double> all = ratios(row, group.rows[0]);
	const double part = slept(row);

	printf(options.csv ? "%s,%.3f,%.3f,%.3f," : "%-46s %6.2f %8.2f..%-6.2f", name.c_str(),
	       all[all.size() / 2], all[all.size() / 4], all[all.size() * 3 / 4]);
	if (part >= 0)
		printf(options.csv ? "%.2f" : "%7.2f", part);
	printf("\n");
}

void print(const std::vector<Group> &groups)
{
	printf(options.csv ? "%s,%s,%s,%s,%s\n" : "%-46s %6s %8s..%-6s%7s\n", "", "ratio",
	       "quarter", "3/4", "sleeps");
	for (const Group &group : groups)
		for (const Row &row : group.rows)
			print_row(group, row);
}

void judge(const std::vector<Group> &groups)
{
	for (const Group &group : groups)
		for (const Row &row : group.rows) {
			if (!row.judged)
				continue;
			const std::vector<double> all = ratios(row, group.rows[0]);
			const double at = all[all.size() / 2];

			printf("target %s: %s: %.2f, at most 1.00: %s\n", group.name.c_str(),
			       row.name.c_str(), at, at <= 1 ? "met" : "missed");
		}
}

template <typename Kind>
std::function<Handoff()> handoff(bool pings, bool together)
{
	return [=] {
		const std::vector<int> allowed = allowed_cpus();
		const int other = together || allowed.size() < 2 ? allowed[0] : allowed[1];
		const std::vector<int> cpus = { allowed[0], other };

		return pings ? ping_pong<Kind>(cpus, options.turns)
			     : wake_up<Kind>(cpus, options.turns);
	};
}

Group handoff_group(const char *name, bool pings, bool together)
{
	return { name,
		 {
			 { "POSIX mq", handoff<PosixChannel>(pings, together) },
			 { "msgqipc_recv", handoff<OursChannel>(pings, together), true },
			 { "msgqipc_recv, mediated",
			   handoff<OursMediatedChannel>(pings, together) },
			 { "msgqipc ARM and poll", handoff<OursPollChannel>(pings, together) },
			 { "System V", handoff<SystemVChannel>(pings, together) },
			 { "eventfd and poll", handoff<EventfdChannel>(pings, together) },
			 { "futex", handoff<FutexChannel>(pings, together) },
		 } };
}

/* Nobody sleeps in these. */
std::function<Handoff()> setup(const std::function<double()> &run)
{
	return [=] {
		return Handoff{ run(), -1 };
	};
}

Group first_send_group(uint32_t entries)
{
	return { "first send, " + std::to_string(entries) + " entries",
		 {
			 { "mq_open, mq_send", setup([=] { return posix_first_send(entries); }) },
			 { "msgqipc_send", setup([=] { return ours_first_send(entries); }), true },
			 { "msgqipc_send, mediated", setup([=] {
				   return ours_first_send(entries, MSGQIPC_CREATE_MEDIATED);
			   }) },
		 } };
}

Group send_group(size_t len)
{
	return { "send, " + std::to_string(len) + " bytes",
		 {
			 { "mq_send", setup([=] { return posix_send(len).send; }) },
			 { "msgqipc_send, mediated",
			   setup([=] { return ours_send(len, MSGQIPC_CREATE_MEDIATED).send; }) },
			 { "msgqipc_send", setup([=] { return ours_send(len, 0).send; }) },
			 { "msgsnd", setup([=] { return system_v_send(len).send; }) },
		 } };
}

Group send_recv_group(size_t len)
{
	const auto both = [](SendTicks each) {
		return each.send + each.recv;
	};

	return { "send and receive, " + std::to_string(len) + " bytes",
		 {
			 { "POSIX mq", setup([=] { return both(posix_send(len)); }) },
			 { "msgqipc, mediated",
			   setup([=] { return both(ours_send(len, MSGQIPC_CREATE_MEDIATED)); }) },
			 { "msgqipc", setup([=] { return both(ours_send(len, 0)); }) },
			 { "System V", setup([=] { return both(system_v_send(len)); }) },
		 } };
}

Group create_group(uint32_t entries)
{
	return { "create and close, " + std::to_string(entries) + " entries",
		 {
			 { "POSIX mq", setup([=] { return posix_create(entries); }) },
			 { "msgqipc", setup([=] { return ours_create(entries, false); }), true },
			 { "msgqipc, activated",
			   setup([=] { return ours_create(entries, true); }) },
			 { "System V", setup(system_v_create) },
		 } };
}

std::vector<Group> plan()
{
	std::vector<Group> all = { handoff_group("wake", false, false) };

	if (allowed_cpus().size() < 2)
		all.clear();
	else
		all.push_back(handoff_group("ping-pong", true, false));
	all.push_back(handoff_group("wake, one CPU", false, true));
	all.push_back(handoff_group("ping-pong, one CPU", true, true));
	for (size_t len : { 8u, 64u }) {
		all.push_back(send_group(len));
		all.push_back(send_recv_group(len));
	}
	for (uint32_t entries : { 10u, 64u })
		all.push_back(first_send_group(entries));
	for (uint32_t entries : { 10u, 64u })
		all.push_back(create_group(entries));
	std::erase_if(all, [](const Group &group) {
		return group.name.find(options.only) == std::string::npos;
	});
	return all;
}

} // namespace

int main(int argc, char **argv)
{
	CLI::App app{ "Compares what goes through the kernel with the kernel's own queues." };

	app.add_option("--rounds", options.rounds, "Repetitions of everything")
		->check(CLI::Range(1, 10000));
	app.add_option("--seconds", options.seconds, "Begin no repetition after this time")
		->check(CLI::Range(0.0, 1e6));
	app.add_option("--turns", options.turns, "Hand-offs of a repetition")
		->check(CLI::Range(1, 1000000));
	app.add_option("--only", options.only, "Measure the groups that have this in their name");
	app.add_flag("--csv", options.csv, "Print the table as CSV, and no verdict");
	CLI11_PARSE(app, argc, argv);

	std::vector<Group> groups = plan();
	const uint64_t end = now_ns() + static_cast<uint64_t>(options.seconds * 1e9);

	for (unsigned n = 0; n < options.rounds && (!n || now_ns() < end); n++)
		for (Group &group : groups)
			for (Row &row : group.rows)
				row.all.push_back(row.run());
	print(groups);
	if (!options.csv)
		judge(groups);
	return 0;
}
