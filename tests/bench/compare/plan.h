/* SPDX-License-Identifier: MIT */
/* Everything that is measured, over all peers. */
#ifndef MSGQ_TESTS_BENCH_COMPARE_PLAN_H
#define MSGQ_TESTS_BENCH_COMPARE_PLAN_H

#include <string>
#include <utility>
#include <vector>

#include "options.h"
#include "series.h"

/* The names that tables and targets go by. */
constexpr const char *ONE_WAY = "one way";
constexpr const char *TRIP = "one way, each";
constexpr const char *STREAM = "stream";
constexpr const char *EAGER = "eager stream";
constexpr const char *SHARED = "2 senders on one CPU";
constexpr const char *TWO = "2 senders";
constexpr const char *BURST = "burst of 64";
constexpr const char *ADDRESSES = "send to so many in turn"; /* len: how many */
constexpr const char *RAW = "raw";
constexpr const char *OURS = "msgq";
constexpr const char *OURS_BLOCKING = "msgq, blocking";

struct Plan {
	std::vector<Series> all;
	std::vector<std::string> peers; /* that can run, in the order of the tables */
	std::vector<std::pair<std::string, std::string>> missing; /* and those not, and why */
	bool whole = true;	   /* the time sufficed for one round at least */
	unsigned most_senders = 0; /* each with a CPU; 0: not more than two have */
};

Plan make_plan(const Options &options);

/* The same measures' names, for @senders. */
std::string senders_name(unsigned senders);

void plan_costs(Plan &plan, const Options &options);
void plan_addresses(Plan &plan, const Options &options);

/* How many addresses the most are; fewer than 10 000 where a limit forbids it. */
uint32_t most_addresses();

#endif
