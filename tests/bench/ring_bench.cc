/* SPDX-License-Identifier: MIT */
/*
 * How far the ring is from what two CPUs can do at best. Everything is
 * measured in the same run and in turns, since a machine's speed changes
 * with what else it does; look at the ratios.
 */
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "limits.h"
#include "pair.h"

namespace
{

struct Options {
	std::vector<int> cpus;
	unsigned repeats = 75;
	double seconds = 25;
	uint64_t turns = 2000;
	uint64_t messages = 30000;
	uint32_t entries = 1024;
	std::string only;
	bool csv = false;
};

Options options;
bool yields; /* the processes of this measure share a CPU */

struct Sample {
	double ns;
	bool disturbed;
};

/* Nanoseconds for each of @count. */
Sample sample(Lap lap, uint64_t count)
{
	return { static_cast<double>(lap.ns) / static_cast<double>(count), lap.disturbed };
}

class Ring
{
public:
	explicit Ring(uint32_t capacity) : size_(8192 + msgq_ring_bytes(capacity))
	{
		auto *at = static_cast<uint8_t *>(shared_bytes(size_));

		ring_ = msgq_ring_over(at, at + 4096, at + 8192, capacity);
		msgq_keeper_init(&ring_, 1, 1, 1);
		if (msgq_keeper_open(&ring_) != MSGQ_KEPT)
			abort();
	}

	~Ring()
	{
		munmap(ring_.keeper, size_);
	}
	Ring(const Ring &) = delete;
	Ring &operator=(const Ring &) = delete;

	const msgq_ring *get() const
	{
		return &ring_;
	}

private:
	size_t size_;
	msgq_ring ring_;
};

uint32_t waited; /* looks in vain since this process last sent */

class Sender
{
public:
	Sender(const Ring &ring, uint32_t index)
	{
		msgq_sender_init(&s_, ring.get(), index);
	}

	void send(const void *msg, uint32_t len)
	{
		msgq_send_result result;

		s_.waited = waited;
		waited = 0;
		while ((result = msgq_sender_send(&s_, msg, len)) == MSGQ_FULL)
			spin_.miss();
		if (result != MSGQ_SENT)
			abort();
	}

private:
	msgq_sender s_;
	Spin spin_{ yields };
};

class Receiver
{
public:
	explicit Receiver(const Ring &ring)
	{
		msgq_receiver_init(&r_, ring.get());
	}

	/* @eager: looks again at once, and so keeps the ring nearly empty. */
	void recv(void *msg, bool eager = false)
	{
		msgq_recv_result result;
		uint32_t len;

		while ((result = msgq_receiver_recv(&r_, msg, MSGQ_MSG_MAX, &len)) == MSGQ_EMPTY) {
			waited++;
			if (!eager)
				spin_.miss();
		}
		if (result != MSGQ_GOT)
			abort();
	}

private:
	msgq_receiver r_;
	Spin spin_{ yields };
};

/* Also sets what the processes of this measure go by. */
std::vector<int> cpus_for(unsigned processes)
{
	const Place at = place(options.cpus, processes);

	yields = at.yields;
	return at.cpus;
}

Sample raw_one_way(uint32_t len)
{
	const std::vector<int> cpus = cpus_for(2);

	return sample(raw_ping_pong(cpus, yields, len, options.turns), 2 * options.turns);
}

Sample raw_stream()
{
	const std::vector<int> cpus = cpus_for(2);
	const uint64_t count = 4 * options.messages;

	return sample(raw_lines(cpus, yields, count), count);
}

Sample ring_one_way(uint32_t len)
{
	Ring there(options.entries), back(options.entries);
	const std::vector<int> cpus = cpus_for(2);
	const uint64_t turns = options.turns;
	const Lap lap = race(
		cpus,
		[&] {
			Sender s(there, 1);
			Receiver r(back);
			uint8_t msg[MSGQ_MSG_MAX] = {};

			for (uint64_t n = 0; n < turns; n++) {
				s.send(msg, len);
				r.recv(msg);
			}
		},
		[&](unsigned) {
			Sender s(back, 1);
			Receiver r(there);
			uint8_t msg[MSGQ_MSG_MAX];

			for (uint64_t n = 0; n < turns; n++) {
				r.recv(msg);
				s.send(msg, len);
			}
		});

	return sample(lap, 2 * turns);
}

Sample ring_stream(uint32_t len, unsigned senders, bool eager = false)
{
	Ring ring(options.entries);
	const std::vector<int> cpus = cpus_for(1 + senders);
	const uint64_t each = options.messages / senders;
	const Lap lap = race(
		cpus,
		[&] {
			Receiver r(ring);
			uint8_t msg[MSGQ_MSG_MAX];

			for (uint64_t n = 0; n < each * senders; n++)
				r.recv(msg, eager);
		},
		[&](unsigned i) {
			Sender s(ring, i);
			uint8_t msg[MSGQ_MSG_MAX] = {};

			for (uint64_t n = 0; n < each; n++)
				s.send(msg, len);
		});

	return sample(lap, each * senders);
}

struct Measure {
	std::string name;
	std::function<Sample()> run;
	int limit; /* the measure that is its raw limit; -1: a limit itself */
	bool stream;
	std::vector<double> ns = {};
	unsigned disturbed = 0;

	/* Pieces of a millisecond, tried again when another process had the CPU meanwhile. */
	void repeat()
	{
		Sample s = run();

		for (int again = 0; s.disturbed && !yields && again < 20; again++)
			s = run();
		disturbed += s.disturbed;
		ns.push_back(s.ns);
	}

	double median() const
	{
		std::vector<double> sorted = ns;

		std::sort(sorted.begin(), sorted.end());
		return sorted[sorted.size() / 2];
	}
};

/* One way: times the limit. Stream: part of the limit. Of the medians. */
double ratio(const std::vector<Measure> &all, const Measure &m)
{
	const double limit = all[static_cast<size_t>(m.limit)].median();

	return m.stream ? limit / m.median() : m.median() / limit;
}

void print(const std::vector<Measure> &all)
{
	printf(options.csv ? "measure,unit,median,min,max,ratio\n" : "%-28s %8s %24s %8s\n", "",
	       "median", "(min..max)", "ratio");
	for (const Measure &m : all) {
		if (m.ns.empty())
			continue;
		auto [low, high] = std::minmax_element(m.ns.begin(), m.ns.end());
		const auto shown = [&](double ns) {
			return m.stream ? 1000 / ns : ns;
		};
		const double a = shown(*low), b = shown(*high);

		if (options.csv) {
			printf("%s,%s,%.2f,%.2f,%.2f,", m.name.c_str(), m.stream ? "M/s" : "ns",
			       shown(m.median()), std::min(a, b), std::max(a, b));
			printf(m.limit < 0 ? "\n" : "%.3f\n", m.limit < 0 ? 0 : ratio(all, m));
			continue;
		}
		printf("%-28s %8.1f %11.1f..%-11.1f ", m.name.c_str(), shown(m.median()),
		       std::min(a, b), std::max(a, b));
		if (m.limit < 0)
			printf("%8s", m.stream ? "M/s" : "ns");
		else
			printf("%8.2f", ratio(all, m));
		if (m.disturbed)
			printf("  %u of %zu disturbed", m.disturbed, m.ns.size());
		printf("\n");
	}
}

void judge(const std::vector<Measure> &all)
{
	const struct {
		const char *name;
		double now, later;
	} targets[] = {
		{ "one way 8 B", 1.35, 1.25 },	   { "one way 56 B", 1.35, 1.25 },
		{ "one way 64 B", 1.6, 1.45 },	   { "stream 8 B", 0.2, 0.3 },
		{ "stream 56 B", 0.2, 0.3 },	   { "stream 64 B", 0.2, 0.3 },
		{ "eager stream 8 B", 0.2, 0.3 },  { "eager stream 56 B", 0.2, 0.3 },
		{ "eager stream 64 B", 0.2, 0.3 },
	};

	for (const auto &target : targets)
		for (const Measure &m : all) {
			if (m.name != target.name || m.ns.empty())
				continue;
			const double at = ratio(all, m);
			const auto met = [&](double limit) {
				return (m.stream ? at >= limit : at <= limit) ? "met" : "missed";
			};

			printf("target %s: %.2f, %s %.2f: %s (later %.2f: %s)\n", target.name, at,
			       m.stream ? "at least" : "at most", target.now, met(target.now),
			       target.later, met(target.later));
		}
}

std::vector<Measure> plan()
{
	enum { ping8, ping56, lines };
	std::vector<Measure> all = {
		{ "raw one way 8 B", [] { return raw_one_way(8); }, -1, false },
		{ "raw one way 56 B", [] { return raw_one_way(56); }, -1, false },
		{ "raw stream of lines", [] { return raw_stream(); }, -1, true },
		{ "one way 8 B", [] { return ring_one_way(8); }, ping8, false },
		{ "one way 56 B", [] { return ring_one_way(56); }, ping56, false },
		{ "one way 64 B", [] { return ring_one_way(64); }, ping56, false },
		{ "stream 8 B", [] { return ring_stream(8, 1); }, lines, true },
		{ "stream 56 B", [] { return ring_stream(56, 1); }, lines, true },
		{ "stream 64 B", [] { return ring_stream(64, 1); }, lines, true },
		{ "eager stream 8 B", [] { return ring_stream(8, 1, true); }, lines, true },
		{ "eager stream 56 B", [] { return ring_stream(56, 1, true); }, lines, true },
		{ "eager stream 64 B", [] { return ring_stream(64, 1, true); }, lines, true },
		{ "two senders 8 B", [] { return ring_stream(8, 2); }, lines, true },
		{ "two senders 56 B", [] { return ring_stream(56, 2); }, lines, true },
	};

	return all;
}

} // namespace

int main(int argc, char **argv)
{
	CLI::App app{ "Compares the ring with what two CPUs can do at best." };

	app.add_option("--cpus", options.cpus,
		       "CPUs: the receiver's, the senders' (default: the first two allowed)");
	app.add_option("--repeats", options.repeats, "Repetitions of everything")
		->check(CLI::Range(1, 1000));
	app.add_option("--seconds", options.seconds, "Begin no repetition after this time")
		->check(CLI::Range(0.0, 1e6));
	app.add_option("--only", options.only, "Measure what has this in its name, and the limits");
	app.add_option("--turns", options.turns, "Round trips of a ping-pong")
		->check(CLI::Range(1, 100000000));
	app.add_option("--messages", options.messages, "Messages of a stream")
		->check(CLI::Range(2, 1000000000));
	app.add_option("--entries", options.entries, "Capacity of the rings")
		->check(CLI::Range(1, 1 << 20));
	app.add_flag("--csv", options.csv, "Print the table as CSV, and no verdict");
	CLI11_PARSE(app, argc, argv);

	if (!choose_cpus(options.cpus, 2))
		return 1;
	const bool shares = share_one_cpu(options.cpus);
	if (shares) {
		fprintf(stderr, "Both sides share a CPU: these are times of the scheduler, "
				"and the ratios say nothing about the ring.\n");
		options.turns = std::min<uint64_t>(options.turns, 2000);
	} else if (options.cpus.size() < 3 && !options.csv) {
		printf("The 2 senders share a CPU.\n");
	}

	std::vector<Measure> all = plan();
	const uint64_t end = now_ns() + static_cast<uint64_t>(options.seconds * 1e9);
	for (unsigned n = 0; n < options.repeats && (!n || now_ns() < end); n++)
		for (Measure &m : all)
			if (m.limit < 0 || m.name.find(options.only) != std::string::npos)
				m.repeat();
	print(all);
	if (!options.csv && !shares)
		judge(all);
	return 0;
}
