// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <vector>

#include "arguments.h"
#include "client.h"
#include "clock.h"
#include "columns.h"
#include "command.h"
#include "json.h"
#include "patience.h"
#include "signals.h"
#include "which.h"

namespace
{

struct Options {
	std::vector<Which> queues; /* none: all */
	/* With the time and a long key, what 80 columns hold. */
	Columns columns = parse_columns("KEY,STATE,DEPTH,HIGH,FULL,SENT,RECEIVED,SENDERS");
	double seconds = 0.2;
	uint64_t count = UINT64_MAX;
	bool json = false;
};

/* Lines, each when something is different from the line before. */
class Journal
{
public:
	explicit Journal(const Options &options) : options_(options)
	{
	}

	/* False: it has said as much as it is to say. */
	bool say(const char *event, const msgqipc_info &info)
	{
		if (options_.json)
			printf("%s\n",
			       json_object({ { "time", json_string(print_timestamp(clock_now())) },
					     { "event", json_string(event) },
					     { "queue", json_queue(info, columns_) } })
				       .c_str());
		else
			say_text(event, info);
		fflush(stdout);
		return ++said_ < options_.count;
	}

	bool differs(const msgqipc_info &a, const msgqipc_info &b) const
	{
		return std::any_of(
			options_.columns.begin(), options_.columns.end(),
			[&](const Column *column) { return column->json(a) != column->json(b); });
	}

private:
	/* As wide as the widest so far: what is to come is not known. */
	void say_text(const char *event, const msgqipc_info &info)
	{
		std::vector<std::string> cells = { print_clock(clock_now(), 3), event };
		std::vector<std::string> headings = { "TIME", "EVENT" };
		bool first = widths_.empty();

		for (const Column *column : options_.columns) {
			headings.emplace_back(column->name);
			cells.push_back(column->text(info));
		}
		widths_.resize(cells.size());
		for (size_t i = 0; i < cells.size(); i++)
			widths_[i] = std::max({ widths_[i], cells[i].size(), headings[i].size() });
		widths_[1] = std::max<size_t>(widths_[1], 6);
		if (first)
			put(headings);
		put(cells);
	}

	void put(const std::vector<std::string> &cells) const
	{
		std::string line;

		for (size_t i = 0; i < cells.size(); i++) {
			std::string pad(widths_[i] - cells[i].size(), ' ');
			bool right = i >= 2 && options_.columns[i - 2]->right;

			line += (i ? " " : "") + (right ? pad + cells[i] : cells[i] + pad);
		}
		line.erase(line.find_last_not_of(' ') + 1);
		puts(line.c_str());
	}

	const Options &options_;
	Columns columns_ = columns(Shown::Asked);
	std::vector<size_t> widths_;
	uint64_t said_ = 0;
};

using Seen = std::map<std::pair<uint64_t, uint64_t>, msgqipc_info>;

Seen look(const Client &client, const Options &options)
{
	Seen seen;

	client.each([&](const msgqipc_info &info) {
		bool wanted = options.queues.empty() ||
			      std::any_of(options.queues.begin(), options.queues.end(),
					  [&](const Which &which) { return is(which, info); });

		if (wanted)
			seen[{ info.addr.opaque[0], info.addr.opaque[1] }] = info;
		return true;
	});
	return seen;
}

bool tell(Journal &journal, const Seen &before, const Seen &after)
{
	for (const auto &[addr, info] : before)
		if (!after.contains(addr) && !journal.say("gone", info))
			return false;
	for (const auto &[addr, info] : after) {
		auto old = before.find(addr);

		if (old == before.end() && !journal.say("there", info))
			return false;
		if (old != before.end() && journal.differs(old->second, info) &&
		    !journal.say("change", info))
			return false;
	}
	return true;
}

void watch(const Options &options)
{
	Client client;
	Journal journal(options);
	Seen seen, next;

	/* One that is to be watched is there, or it is a mistake. */
	for (const Which &which : options.queues)
		find(client, which);
	catch_signals();
	for (bool first = true; !stop_asked(); first = false) {
		next = look(client, options);
		if (!tell(journal, seen, next))
			return;
		seen = next;
		if (!first && seen.empty() && !options.queues.empty())
			return;
		/* In pieces, that end with the tick. */
		auto until = std::chrono::steady_clock::now() +
			     std::chrono::duration<double>(options.seconds);

		for (;;) {
			std::chrono::duration<double, std::micro> left =
				until - std::chrono::steady_clock::now();

			if (left.count() <= 0 || stop_asked())
				break;
			nap(std::lround(left.count()));
		}
	}
}

double parse_seconds(const std::string &text)
{
	char *end = nullptr;
	double seconds = strtod(text.c_str(), &end);

	if (text.empty() || *end || !(seconds >= 0.001 && seconds <= 86400))
		throw CLI::ValidationError("--delay", "'" + text +
							      "' is not a number of seconds from "
							      "0.001 to 86400");
	return seconds;
}

} // namespace

std::function<void()> setup_watch(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_queues(app, options->queues);
	app.add_option_function<std::string>(
		   "-d,--delay",
		   [options](const std::string &text) { options->seconds = parse_seconds(text); },
		   "look every so many seconds (0.2)")
		->type_name("SECONDS");
	add_number(app, "-c,--count", options->count, 1, UINT64_MAX, "end after N lines");
	app.add_option_function<std::string>(
		   "-o,--output",
		   [options](const std::string &text) { options->columns = parse_columns(text); },
		   "columns to watch and to show: DEPTH,FULL")
		->type_name("COLS");
	app.add_flag("-J,--json", options->json, "print an object of JSON for each line");
	app.footer(
		"A line for each queue, or each QUEUE, that is there; then one whenever a column\n"
		"of one has changed, or one is gone or has come. Ends when all that were named\n"
		"are gone, or by a signal. What comes and goes between two looks is not seen, but\n"
		"it is counted: SENT, RECEIVED, FULL. 'msgqctl list --help' tells the columns.\n");
	return [options] {
		watch(*options);
	};
}
