// SPDX-License-Identifier: MIT
#include "partner.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "patience.h"

namespace
{

constexpr long gap_us = 2000; /* long enough for who receives to be asleep */

class Server
{
public:
	Server(const msgqipc_addr &to, int report) : to_(to)
	{
		msgqipc_addr own{};

		queue_ = msgqipc_create(client_.ctx(), MSGQIPC_KEY_PRIVATE, &own, 64, 0, 0);
		if (!queue_ || msgqipc_activate(client_.ctx(), queue_))
			throw failure("cannot make a queue");
		if (write(report, &own, sizeof(own)) != sizeof(own))
			throw Failure{ Exit::Failed, "nobody waits" };
		close(report);
	}

	void serve()
	{
		char message[64];
		Order order{};

		for (;;) {
			ssize_t got = msgqipc_recv_timeout(client_.ctx(), queue_, message,
							   sizeof(message), may_spin() ? 0 : -1);

			if (got < 0)
				continue;
			memcpy(&order, message, sizeof(order));
			switch (order.task) {
			case Task::Echo:
				send(message, static_cast<size_t>(got));
				break;
			case Task::Stream:
				stream(order);
				break;
			case Task::Wake:
				wake(order);
				break;
			case Task::End:
				return;
			}
		}
	}

private:
	void send(const void *message, size_t length)
	{
		while (msgqipc_send(client_.ctx(), &to_, message, length))
			if (!may_spin())
				sched_yield();
	}

	void stream(const Order &order)
	{
		const uint64_t end = clock_monotonic() + order.milliseconds * 1000000ull;
		char message[64] = {};

		while (clock_monotonic() < end)
			for (int i = 0; i < 256; i++)
				send(message, order.length);
		send("", 0);
	}

	void wake(const Order &order)
	{
		const uint64_t end = clock_monotonic() + order.milliseconds * 1000000ull;

		while (clock_monotonic() < end) {
			nap(gap_us);
			uint64_t now = clock_monotonic();

			send(&now, sizeof(now));
		}
		send("", 0);
	}

	Client client_;
	msgqipc_addr to_;
	msgqipc_queue *queue_;
};

} // namespace

std::vector<int> two_cpus()
{
	std::vector<int> cpus;
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set))
		return cpus;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus.push_back(cpu);
	if (cpus.size() > 2)
		cpus = { cpus.front(), cpus[cpus.size() / 2] };
	return cpus;
}

void run_on(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

Partner::Partner(const msgqipc_addr &to, int cpu)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) || (pid_ = fork()) < 0)
		throw Failure{ Exit::Failed,
			       std::string("cannot start a process: ") + strerror(errno) };
	if (!pid_) {
		close(ends[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_on(cpu);
		try {
			Server(to, ends[1]).serve();
		} catch (const Failure &failed) {
			fprintf(stderr, "msgqctl: %s\n", failed.text.c_str());
			_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &addr_, sizeof(addr_));

	close(ends[0]);
	if (got != sizeof(addr_)) {
		waitpid(pid_, nullptr, 0);
		throw Failure{ Exit::Failed, "the process at the other end has ended" };
	}
}

Partner::~Partner()
{
	kill(pid_, SIGKILL);
	waitpid(pid_, nullptr, 0);
}

bool Partner::alive() const
{
	siginfo_t ended = {};

	return !waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) &&
	       !ended.si_pid;
}
