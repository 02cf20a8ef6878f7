/* SPDX-License-Identifier: MIT */
/* Processes that start together, each on its CPU, and the time they took. */
#ifndef MSGQ_TESTS_BENCH_PAIR_H
#define MSGQ_TESTS_BENCH_PAIR_H

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#include <msgq/atomic.h>

#include "cpus.h"

inline uint64_t now_ns()
{
	timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return static_cast<uint64_t>(t.tv_sec) * 1000000000u + static_cast<uint64_t>(t.tv_nsec);
}

/* Zeroed memory that forked children share, touched beforehand. */
inline void *shared_bytes(size_t size)
{
	void *at = mmap(nullptr, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (at == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return at;
}

/* Spinning for somebody who shares the CPU would last for a time slice. */
class Spin
{
public:
	explicit Spin(bool yields) : yields_(yields)
	{
	}

	void miss()
	{
		if (yields_ && ++misses_ % 16 == 0)
			sched_yield();
		else
			msgq_pause();
	}

private:
	const bool yields_;
	unsigned misses_ = 0;
};

/* Somebody else's turn on this CPU so far: a piece with one in it measures him. */
inline long preemptions()
{
	rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nivcsw;
}

struct Lap {
	uint64_t ns;
	bool disturbed;
	bool lost; /* a process failed, or they did not end in time */
};

/* Where the processes of a race begin and end together. */
class Gate
{
public:
	explicit Gate(unsigned processes) : processes_(processes)
	{
	}

	/* Called by each when it has made what it needs. */
	void begin(bool first)
	{
		ready_.fetch_add(1);
		while (ready_.load() < processes_)
			sched_yield();
		before_ = preemptions();
		if (first)
			begin_ = now_ns();
	}

	void end(bool first)
	{
		if (first)
			ns_ = now_ns() - begin_;
		if (preemptions() != before_)
			disturbed_ = true;
	}

	Lap lap() const
	{
		return { ns_, disturbed_, false };
	}

private:
	static inline long before_; /* of each process its own */
	const unsigned processes_;
	std::atomic<unsigned> ready_ = 0;
	std::atomic<bool> disturbed_ = false;
	uint64_t begin_ = 0, ns_ = 0;
};

/*
 * Waits until the last holder of @pipe's other end is gone. All are killed
 * when it gets late, or when one failed for which the others may wait.
 */
inline bool finished(int pipe, const std::vector<pid_t> &pids, int limit_ms)
{
	constexpr int slice_ms = 200;
	pollfd held = { pipe, POLLIN, 0 };
	bool good = true;

	while (good && poll(&held, 1, slice_ms) <= 0) {
		limit_ms -= slice_ms;
		good = limit_ms > 0;
		for (pid_t pid : pids) {
			siginfo_t end = {};

			waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOHANG | WNOWAIT);
			if (end.si_pid && (end.si_code != CLD_EXITED || end.si_status))
				good = false;
		}
	}
	for (pid_t pid : pids) {
		int status;

		if (!good)
			kill(pid, SIGKILL);
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
			good = false;
	}
	return good;
}

/*
 * Runs @play(i, gate) in a process of its own on @cpus[i], for each of them.
 * What it does between gate.begin(!i) and gate.end(!i) is measured; the time
 * is that of the first.
 */
template <typename Play>
Lap race_gated(const std::vector<int> &cpus, Play play, int limit_ms = 60000)
{
	auto *gate = new (shared_bytes(4096)) Gate(static_cast<unsigned>(cpus.size()));
	std::vector<pid_t> pids;
	int held[2];

	if (pipe2(held, O_CLOEXEC)) {
		perror("pipe");
		exit(2);
	}
	fflush(nullptr);
	for (unsigned i = 0; i < cpus.size(); i++) {
		const pid_t pid = fork();

		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(held[0]);
			if (!pin(cpus[i]))
				_exit(2);
			play(i, *gate);
			_exit(0);
		}
		pids.push_back(pid);
	}
	close(held[1]);
	const bool good = finished(held[0], pids, limit_ms);
	close(held[0]);
	Lap lap = gate->lap();
	lap.lost = !good;
	munmap(gate, 4096);
	return lap;
}

/* The same where nothing has to be made: @first on @cpus[0], @other(i) on @cpus[i + 1]. */
template <typename First, typename Other>
Lap race(const std::vector<int> &cpus, First first, Other other)
{
	const Lap lap = race_gated(cpus, [&](unsigned i, Gate &gate) {
		gate.begin(!i);
		if (i)
			other(i - 1);
		else
			first();
		gate.end(!i);
	});

	if (lap.lost) {
		fprintf(stderr, "a process of the measurement failed\n");
		exit(2);
	}
	return lap;
}

#endif
