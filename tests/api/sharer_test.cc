// SPDX-License-Identifier: MIT
// Processes that share what a context is made of, its address space or its
// descriptors, with the one that opened it.
#include "fixture.h"
#include "processes.h"

#include <climits>

#include <sched.h>
#include <sys/syscall.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Sharer : public api::Test
{
protected:
	// A message goes through, and nothing else was there.
	static void expect_unharmed(msgqipc_ctx *from, const Queue &queue)
	{
		char msg[64];

		EXPECT_ERR(NOTFOUND, msgqipc_recv(queue.ctx, queue, msg, sizeof(msg)));
		EXPECT_SUCC(msgqipc_send(from, &queue.addr, "still", 5));
		EXPECT_EQ(msgqipc_recv(queue.ctx, queue, msg, sizeof(msg)), 5);
	}

	static void expect_ended(pid_t child)
	{
		int status = -1;

		ASSERT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EQ(status, 0);
	}

	// Until the last who could still receive is gone, which is nobody's child here.
	void expect_gone_soon(const msgqipc_addr &addr)
	{
		while (!msgqipc_send(ctx, &addr, "x", 1) || msgqipc_get_error() == MSGQIPC_ERR_RNR)
			usleep(100);
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
	}
};

// holds: ctx.fork-end
TEST_F(Sharer, ThatIsForkedAndExecsHarmsNobody)
{
	Context other;
	Queue queue(ctx, 4);

	for (int round = 0; round < 5; round++) {
		pid_t child = fork();

		if (!child) {
			execl("/bin/true", "true", nullptr);
			_exit(1);
		}
		expect_ended(child);
		expect_unharmed(other, queue);
	}
}

// It runs in our memory, on our stack even, until it execs or ends.
template <bool EXECS>
[[gnu::noinline]] pid_t vforked()
{
	pid_t child = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)

	if (!child) {
		if (EXECS)
			execl("/bin/true", "true", nullptr);
		_exit(EXECS);
	}
	return child;
}

// holds: ctx.vfork
TEST_F(Sharer, ThatIsVforkedHarmsNobody)
{
	Context other;
	Queue queue(ctx, 4);

	for (int round = 0; round < 10; round++) {
		expect_ended(round % 2 ? vforked<true>() : vforked<false>());
		expect_unharmed(other, queue);
	}
}

// Whose memory lives on can still receive, by that of its threads that is left.
// holds: ctx.clone-vm
TEST_F(Sharer, OfTheAddressSpaceKeepsTheQueuesOfTheModule)
{
	Child owner([](Line &up) {
		alignas(64) static char stack[64 * 1024];
		static int line;
		Context own;
		Queue queue(own, 4);

		line = up.descriptor();
		// Its descriptors are copies: it hangs on to the line until we hang up.
		pid_t sharer = clone(
			[](void *) {
				char byte;

				while (syscall(SYS_read, line, &byte, 1) > 0)
					;
				syscall(SYS_exit, 0);
				return 0;
			},
			stack + sizeof(stack), CLONE_VM | SIGCHLD, nullptr);
		ASSERT_GT(sharer, 0);
		up.say(queue.addr);
		pause();
	});
	msgqipc_addr addr = owner.line.hear<msgqipc_addr>();

	ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	owner.kill_and_wait();
	if (api::by_module(ctx)) {
		for (int each = 0; each < 3; each++)
			EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
		EXPECT_ERR(RNR, msgqipc_send(ctx, &addr, "x", 1));
		owner.line.hang_up();
		expect_gone_soon(addr);
	} else {
		// A daemon knows processes only.
		EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	}
}

// The context's descriptor stays open in the table that they share.
// holds: death.forked
TEST_F(Sharer, OfTheDescriptorsKeepsNothing)
{
	Child owner([](Line &up) {
		Context own;
		Queue queue(own, 4);
		// Without the library's leave, so that it closes nothing.
		long sharer = syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr,
				      nullptr);

		ASSERT_GE(sharer, 0);
		if (!sharer) {
			up.hear_out();
			_exit(0);
		}
		up.say(queue.addr);
		pause();
	});
	msgqipc_addr addr = owner.line.hear<msgqipc_addr>();

	ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	owner.kill_and_wait();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	// It is still there to answer: a line that nobody holds refuses words.
	owner.line.say();
}

} // namespace
