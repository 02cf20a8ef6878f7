/* SPDX-License-Identifier: MIT */
/* What it takes to hand something to who is asleep. */
#ifndef MSGQ_TESTS_BENCH_HANDOFF_H
#define MSGQ_TESTS_BENCH_HANDOFF_H

#include <algorithm>
#include <vector>

#include "channel.h"

/*
 * Not by the clock: in a VM without a stable one, to read it takes longer
 * than what is measured, and would make all look the same.
 */
inline uint64_t ticks()
{
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	return now_ns();
#endif
}

struct Handoff {
	double ticks;
	double slept; /* the part of the receives that did sleep */
};

inline long sleeps_so_far()
{
	rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

inline double median_of(std::vector<double> all)
{
	std::sort(all.begin(), all.end());
	return all.empty() ? 0 : all[all.size() / 2];
}

/* Written by the process that measures, read by the one that asked for it. */
class Told
{
public:
	Told() : told_(static_cast<Handoff *>(shared_bytes(sizeof(Handoff))))
	{
	}
	~Told()
	{
		munmap(told_, sizeof(*told_));
	}
	Told(const Told &) = delete;
	Told &operator=(const Told &) = delete;

	Handoff &operator*() const
	{
		return *told_;
	}

private:
	Handoff *told_;
};

/* There and back: one way is half of it. */
template <typename Kind>
Handoff ping_pong(const std::vector<int> &cpus, unsigned turns)
{
	constexpr unsigned WARM = 10;
	Kind channel;
	const Told result;

	race(
		cpus,
		[&] {
			std::vector<double> each;
			long slept = 0;

			channel.enter(0);
			for (unsigned n = 0; n < WARM + turns; n++) {
				const uint64_t begin = ticks();

				if (n == WARM)
					slept = sleeps_so_far();
				channel.send(n);
				channel.recv();
				if (n >= WARM)
					each.push_back(static_cast<double>(ticks() - begin) / 2);
			}
			*result = { median_of(each),
				    static_cast<double>(sleeps_so_far() - slept) / turns };
			channel.leave();
		},
		[&](unsigned) {
			channel.enter(1);
			for (unsigned n = 0; n < WARM + turns; n++)
				channel.send(channel.recv());
			channel.leave();
		});
	return *result;
}

/* One way, to a receiver that has been waiting for long: from before send to after recv. */
template <typename Kind>
Handoff wake_up(const std::vector<int> &cpus, unsigned turns)
{
	constexpr unsigned WARM = 5;
	constexpr uint64_t REST_NS = 600000;
	auto *taken = static_cast<std::atomic<unsigned> *>(shared_bytes(4096));
	const bool alone = cpus[0] == cpus[1];
	Kind channel;
	const Told result;

	race(
		cpus,
		[&] {
			std::vector<double> each;
			long slept = 0;

			channel.enter(0);
			for (unsigned n = 0; n < WARM + turns; n++) {
				if (n == WARM)
					slept = sleeps_so_far();
				const uint64_t sent = channel.recv();
				const uint64_t now = ticks();

				if (n >= WARM)
					each.push_back(static_cast<double>(now - sent));
				taken->fetch_add(1);
			}
			*result = { median_of(each),
				    static_cast<double>(sleeps_so_far() - slept) / turns };
			channel.leave();
		},
		[&](unsigned) {
			channel.enter(1);
			for (unsigned n = 0; n < WARM + turns; n++) {
				while (taken->load() < n)
					sched_yield();
				if (alone)
					usleep(REST_NS / 1000);
				else
					for (uint64_t end = now_ns() + REST_NS; now_ns() < end;)
						msgq_pause();
				channel.send(ticks());
			}
			channel.leave();
		});
	munmap(taken, 4096);
	return *result;
}

#endif
