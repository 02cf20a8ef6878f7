// SPDX-License-Identifier: MIT
#include "processes.h"
#include "watching.h"

#include <sys/epoll.h>
#include <sys/select.h>

using api::arm;
using api::Context;
using api::events;
using api::Queue;
using api::readable;
using api::receive;
using api::silent;

namespace
{

// How long nothing has to happen to count as nothing.
constexpr int QUIET_MS = 250;
constexpr int LONG_MS = 20000;

class Poller
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

public:
	Poller(int watched, uint32_t wanted)
	{
		epoll_event event = {};

		event.events = wanted;
		EXPECT_EQ(epoll_ctl(fd, EPOLL_CTL_ADD, watched, &event), 0);
	}
	~Poller()
	{
		close(fd);
	}

	int descriptor() const
	{
		return fd;
	}

	int wait(int ms) const
	{
		epoll_event event;

		return epoll_wait(fd, &event, 1, ms);
	}
};

class Arm : public api::Test
{
protected:
	Queue queue{ ctx, 8 };
	Context sender;
};

// holds: fd.same
TEST_F(Arm, TellsOneDescriptor)
{
	int fd = api::descriptor(ctx);

	EXPECT_GE(fd, 0);
	EXPECT_EQ(api::descriptor(ctx), fd);
	EXPECT_NE(api::descriptor(sender), fd);
}

TEST_F(Arm, IsQuietWhenThereIsNothing)
{
	arm(ctx);
	EXPECT_FALSE(readable(ctx, QUIET_MS));
}

// holds: fd.arm
TEST_F(Arm, TellsOfWhatComes)
{
	for (int round = 0; round < 100; round++) {
		arm(ctx);
		ASSERT_FALSE(readable(ctx)) << round;
		api::send(sender, queue.addr);
		ASSERT_TRUE(readable(ctx)) << round;
		ASSERT_EQ(events(ctx).size(), 1u);
		receive(queue);
	}
}

// holds: fd.arm-before
TEST_F(Arm, TellsOfWhatWasThereBefore)
{
	api::send(sender, queue.addr);
	arm(ctx);
	EXPECT_TRUE(readable(ctx));
	receive(queue);
	arm(ctx);
	EXPECT_FALSE(readable(ctx, QUIET_MS));
	api::send(sender, queue.addr, 2);
	EXPECT_TRUE(readable(ctx));
	receive(queue);
	arm(ctx);
	EXPECT_TRUE(readable(ctx));
}

// holds: fd.poll
TEST_F(Arm, ServesSelect)
{
	int fd = api::descriptor(ctx);
	timeval now = {};
	fd_set set;

	arm(ctx);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	EXPECT_EQ(select(fd + 1, &set, nullptr, nullptr, &now), 0);
	api::send(sender, queue.addr);
	FD_ZERO(&set);
	FD_SET(fd, &set);
	EXPECT_EQ(select(fd + 1, &set, nullptr, nullptr, &now), 1);
}

// holds: fd.poll
TEST_F(Arm, ServesLevels)
{
	Poller poller(api::descriptor(ctx), EPOLLIN);

	arm(ctx);
	EXPECT_EQ(poller.wait(0), 0);
	api::send(sender, queue.addr);
	EXPECT_EQ(poller.wait(0), 1);
	EXPECT_EQ(poller.wait(0), 1);
	EXPECT_EQ(events(ctx).size(), 1u);
	receive(queue);
	arm(ctx);
	EXPECT_EQ(poller.wait(QUIET_MS), 0);
}

// holds: fd.poll
TEST_F(Arm, MakesAnEdge)
{
	Poller poller(api::descriptor(ctx), EPOLLIN | EPOLLET);
	Queue second(ctx, 8);

	arm(ctx);
	EXPECT_EQ(poller.wait(0), 0);
	api::send(sender, queue.addr);
	EXPECT_EQ(poller.wait(0), 1);
	EXPECT_EQ(poller.wait(0), 0);
	// Another sender's is another edge.
	api::send(sender, second.addr);
	EXPECT_EQ(poller.wait(0), 1);
	// What is there before is one too, whatever was seen of it.
	arm(ctx);
	EXPECT_EQ(poller.wait(0), 1);
	EXPECT_EQ(poller.wait(0), 0);
	EXPECT_EQ(events(ctx).size(), 2u);
	arm(ctx);
	EXPECT_EQ(poller.wait(0), 1);
	receive(queue);
	receive(second);
	arm(ctx);
	EXPECT_EQ(poller.wait(QUIET_MS), 0);
}

TEST_F(Arm, ServesNestedPollers)
{
	for (uint32_t mode : { 0u, uint32_t(EPOLLET) }) {
		Poller inner(api::descriptor(ctx), EPOLLIN | mode);
		Poller outer(inner.descriptor(), EPOLLIN | mode);

		arm(ctx);
		EXPECT_EQ(outer.wait(QUIET_MS), 0);
		api::send(sender, queue.addr);
		EXPECT_EQ(outer.wait(0), 1);
		EXPECT_EQ(inner.wait(0), 1);
		receive(queue);
		arm(ctx);
		EXPECT_EQ(inner.wait(0), 0);
		api::send(sender, queue.addr);
		EXPECT_EQ(outer.wait(0), 1);
		receive(queue);
		EXPECT_TRUE(silent(ctx));
	}
}

TEST_F(Arm, WakesWhoSleeps)
{
	api::Child other([&](api::Line &up) {
		Context own;

		for (int round = 0; round < 10; round++) {
			up.hear();
			usleep(10000);
			api::send(own, queue.addr);
		}
	});

	for (int round = 0; round < 10; round++) {
		arm(ctx);
		other.line.say();
		ASSERT_TRUE(readable(ctx, LONG_MS));
		ASSERT_EQ(events(ctx).size(), 1u);
		receive(queue);
	}
	other.finish();
}

TEST_F(Arm, OutlastsTheDeathOfASender)
{
	api::Child dead([&](api::Line &up) {
		Context own;

		api::send(own, queue.addr);
		up.say();
		pause();
	});

	dead.line.hear();
	receive(queue);
	arm(ctx);
	dead.kill_and_wait();
	events(ctx);
	arm(ctx);
	EXPECT_FALSE(readable(ctx, QUIET_MS));
	api::send(sender, queue.addr);
	EXPECT_TRUE(readable(ctx));
}

TEST_F(Arm, IsOfNoInterestToACloseOfOthers)
{
	Queue second(ctx, 8);

	arm(ctx);
	api::send(sender, second.addr);
	ASSERT_SUCC(msgqipc_close(ctx, second, 0));
	events(ctx);
	arm(ctx);
	EXPECT_FALSE(readable(ctx, QUIET_MS));
	api::send(sender, queue.addr);
	EXPECT_TRUE(readable(ctx));
}

} // namespace
