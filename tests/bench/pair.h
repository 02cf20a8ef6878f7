/* SPDX-License-Identifier: MIT */
/* Processes that start together, each on its CPU, and the time they took. */
#ifndef MSGQ_TESTS_BENCH_PAIR_H
#define MSGQ_TESTS_BENCH_PAIR_H

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#include <msgq/atomic.h>

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

inline std::vector<int> allowed_cpus()
{
	std::vector<int> cpus;
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus.push_back(cpu);
	return cpus;
}

inline bool pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
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
};

/*
 * Runs @first here on @cpus[0] and @other(i) in children on @cpus[i + 1].
 * The time is from the common start to the end of @first.
 */
template <typename First, typename Other>
Lap race(const std::vector<int> &cpus, First first, Other other)
{
	auto *ready = static_cast<std::atomic<unsigned> *>(shared_bytes(4096));
	const unsigned others = static_cast<unsigned>(cpus.size()) - 1;
	std::vector<pid_t> pids;

	for (unsigned i = 0; i < others; i++) {
		const pid_t pid = fork();

		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (!pin(cpus[i + 1]))
				_exit(2);
			ready->fetch_add(1);
			while (ready->load() <= others)
				sched_yield();
			const long before = preemptions();
			other(i);
			_exit(preemptions() != before);
		}
		pids.push_back(pid);
	}
	pin(cpus[0]);
	while (ready->load() < others)
		sched_yield();
	ready->fetch_add(1);
	const long before = preemptions();
	const uint64_t begin = now_ns();
	first();
	Lap lap = { now_ns() - begin, false };
	lap.disturbed = preemptions() != before;
	for (pid_t pid : pids) {
		int status;

		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
		    WEXITSTATUS(status) > 1) {
			fprintf(stderr, "a process of the measurement failed\n");
			exit(2);
		}
		lap.disturbed |= WEXITSTATUS(status) == 1;
	}
	munmap(ready, 4096);
	return lap;
}

#endif
