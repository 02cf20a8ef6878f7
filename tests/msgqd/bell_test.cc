// SPDX-License-Identifier: MIT
/* Who has a bell may do with it as they like, and hold up nobody who rings it. */
#include <atomic>
#include <climits>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <random>
#include <thread>

#include "daemon.h"

namespace
{

class Bell : public Daemon
{
protected:
	void SetUp() override
	{
		Daemon::SetUp();
		owner = std::make_unique<Connection>(path);
		owner->greet();
		msgq_handle own{};
		Answer answer = owner->ask(MSGQ_WIRE_BELL, own);
		ASSERT_EQ(answer.areas.size(), 1u);
		bell = answer.areas[0];
	}
	void TearDown() override
	{
		close(bell);
		owner.reset();
		Daemon::TearDown();
	}

	int kick()
	{
		msgq_kick now{};

		now.flags = MSGQ_KICK_NOW;
		return owner->ask(MSGQ_IOC_KICK, now).header.error;
	}
	bool rung() const
	{
		pollfd one = { bell, POLLIN, 0 };

		return poll(&one, 1, 0) == 1;
	}

	void empty() const
	{
		__u64 count;

		EXPECT_GT(rung() ? read(bell, &count, sizeof(count)) : 1, 0);
	}

	std::unique_ptr<Connection> owner;
	int bell = -1;
};

constexpr __u64 FULL = UINT64_MAX - 1;
constexpr int ROUNDS = 20000;

} // namespace

TEST_F(Bell, RingsAfterWhatWasReadAway)
{
	__u64 count;

	for (int i = 0; i < 3; i++) {
		EXPECT_FALSE(rung());
		EXPECT_EQ(kick(), 0);
		EXPECT_TRUE(rung());
		EXPECT_EQ(read(bell, &count, sizeof(count)), static_cast<ssize_t>(sizeof(count)));
	}
}

TEST_F(Bell, FullAndBlockingIsRung)
{
	ASSERT_EQ(fcntl(bell, F_SETFL, 0), 0);
	ASSERT_EQ(write(bell, &FULL, sizeof(FULL)), static_cast<ssize_t>(sizeof(FULL)));
	EXPECT_EQ(kick(), 0);
	EXPECT_TRUE(rung());
}

/* However soon after a look at it: a daemon that waits there hangs up on everybody. */
TEST_F(Bell, ThatIsFilledMeanwhileIsRung)
{
	std::atomic<int> round = 0, filled = 0;
	std::minstd_rand random(1);
	msgq_kick now{};

	ASSERT_EQ(fcntl(bell, F_SETFL, 0), 0);
	owner->patience(5);
	now.flags = MSGQ_KICK_NOW;
	std::thread filler([&] {
		for (int mine = 1; mine <= ROUNDS; mine++) {
			while (round < mine)
				;
			for (unsigned spins = random() % 4096; spins; spins--)
				std::atomic_signal_fence(std::memory_order_seq_cst);
			/* Where the daemon was first, this waits until there is room. */
			if (write(bell, &FULL, sizeof(FULL)) < 0)
				break;
			filled = mine;
		}
	});
	for (int mine = 1; mine <= ROUNDS; mine++) {
		round = mine;
		EXPECT_EQ(owner->ask(MSGQ_IOC_KICK, now).header.error, 0) << mine;
		/* Also what lets go a daemon that waits after all. */
		while (filled < mine || rung())
			empty();
	}
	filler.join();
}
