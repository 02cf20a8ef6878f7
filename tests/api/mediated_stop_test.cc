// SPDX-License-Identifier: MIT
// A sender is stopped, or killed, and others go on. MSGQ_STOPS: how often.
#include "mediated.h"
#include "processes.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

#include <sys/ptrace.h>

using api::Child;
using api::Context;
using api::Line;
using api::Shared;
using Queue = api::MediatedQueue;

namespace
{

class MediatedStop : public api::Test
{
protected:
	char msg[64];

	struct State {
		std::atomic<uint64_t> sent;
	};
};

// A direct one is held up by who is stopped with its claim open, for as long as SET_STALL says.
// holds: mediated.stopped
TEST_F(MediatedStop, HoldsUpNobodyAtAnyInstruction)
{
	for (bool direct : { true, false }) {
		const int64_t patience_ns = direct ? 20000000 : 10000000000;
		Queue queue(ctx, 8, direct ? 0 : MSGQIPC_CREATE_MEDIATED);
		Context other;
		// Odd while it sends.
		Shared<std::atomic<int>> stage(0);
		int status = 0, held_up = 0;
		unsigned steps = 0;

		SCOPED_TRACE(direct ? "direct" : "mediated");
		ASSERT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_SET_STALL, 0, nullptr));
		Child sender([&](Line &) {
			Context own;

			// The first one takes thousands of instructions more.
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "first", 5));
			if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
				_exit(3);
			raise(SIGSTOP);
			for (;;) {
				++*stage;
				if (msgqipc_send(own, &queue.addr, "stepped", 7))
					_exit(1);
				++*stage;
			}
		});
		if (waitpid(sender.pid(), &status, 0) != sender.pid() || !WIFSTOPPED(status)) {
			sender.ended(status);
			GTEST_SKIP() << "this system lets no process trace its child";
		}
		const auto step = [&] {
			ASSERT_EQ(ptrace(PTRACE_SINGLESTEP, sender.pid(), nullptr, nullptr), 0);
			ASSERT_EQ(waitpid(sender.pid(), &status, 0), sender.pid());
			ASSERT_TRUE(WIFSTOPPED(status));
		};

		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 5);
		for (bool through = false; !through; steps += 3) {
			bool stepped = false, came = false;

			while (*stage % 2 == 0)
				ASSERT_NO_FATAL_FAILURE(step());
			for (unsigned left = steps; left && *stage % 2; left--)
				ASSERT_NO_FATAL_FAILURE(step());
			through = *stage % 2 == 0;
			ASSERT_SUCC(msgqipc_send(other, &queue.addr, "x", 1));
			for (ssize_t len = 7; len == 7;) {
				len = msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg),
							   patience_ns);
				stepped |= len == 7;
				came = len == 1;
			}
			held_up += !came;
			while (*stage % 2)
				ASSERT_NO_FATAL_FAILURE(step());
			for (ssize_t late : { stepped ? 0 : 7, came ? 0 : 1 })
				ASSERT_TRUE(!late ||
					    msgqipc_recv(ctx, queue, msg, sizeof(msg)) == late);
			ASSERT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
		}
		printf("%s: held up at %d instructions of %u\n", direct ? "direct" : "mediated",
		       held_up, steps / 3);
		EXPECT_EQ(held_up > 0, direct);
		sender.kill_and_wait();
	}
}

// The same where it happens to be, the kernel included; and killed there.
// holds: mediated.stopped
TEST_F(MediatedStop, HoldsUpNobody)
{
	const uint64_t rounds = api::setting("MSGQ_STOPS", 200);
	// Far less than a stop lasts, far more than a send takes.
	constexpr int64_t SOON_NS = 5000000000;
	Queue queue(ctx, 4);
	Context other;
	uint64_t next = 0;
	std::unique_ptr<Child> sender;
	std::unique_ptr<Shared<State>> state;

	for (uint64_t round = 0; round < rounds; round++) {
		int status;
		uint64_t mark = UINT64_MAX;
		ssize_t len;

		if (round % 20 == 0) {
			next = 0;
			state = std::make_unique<Shared<State>>();
			sender = std::make_unique<Child>([&](Line &) {
				Context own;

				for (uint64_t number = 0;;) {
					if (msgqipc_send(own, &queue.addr, &number, 8))
						sched_yield();
					else
						(*state)->sent = ++number;
				}
			});
		}
		const auto receive = [&] {
			uint64_t got = 0;

			len = msgqipc_recv_timeout(ctx, queue, &got, sizeof(got), SOON_NS);
			EXPECT_SUCC(len);
			if (got == mark)
				return true;
			EXPECT_EQ(got, next);
			next = got + 1;
			return false;
		};
		while (next < round * 3 % 50)
			ASSERT_FALSE(receive());
		for (uint64_t turn = 0; turn < round * 7919 % 20011; turn++)
			asm volatile("");
		ASSERT_EQ(kill(sender->pid(), SIGSTOP), 0);
		ASSERT_EQ(waitpid(sender->pid(), &status, WUNTRACED), sender->pid());
		ASSERT_TRUE(WIFSTOPPED(status));
		while (msgqipc_send(other, &queue.addr, &mark, sizeof(mark))) {
			ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
			ASSERT_FALSE(receive());
		}
		while (!receive())
			ASSERT_FALSE(HasFailure());
		// What it was told of is there, and at most one that it was not told of.
		EXPECT_GE(next, (*state)->sent.load());
		EXPECT_LE(next, (*state)->sent.load() + 1);
		if (round % 20 == 19)
			sender->kill_and_wait();
		else
			ASSERT_EQ(kill(sender->pid(), SIGCONT), 0);
	}
}

} // namespace
