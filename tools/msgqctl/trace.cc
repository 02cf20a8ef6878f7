// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "arguments.h"
#include "client.h"
#include "clock.h"
#include "command.h"
#include "exit.h"
#include "notation.h"
#include "signals.h"
#include "trace_event.h"
#include "trace_options.h"
#include "trace_reader.h"

namespace
{

struct Options {
	std::set<std::string> events;
	uint64_t key = 0, pid = 0, count = 0, seconds = 0, buffer_kb = 4096;
	std::optional<uint32_t> queue;
	bool json = false, messages = false;
	std::vector<std::string> files;
};

using Clock = std::chrono::steady_clock;

/* The probes know no keys: those are told by the list, and by other events. */
class Keys
{
public:
	void complete(Event &event)
	{
		if (!event.id)
			return;
		std::pair<uint32_t, uint32_t> queue{ event.netns, *event.id };

		if (event.key) {
			known_[queue] = *event.key;
			return;
		}
		if (!known_.count(queue) && event.netns == own_)
			list();
		auto found = known_.find(queue);

		/* None either: not to be looked for each time. */
		event.key = found == known_.end() ? known_[queue] = 0 : found->second;
	}

private:
	void list()
	{
		try {
			Client().each([&](const msgqipc_info &info) {
				known_.emplace(std::make_pair(own_, queue_number(info.addr)),
					       info.key);
				return true;
			});
		} catch (const Failure &) {
			/* Then keys are not known. */
		}
	}

	uint32_t own_ = own_netns();
	std::map<std::pair<uint32_t, uint32_t>, uint64_t> known_;
};

bool wanted(const Options &options, const Event &event)
{
	auto is = [&](const char *value) {
		return event.find(value) == options.pid;
	};

	if (!options.events.empty() && !options.events.count(event.name))
		return false;
	if (options.key && event.key != options.key)
		return false;
	if (options.queue && event.id != options.queue)
		return false;
	return !options.pid || event.task == options.pid || is("pid") || is("owner");
}

void check_events(const std::set<std::string> &events, const Formats &formats)
{
	for (const std::string &event : events) {
		std::string there;

		if (formats.find(event) ||
		    std::count(probe_names.begin(), probe_names.end(), event))
			continue;
		for (const Tracepoint &tracepoint : formats.tracepoints)
			there += tracepoint.name + ", ";
		there += "and of the library send, refused, recv";
		throw Failure{ Exit::Usage, std::string("--event: there is no event '")
						    .append(event)
						    .append("'; there are ")
						    .append(there) };
	}
}

/* What the reader is asked for: also what tells which keys queues have. */
TraceReader::Options reading(const Options &options)
{
	TraceReader::Options reading;
	bool probes = options.messages;

	reading.events = options.events;
	for (const std::string &name : probe_names)
		probes |= options.events.count(name) != 0;
	if (!reading.events.empty())
		reading.events.insert("create");
	if (probes)
		reading.files = probed_files(options.files);
	reading.buffer_bytes = static_cast<uint32_t>(std::bit_ceil(options.buffer_kb) * 1024);
	return reading;
}

void say_lost(const Options &options, uint64_t count)
{
	if (options.json)
		printf("{\"name\": \"lost\", \"count\": %llu}\n",
		       static_cast<unsigned long long>(count));
	fprintf(stderr,
		"msgqctl: lost %llu events; a larger --buffer holds more, --event asks for "
		"fewer\n",
		static_cast<unsigned long long>(count));
}

void trace(const Options &options)
{
	const Formats formats = read_formats();
	const int64_t epoch_ns = clock_epoch();
	uint64_t seen = 0, lost = 0;
	bool done = false;
	Keys keys;

	if (!formats.tracepoints.empty())
		check_events(options.events, formats);
	TraceReader reader(reading(options), formats, [&](const record &record) {
		Event event = decode(record, formats);

		keys.complete(event);
		if (done || !wanted(options, event))
			return;
		puts((options.json ? event_json(event, epoch_ns) : print_event(event, epoch_ns))
			     .c_str());
		done = ++seen == options.count;
	});

	for (const std::string &unseen : reader.sight().unseen)
		fprintf(stderr, "msgqctl: cannot see %s\n", unseen.c_str());
	if (!reader.sight().tracepoints && reader.sight().probed.empty())
		throw Failure{ Exit::Failed, "nothing can be traced" };
	fprintf(stderr, "msgqctl: tracing; SIGINT (ctrl-c) ends it\n");

	const auto end = Clock::now() + std::chrono::seconds(options.seconds);

	catch_signals();
	while (!done && !stop_asked() && !ferror(stdout) &&
	       (!options.seconds || Clock::now() < end)) {
		reader.poll(200);
		fflush(stdout);
		if (reader.lost() != lost) {
			say_lost(options, reader.lost() - lost);
			lost = reader.lost();
		}
	}
	/* What happened before that is shown, too. */
	reader.stop();
	if (reader.lost() != lost)
		say_lost(options, reader.lost() - lost);
	fflush(stdout);
	fprintf(stderr, "msgqctl: %llu events shown, %llu lost\n",
		static_cast<unsigned long long>(seen),
		static_cast<unsigned long long>(reader.lost()));
}

} // namespace

std::function<void()> setup_trace(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	app.add_option("-e,--event", options->events, "only events of these names, as wait,wake")
		->delimiter(',')
		->type_name("NAME");
	add_key_filter(app, options->key);
	add_queue_filter(app, options->queue);
	add_number(app, "-p,--pid", options->pid, 1, UINT32_MAX,
		   "only what that process does, or is about it");
	app.add_flag("-m,--messages", options->messages,
		     "also each send and receive, by the library's\nprobes: slows them down");
	add_library(app, options->files);
	app.add_flag("-J,--json", options->json, "print an object of JSON a line");
	add_number(app, "-n,--count", options->count, 1, UINT64_MAX, "end after so many events");
	add_number(app, "-d,--duration", options->seconds, 1, 1000000000,
		   "end after so many seconds");
	add_number(app, "--buffer", options->buffer_kb, 4, 1 << 20,
		   "KiB for events not read yet; 4096 if not given");
	app.footer("Prints what happens, one event on a line: when, what, the queue's key (or the\n"
		   "number of its address), who ran, and the fields that msgq(4) describes. Of\n"
		   "all network namespaces. Takes root, or CAP_BPF, CAP_PERFMON and tracefs.\n");
	return [options] {
		trace(*options);
	};
}
