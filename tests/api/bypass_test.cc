// SPDX-License-Identifier: MIT
// With the receiver polling, neither send nor receive makes a system call.
#include "fixture.h"
#include "processes.h"

#include <atomic>

#include <sys/ptrace.h>
#include <sys/syscall.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

constexpr int TIMES = 10000;
constexpr long MARK = SYS_getppid;

void mark()
{
	syscall(MARK);
}

class Bypass : public api::Test
{
protected:
	void SetUp() override
	{
		api::Test::SetUp();
		Child trial([](Line &) { _exit(ptrace(PTRACE_TRACEME, 0, 0, 0) ? 77 : 0); });

		if (trial.wait())
			GTEST_SKIP() << "ptrace was refused";
	}

	// Runs @body in a traced child; the system calls between its two marks.
	template <typename F>
	static int count(F &&body)
	{
		Child traced([&](Line &up) {
			ASSERT_EQ(ptrace(PTRACE_TRACEME, 0, 0, 0), 0);
			raise(SIGSTOP);
			body(up);
		});
		pid_t pid = traced.pid();
		int status, marks = 0, calls = 0;
		int deliver = 0;

		waitpid(pid, &status, 0);
		ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		for (;;) {
			__ptrace_syscall_info info = {};

			ptrace(PTRACE_SYSCALL, pid, 0, deliver);
			if (waitpid(pid, &status, 0) == -1 || !WIFSTOPPED(status))
				break;
			deliver = 0;
			if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
				deliver = WSTOPSIG(status);
				continue;
			}
			ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
			if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
				continue;
			if (info.entry.nr == uint64_t(MARK))
				marks++;
			else if (marks == 1)
				calls++;
		}
		traced.ended(status);
		EXPECT_EQ(status, 0) << "the traced child failed";
		EXPECT_EQ(marks, 2);
		return calls;
	}
};

// The instrument has to be able to show what the others show the absence of.
TEST_F(Bypass, WouldBeMissedIfThereWereCalls)
{
	EXPECT_EQ(count([](Line &) {
			  mark();
			  for (int each = 0; each < 5; each++)
				  syscall(SYS_getuid);
			  mark();
		  }),
		  5);
}

// holds: bypass.send, bypass.recv
TEST_F(Bypass, HoldsForSendAndRecvOfOneProcess)
{
	EXPECT_EQ(count([](Line &) {
			  Context own;
			  Queue queue(own, 3);
			  char msg[64] = {};
			  int sent = 0, received = 0;

			  ASSERT_SUCC(msgqipc_send(own, &queue.addr, msg, 1));
			  ASSERT_SUCC(msgqipc_recv(own, queue, msg, sizeof(msg)));
			  mark();
			  for (int each = 0; each < TIMES; each++) {
				  sent += !msgqipc_send(own, &queue.addr, msg, each % 65);
				  received +=
					  msgqipc_recv(own, queue, msg, sizeof(msg)) == each % 65;
			  }
			  mark();
			  EXPECT_EQ(sent, TIMES);
			  EXPECT_EQ(received, TIMES);
		  }),
		  0);
}

// holds: bypass.send
TEST_F(Bypass, HoldsForASenderWhoseReceiverPolls)
{
	Shared<std::atomic<int>> received;
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own, 64);
		char msg[64];

		up.say(queue.addr);
		while (*received < TIMES + 1)
			if (msgqipc_recv(own, queue, msg, sizeof(msg)) >= 0)
				++*received;
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();

	EXPECT_EQ(count([&](Line &) {
			  Context own;

			  ASSERT_SUCC(msgqipc_send(own, &addr, "first", 5));
			  mark();
			  for (int each = 0; each < TIMES;)
				  each += !msgqipc_send(own, &addr, "message", 7);
			  mark();
		  }),
		  0);
	receiver.finish();
	EXPECT_EQ(*received, TIMES + 1);
}

// holds: bypass.recv
TEST_F(Bypass, HoldsForAPollingReceiver)
{
	struct State {
		std::atomic<bool> ready = false;
		msgqipc_addr addr = {};
	};
	Shared<State> state;
	Child sender([&](Line &) {
		while (!state->ready)
			sched_yield();
		Context own;
		for (int each = 0; each < TIMES;)
			each += !msgqipc_send(own, &state->addr, "message", 7);
	});

	EXPECT_EQ(count([&](Line &) {
			  Context own;
			  Queue queue(own, 64);
			  char msg[64];

			  state->addr = queue.addr;
			  state->ready = true;
			  mark();
			  for (int each = 0; each < TIMES;)
				  each += msgqipc_recv(own, queue, msg, sizeof(msg)) == 7;
			  mark();
		  }),
		  0);
	sender.finish();
}

// holds: bypass.look
TEST_F(Bypass, HoldsForAllThatLooksAtAnEmptyOrFullQueue)
{
	EXPECT_EQ(count([](Line &) {
			  Context own;
			  Queue empty(own, 3), full(own, 1);
			  int right = 0;
			  char msg[64];

			  ASSERT_SUCC(msgqipc_send(own, &full.addr, "x", 1));
			  ASSERT_SUCC(msgqipc_poke(own, &empty.addr));
			  mark();
			  for (int each = 0; each < TIMES; each++) {
				  right += msgqipc_recv(own, empty, msg, sizeof(msg)) == -1;
				  right += msgqipc_peek(own, empty, msg, sizeof(msg), 0) == -1;
				  right += msgqipc_peek(own, full, msg, sizeof(msg), 0) == 1;
				  right += msgqipc_poke(own, &empty.addr) == 0;
				  right += msgqipc_poke(own, &full.addr) == -1;
				  right += msgqipc_send(own, &full.addr, msg, 1) == -1;
			  }
			  mark();
			  EXPECT_EQ(right, 6 * TIMES);
		  }),
		  0);
}

// Blocking or not makes no difference while there is something to receive.
// holds: bypass.recv, recv.block-no-effect
TEST_F(Bypass, HoldsForABlockingQueueWithMessages)
{
	EXPECT_EQ(count([](Line &) {
			  Context own;
			  Queue queue(own, 2);
			  int right = 0;
			  char msg[64];

			  queue.block();
			  ASSERT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
			  mark();
			  for (int each = 0; each < TIMES; each++) {
				  right += msgqipc_send(own, &queue.addr, "x", 1) == 0;
				  right += msgqipc_recv(own, queue, msg, sizeof(msg)) == 1;
			  }
			  mark();
			  EXPECT_EQ(right, 2 * TIMES);
		  }),
		  0);
}

} // namespace
