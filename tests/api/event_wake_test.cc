// SPDX-License-Identifier: MIT
// No wake-up is lost. MSGQ_HANDOFFS: how many hand-offs of each kind.
#include "processes.h"
#include "rings.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <thread>
#include <vector>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

constexpr int STALL_MS = 20000;
// A wake-up that was lost after all is made up for this late, by the re-check.
constexpr auto LATE = std::chrono::milliseconds(95);

enum Kind { RECV, POLL, EDGE, URING_POLL, URING_COMMAND };

struct {
	const char *test, *text;
} const names[] = {
	{ "Recv", "recv" },
	{ "Poll", "ARM and poll" },
	{ "Edge", "ARM and epoll, edges" },
	{ "UringPoll", "ARM and io_uring's poll" },
	{ "UringCommand", "ARM and io_uring's command" },
};

// How often each CPU has kept one waiting who only slept: for whom a wake-up was
// late meanwhile, it need not have been lost.
class Stalls
{
	std::atomic<bool> over{ false };
	std::atomic<uint32_t> seen{ 0 };
	std::vector<std::thread> sleepers;

	void sleep_on(size_t cpu)
	{
		cpu_set_t only;

		CPU_ZERO(&only);
		CPU_SET(cpu, &only);
		sched_setaffinity(0, sizeof(only), &only);
		while (!over) {
			auto start = std::chrono::steady_clock::now();

			std::this_thread::sleep_for(std::chrono::milliseconds(5));
			seen += std::chrono::steady_clock::now() - start > LATE / 2;
		}
	}

public:
	Stalls()
	{
		for (size_t cpu = 0; cpu < std::thread::hardware_concurrency(); cpu++)
			sleepers.emplace_back([this, cpu] { sleep_on(cpu); });
	}

	uint32_t end()
	{
		over = true;
		for (auto &each : sleepers)
			each.join();
		return seen;
	}
};

uint32_t handoffs()
{
	bool in_vm = !getenv("MSGQ_SOCKET") && !access("/dev/msgq", F_OK);

	return uint32_t(api::setting("MSGQ_HANDOFFS", in_vm ? 3000 : 20000));
}

// One of two who hand each other a number, and wait for it in their own way.
class Player
{
	const Kind kind;
	const Queue &queue;
	int edges = -1;
	std::unique_ptr<api::Ring> ring;
	uint64_t random;

	// An edge, or that the descriptor is readable.
	bool told()
	{
		int fd = api::descriptor(queue.ctx), result;
		epoll_event edge;

		switch (kind) {
		case EDGE:
			return epoll_wait(edges, &edge, 1, STALL_MS) == 1;
		case URING_POLL:
			ring->poll(fd, 1);
			return ring->wait(STALL_MS).result == POLLIN;
		case URING_COMMAND:
			do {
				ring->command(fd, 1);
				result = ring->wait(STALL_MS).result;
			} while (result == -ETIME);
			return !result;
		default:
			return api::readable(queue.ctx, STALL_MS);
		}
	}

	bool wait(uint32_t *got)
	{
		msgqipc_event event;

		for (;;) {
			if (msgqipc_recv(queue.ctx, queue, got, sizeof(*got)) == sizeof(*got))
				return true;
			api::arm(queue.ctx);
			pause();
			if (!told())
				return false;
			msgqipc_get_events(queue.ctx, &event, 1);
		}
	}

public:
	uint32_t late = 0;

	Player(Kind how, const Queue &own, uint64_t seed) : kind(how), queue(own), random(seed)
	{
		epoll_event event = {};

		if (kind == URING_POLL || kind == URING_COMMAND)
			ring = std::make_unique<api::Ring>();
		if (kind != EDGE)
			return;
		event.events = EPOLLIN | EPOLLET;
		edges = epoll_create1(EPOLL_CLOEXEC);
		EXPECT_EQ(epoll_ctl(edges, EPOLL_CTL_ADD, api::descriptor(queue.ctx), &event), 0);
	}

	~Player()
	{
		if (edges >= 0)
			close(edges);
	}

	// Up to some tens of microseconds, short ones more often.
	void pause()
	{
		random = random * 6364136223846793005u + 1442695040888963407u;
		for (uint64_t left = 1u << (random >> 60); left; left--)
			std::atomic_signal_fence(std::memory_order_seq_cst);
	}

	bool receive(uint32_t expected)
	{
		auto start = std::chrono::steady_clock::now();
		uint32_t got = ~0u;
		bool came = kind == RECV ? msgqipc_recv_timeout(queue.ctx, queue, &got, sizeof(got),
								STALL_MS * 1000000ll) == sizeof(got)
					 : wait(&got);

		EXPECT_TRUE(came) << "stalled at " << expected;
		late += std::chrono::steady_clock::now() - start > LATE;
		return came && got == expected;
	}
};

class EventWake : public ::testing::TestWithParam<Kind>
{
};

// holds: fd.no-lost-wakeup
TEST_P(EventWake, IsNeverLost)
{
	const uint32_t rounds = handoffs() / 2;
	Shared<std::atomic<uint32_t>> late(0u);
	Context ctx;
	Queue queue(ctx, 1);

	if (GetParam() == URING_POLL)
		SKIP_WITHOUT_RINGS();
	if (GetParam() == URING_COMMAND)
		SKIP_WITHOUT_COMMANDS(ctx);
	api::watch(1 + handoffs() / 5000);
	Child other([&](Line &up) {
		Context own;
		Queue here(own, 1);
		Player player(GetParam(), here, 1);

		api::watch(1 + handoffs() / 5000);
		up.say(here.addr);
		for (uint32_t round = 0; round < rounds; round++) {
			ASSERT_TRUE(player.receive(round));
			player.pause();
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, &round, sizeof(round)));
		}
		*late += player.late;
	});
	msgqipc_addr there = other.line.hear<msgqipc_addr>();
	Player player(GetParam(), queue, 2);
	Stalls stalls;
	uint32_t round = 0;

	while (round < rounds) {
		player.pause();
		if (msgqipc_send(ctx, &there, &round, sizeof(round)) || !player.receive(round))
			break;
		round++;
	}
	const uint32_t stalled = stalls.end();
	EXPECT_EQ(round, rounds) << msgqipc_error_detail();
	other.finish();
	*late += player.late;
	printf("%s: %u hand-offs, %u of them late; CPUs stood still %u times\n",
	       names[GetParam()].text, rounds * 2, late->load(), stalled);
	EXPECT_LE(*late, 5 + rounds / 1000 + stalled);
	api::watch();
}

INSTANTIATE_TEST_SUITE_P(, EventWake,
			 ::testing::Values(RECV, POLL, EDGE, URING_POLL, URING_COMMAND),
			 [](const auto &kind) { return names[kind.param].test; });

// The sender is stopped at the system call that would have woken.
TEST(EventOfStopped, SenderIsMadeUpFor)
{
	Context ctx;
	Queue queue(ctx, 4);
	Shared<std::atomic<int>> stage(0);
	Child sender([&](Line &) {
		Context own;

		api::send(own, queue.addr);
		if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
			_exit(3);
		raise(SIGSTOP);
		*stage = 1;
		api::send(own, queue.addr);
		*stage = 2;
	});
	int status = 0;

	if (waitpid(sender.pid(), &status, 0) != sender.pid() || !WIFSTOPPED(status)) {
		sender.ended(status);
		GTEST_SKIP() << "this system lets no process trace its child";
	}
	api::receive(queue);
	api::arm(ctx);
	EXPECT_FALSE(api::readable(ctx));
	do {
		ASSERT_EQ(ptrace(PTRACE_SYSCALL, sender.pid(), nullptr, nullptr), 0);
		ASSERT_EQ(waitpid(sender.pid(), &status, 0), sender.pid());
		ASSERT_TRUE(WIFSTOPPED(status));
	} while (*stage == 0);

	ASSERT_EQ(*stage, 1) << "it sent without a system call";
	EXPECT_FALSE(api::readable(ctx));
	EXPECT_TRUE(api::readable(ctx, STALL_MS));
	EXPECT_EQ(api::events(ctx).size(), 1u);
	api::receive(queue);
	ptrace(PTRACE_DETACH, sender.pid(), nullptr, nullptr);
	sender.finish();
}

// A queue at whose head a claim is open cannot be armed.
TEST(EventOfStopped, ClaimComesLater)
{
	Context ctx;
	Queue queue(ctx, 4);
	Shared<std::atomic<int>> stage(0);
	uint32_t stopped_open = 0;

	for (unsigned steps = 0;; steps += 5) {
		int status = 0;

		*stage = 0;
		Child sender([&](Line &) {
			Context own;

			// The first one takes a thousand instructions more.
			api::send(own, queue.addr);
			if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
				_exit(3);
			raise(SIGSTOP);
			*stage = 1;
			api::send(own, queue.addr);
			*stage = 2;
			_exit(0);
		});
		if (waitpid(sender.pid(), &status, 0) != sender.pid() || !WIFSTOPPED(status)) {
			sender.ended(status);
			GTEST_SKIP() << "this system lets no process trace its child";
		}
		// Leaves the queue active: it is armed, or not, with the claim there.
		api::receive(queue);
		for (unsigned left = steps; *stage < 2;) {
			if (*stage == 1 && !left--)
				break;
			ASSERT_EQ(ptrace(PTRACE_SINGLESTEP, sender.pid(), nullptr, nullptr), 0);
			ASSERT_EQ(waitpid(sender.pid(), &status, 0), sender.pid());
			ASSERT_TRUE(WIFSTOPPED(status));
		}
		bool done = *stage == 2;
		bool there = !api::events(ctx).empty();

		api::arm(ctx);
		// Before the claim, in it, or after it: the rest comes, and is told of.
		bool early = api::readable(ctx, 20);
		stopped_open += early && !there;
		ptrace(PTRACE_DETACH, sender.pid(), nullptr, nullptr);
		sender.finish();
		do {
			api::arm(ctx);
			ASSERT_TRUE(api::readable(ctx, STALL_MS)) << "after " << steps << " steps";
		} while (api::silent(ctx));
		api::receive(queue);
		EXPECT_TRUE(api::silent(ctx));
		if (done)
			break;
	}
	printf("stopped %u times with the claim open\n", stopped_open);
	EXPECT_GT(stopped_open, 0u);
}

} // namespace
