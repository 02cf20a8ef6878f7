// SPDX-License-Identifier: MIT
/* Signal handlers that jump out of a call while it waits for msgqd. */
#include <csetjmp>
#include <random>

#include <sys/time.h>

#include "../api/fixture.h"
#include "served.h"
#include "usage.h"

using api::Context;
using api::Queue;

namespace
{

sigjmp_buf out;

void jump(int)
{
	siglongjmp(out, 1);
}

class Jumped : public Served
{
protected:
	void SetUp() override
	{
		Served::SetUp();
		signal(SIGVTALRM, jump);
		signal(SIGUSR1, jump);
	}
	void TearDown() override
	{
		signal(SIGUSR1, SIG_DFL);
		signal(SIGVTALRM, SIG_DFL);
		Served::TearDown();
	}

	/* Not on the stack that is jumped on. */
	int i = 0, left = 0;

	/* Jumps out of @call, which the daemon has been asked by and has not answered. */
	template <typename Call>
	void leave(Call &&call)
	{
		kill(pid, SIGSTOP);
		waitpid(pid, nullptr, WUNTRACED);
		pid_t caller = getpid();
		pid_t waker = fork();

		if (!waker) {
			usleep(50000);
			kill(caller, SIGUSR1);
			_exit(0);
		}
		if (!sigsetjmp(out, 1)) {
			call();
			ADD_FAILURE() << "it has not waited";
		}
		waitpid(waker, nullptr, 0);
		kill(pid, SIGCONT);
	}

	static void expect_right_answers(msgqipc_ctx *ctx)
	{
		msgqipc_key keys[] = { api::unique_key(), api::unique_key() };
		Queue one(ctx, 4, keys[0]), two(ctx, 4, keys[1]);
		msgqipc_addr found;

		for (int i = 0; i < 3; i++) {
			ASSERT_SUCC(api::lookup(ctx, keys[0], &found));
			EXPECT_TRUE(api::same(found, one.addr));
			ASSERT_SUCC(api::lookup(ctx, keys[1], &found));
			EXPECT_TRUE(api::same(found, two.addr));
		}
	}
};

// holds: stall.longjmp
TEST_F(Jumped, AttachIsDoneAgain)
{
	Context owner, sender;
	Queue queue(owner);
	Usage before(getpid());

	for (; i < 3; i++)
		leave([&] { msgqipc_send(sender, &queue.addr, "x", 1); });
	expect_right_answers(sender);
	EXPECT_EQ(Usage(getpid()).descriptors, before.descriptors);
	ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "y", 1));
	char text[64];
	EXPECT_EQ(msgqipc_recv_timeout(owner, queue, text, sizeof(text), 0), 1);
	EXPECT_EQ(text[0], 'y');
}

// holds: stall.longjmp
TEST_F(Jumped, WakeIsDoneAgain)
{
	Context owner, sender;
	Queue queue(owner);

	ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
	char text[64];
	ASSERT_EQ(msgqipc_recv_timeout(owner, queue, text, sizeof(text), 0), 1);
	ASSERT_SUCC(msgqipc_ctl(owner, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
	Usage before(getpid());
	leave([&] { msgqipc_send(sender, &queue.addr, "y", 1); });
	expect_right_answers(sender);
	EXPECT_EQ(msgqipc_recv_timeout(owner, queue, text, sizeof(text), 0), 1);
	EXPECT_EQ(Usage(getpid()).descriptors, before.descriptors);
}

/* At any instruction, of a call that allocates nothing. */
TEST_F(Jumped, CallsAtAnyInstant)
{
	constexpr int CALLS = 20000;
	std::mt19937 random(1);
	Context ctx;
	msgqipc_key keys[] = { api::unique_key(), api::unique_key() };
	Queue one(ctx, 4, keys[0]), two(ctx, 4, keys[1]);
	Usage before(getpid());

	for (; i < CALLS; i++) {
		itimerval soon = { {}, { 0, 1 + static_cast<long>(random() % 60) } }, never = {};
		const int which = i % 2;
		msgqipc_addr found;

		signal(SIGALRM, jump);
		if (sigsetjmp(out, 1)) {
			left++;
			continue;
		}
		setitimer(ITIMER_REAL, &soon, nullptr);
		int result = api::lookup(ctx, keys[which], &found);
		setitimer(ITIMER_REAL, &never, nullptr);
		ASSERT_EQ(result, 0) << i << ": " << msgqipc_error_detail();
		ASSERT_TRUE(api::same(found, which ? two.addr : one.addr)) << i;
	}
	signal(SIGALRM, SIG_DFL);
	alarm(60);
	std::cout << "           " << left << " calls were left\n";
	EXPECT_GT(left, 0);
	EXPECT_EQ(Usage(getpid()).descriptors, before.descriptors);
}

} // namespace
