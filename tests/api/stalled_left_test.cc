// SPDX-License-Identifier: MIT
// Senders that leave a send for good, or are stopped by other means than a debugger.
#include "stalled.h"

#include "cgroup.h"
#include "halted.h"

namespace
{

using namespace api;

class StalledLeft : public StalledQueue
{
protected:
	// Senders that have claimed, and then leave.
	void left(Halt how)
	{
		for (int i = 0; i < 3; i++) {
			auto start = Clock::now();
			Halted sender(queue.addr, 7, how);

			EXPECT_EQ(receive(), 8u) << "what it left unsent, or nothing";
			EXPECT_LT(Clock::now() - start, AT_MOST);
			sender.finish();
			send(9);
			EXPECT_EQ(receive(), 9u);
		}
	}
};

EACH_WAY(StalledLeft);

// holds: stall.longjmp
TEST_P(StalledLeft, ByLongjmp)
{
	left(Halt::JUMP);
}

// holds: stall.thread
TEST_P(StalledLeft, ByTheEndOfItsThread)
{
	left(Halt::THREAD);
}

// holds: stall.frozen
TEST_P(StalledLeft, StoppedThenFrozen)
{
	Cgroup cgroup("frozen");
	Halted sender(queue.addr, 7);

	sender.await();
	cgroup.set("cgroup.procs", std::to_string(sender.pid()));
	send(8);
	EXPECT_EQ(receive(), 8u);

	cgroup.set("cgroup.freeze", "1");
	sender.let_go();
	send(9);
	EXPECT_EQ(receive(), 9u);
	EXPECT_EQ(receive(300'000'000), ~0u) << "it is frozen";

	cgroup.set("cgroup.freeze", "0");
	EXPECT_EQ(sender.error(), MSGQIPC_ERR_SUCC);
	EXPECT_EQ(receive(), 7u);
	EXPECT_EQ(receive(100'000'000), ~0u);
}

} // namespace
