// SPDX-License-Identifier: MIT
// A sender that is stopped in the middle of a send does not stop the queue.
#include "stalled.h"

#include "halted.h"
#include "stepped.h"

#include <algorithm>
#include <vector>

namespace
{

using namespace api;

class Stalled : public StalledQueue
{
};

EACH_WAY(Stalled);

// Wherever it stops, what is sent after it comes, and it is sent once itself.
// holds: stall.passed-over, stall.sends-again
TEST_P(Stalled, SenderIsPassedOver)
{
	unsigned revoked = 0, stops = 0;
	bool done = false;

	for (unsigned steps = 0; !done; steps += GetParam() == POLL ? 7 : 17, stops++) {
		Claims claims(queue.addr);
		const uint64_t revokes = claims.revokes();
		Stepped sender(queue.addr, 7);

		if (!sender.traced())
			GTEST_SKIP() << "this system lets no process trace its child";
		sender.until_sending();
		for (unsigned left = steps; left && !sender.done() && sender.step();)
			left--;
		done = sender.done();
		send(8);
		auto start = Clock::now();
		std::vector<uint32_t> got = receive_to(8);
		EXPECT_LT(Clock::now() - start, AT_MOST) << "after " << steps << " steps";

		sender.let_go();
		EXPECT_EQ(sender.error(), MSGQIPC_ERR_SUCC) << "after " << steps << " steps";
		send(9);
		for (uint32_t one : receive_to(9))
			got.push_back(one);
		EXPECT_EQ(got.size(), 3u) << "after " << steps << " steps";
		EXPECT_EQ(std::count(got.begin(), got.end(), 7u), 1)
			<< "after " << steps << " steps";
		revoked += claims.revokes() != revokes;
	}
	printf("stopped at %u instructions, in %u of them with a claim to revoke\n", stops,
	       revoked);
	EXPECT_GT(revoked, 0u);
}

// holds: stall.time
TEST_P(Stalled, LastsAsLongAsIsSet)
{
	Halted sender(queue.addr, 7);

	limit(0);
	sender.await();
	send(8);
	EXPECT_EQ(receive(500'000'000), ~0u) << "passed over, though the limit is: never";
	limit(3'000'000'000);
	EXPECT_EQ(receive(300'000'000), ~0u) << "passed over too soon";
	EXPECT_EQ(receive(), 8u);
	sender.let_go();
	EXPECT_EQ(sender.error(), MSGQIPC_ERR_SUCC);
	EXPECT_EQ(receive(), 7u);
}

class StalledSeldom : public StalledQueue
{
};

// Also for who polls, and has other things to do: it is not counted in hundreds of looks.
TEST_P(StalledSeldom, IsNoticedInAFewLooks)
{
	Halted sender(queue.addr, 7);
	uint32_t got = ~0u;
	int looks = 1;

	sender.await();
	send(8);
	for (; msgqipc_recv(ctx, queue, &got, sizeof(got)) != sizeof(got) && looks < 100; looks++)
		usleep(20'000);
	EXPECT_EQ(got, 8u);
	EXPECT_LE(looks, 20);
	sender.let_go();
	EXPECT_EQ(sender.error(), MSGQIPC_ERR_SUCC);
	EXPECT_EQ(receive(), 7u);
}

INSTANTIATE_TEST_SUITE_P(, StalledSeldom, ::testing::Values(POLL), way_name);

// The place that it had is free, and so is the scratch that it wrote to.
// holds: stall.killed
TEST_P(Stalled, SenderIsKilledAfterIt)
{
	for (int i = 0; i < 5; i++) {
		Halted sender(queue.addr, 7);

		sender.await();
		send(8);
		EXPECT_EQ(receive(), 8u);
		sender.kill();
		send(9);
		EXPECT_EQ(receive(), 9u);
	}
	EXPECT_EQ(receive(100'000'000), ~0u);
}

} // namespace
