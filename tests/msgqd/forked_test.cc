// SPDX-License-Identifier: MIT
/* What a forked child has of its parent's: nothing that it would have to close. */
#include <thread>

#include <sys/wait.h>

#include "../api/fixture.h"
#include "served.h"
#include "usage.h"

using api::Context;
using api::Queue;

namespace
{

class Forked : public Served
{
protected:
	static void expect_child_has(long descriptors)
	{
		pid_t child = fork();

		if (!child) {
			EXPECT_EQ(Usage(getpid()).descriptors, descriptors);
			fflush(nullptr);
			_exit(HasFailure());
		}
		EXPECT_EQ(ended(child), 0);
	}
};

TEST_F(Forked, ChildHasNoBells)
{
	const long before = Usage(getpid()).descriptors;
	Context owner, sender;
	Queue queues[] = { Queue(owner), Queue(owner), Queue(owner) };

	expect_child_has(before);
	ASSERT_SUCC(msgqipc_ctl(owner, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
	for (const Queue &queue : queues)
		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
	EXPECT_GE(Usage(getpid()).descriptors, before + 2 + 2 * 3) << "there is none to leave";
	expect_child_has(before);

	/* Those that were let go are in no list any more. */
	ASSERT_SUCC(msgqipc_close(owner, queues[1], 0));
	ASSERT_ERR(NOTFOUND, msgqipc_send(sender, &queues[1].addr, "x", 1));
	expect_child_has(before);
}

/* The daemon is asked, and does not answer for now. */
TEST_F(Forked, ChildHasNoConnectionThatIsBeingMade)
{
	const long before = Usage(getpid()).descriptors;

	kill(pid, SIGSTOP);
	waitpid(pid, nullptr, WUNTRACED);
	std::thread other([] { Context ctx; });

	while (Usage(getpid()).descriptors == before)
		usleep(1000);
	usleep(20000);
	expect_child_has(before);
	kill(pid, SIGCONT);
	other.join();
}

} // namespace
