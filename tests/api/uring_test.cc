// SPDX-License-Identifier: MIT
// A context's descriptor in io_uring: by its poll, and by the module's command.
#include "processes.h"
#include "rings.h"

#include <chrono>
#include <optional>
#include <sys/ioctl.h>

using api::arm;
using api::Child;
using api::Context;
using api::Done;
using api::events;
using api::Line;
using api::Queue;
using api::receive;
using api::Ring;

namespace
{

// How long nothing has to happen to count as nothing.
constexpr int QUIET_MS = 250;
// What a kernel that cannot take commands back makes its processes wait, and some.
constexpr auto QUICKLY = std::chrono::milliseconds(5000);

class UringPoll : public api::Test
{
protected:
	Queue queue{ ctx, 8 };
	Context sender;
	int fd = api::descriptor(ctx);
	Ring ring;

	void SetUp() override
	{
		SKIP_WITHOUT_RINGS();
	}

	bool quiet()
	{
		return ring.wait(QUIET_MS).result == -ENODATA;
	}
};

// holds: fd.poll
TEST_F(UringPoll, TellsOfWhatComes)
{
	for (uint64_t round = 1; round <= 100; round++) {
		arm(ctx);
		ring.poll(fd, round);
		api::send(sender, queue.addr);
		ASSERT_TRUE(ring.answers(round, POLLIN));
		ASSERT_EQ(events(ctx).size(), 1u);
		receive(queue);
	}
	arm(ctx);
	ring.poll(fd, 101);
	EXPECT_TRUE(quiet());
}

// holds: fd.arm-before
TEST_F(UringPoll, TellsOfWhatWasThereBefore)
{
	ring.poll(fd, 1);
	api::send(sender, queue.addr);
	EXPECT_TRUE(quiet());
	arm(ctx);
	EXPECT_TRUE(ring.answers(1, POLLIN));
	ring.poll(fd, 2);
	EXPECT_TRUE(ring.answers(2, POLLIN));
}

TEST_F(UringPoll, MultishotTellsOfEachEdge)
{
	ring.poll(fd, 7, true);
	for (int round = 0; round < 100; round++) {
		arm(ctx);
		api::send(sender, queue.addr);
		Done done = ring.wait(20000);
		ASSERT_EQ(done.tag, 7u) << round;
		ASSERT_TRUE(done.result & POLLIN) << round;
		ASSERT_TRUE(done.more) << round;
		ASSERT_EQ(events(ctx).size(), 1u);
		receive(queue);
	}
	arm(ctx);
	EXPECT_TRUE(quiet());
	// What is there before is an edge, too.
	api::send(sender, queue.addr);
	EXPECT_TRUE(ring.answers(7, POLLIN));
	arm(ctx);
	EXPECT_TRUE(ring.answers(7, POLLIN));
}

TEST_F(UringPoll, IsTakenBack)
{
	arm(ctx);
	ring.poll(fd, 1);
	ring.cancel(1, 2);
	// The two complete in either order.
	Done one = ring.wait(20000), two = ring.wait(20000);
	EXPECT_EQ((one.tag == 1 ? one : two).result, -ECANCELED);
	EXPECT_EQ((one.tag == 1 ? two : one).result, 0);
}

class UringWait : public UringPoll
{
protected:
	void SetUp() override
	{
		SKIP_WITHOUT_COMMANDS(ctx);
	}

	void kick(uint64_t delay_ns = 0) const
	{
		msgq_kick request = {};

		request.flags = delay_ns ? 0 : MSGQ_KICK_NOW;
		request.delay_ns = delay_ns;
		ASSERT_EQ(ioctl(fd, MSGQ_IOC_KICK, &request), 0) << strerror(errno);
	}

	// A process that has one pending, and then does something else.
	template <typename F>
	static void expect_quick(F &&then)
	{
		auto start = std::chrono::steady_clock::now();
		Child child([&](Line &up) {
			Context own;
			Queue here(own, 4);
			Ring there;

			there.command(api::descriptor(own), 1);
			up.say();
			then();
		});

		child.line.hear();
		child.wait();
		EXPECT_LT(std::chrono::steady_clock::now() - start, QUICKLY);
	}
};

TEST_F(UringWait, CompletesAtOnce)
{
	api::send(sender, queue.addr);
	arm(ctx);
	ring.command(fd, 1);
	EXPECT_TRUE(ring.answers(1, 0));
	// It takes nothing.
	ring.command(fd, 2);
	EXPECT_TRUE(ring.answers(2, 0));
	EXPECT_EQ(events(ctx).size(), 1u);
}

TEST_F(UringWait, CompletesLater)
{
	arm(ctx);
	ring.command(fd, 1);
	EXPECT_TRUE(quiet());
	api::send(sender, queue.addr);
	EXPECT_TRUE(ring.answers(1, 0));
	EXPECT_TRUE(quiet());
}

TEST_F(UringWait, CompletesWhicheverWayItIsSubmitted)
{
	struct {
		unsigned setup, flags;
	} ways[] = {
		{ 0, 0 },
		{ 0, IOSQE_ASYNC },
		{ IORING_SETUP_SQPOLL, 0 },
		{ IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, 0 },
	};

	for (auto way : ways) {
		Ring other(way.setup);

		ASSERT_EQ(other.missing(), 0);
		for (uint64_t round = 1; round <= 200; round++) {
			arm(ctx);
			other.command(fd, round, way.flags);
			if (round % 3 == 0)
				usleep(200);
			api::send(sender, queue.addr);
			ASSERT_TRUE(other.answers(round, 0)) << way.setup << " " << way.flags;
			events(ctx);
			receive(queue);
		}
	}
}

TEST_F(UringWait, CompletesByKick)
{
	ring.command(fd, 1);
	kick();
	EXPECT_TRUE(ring.answers(1, 0));
	events(ctx);
	arm(ctx);
	// By a timer, from its interrupt.
	for (uint64_t round = 2; round < 50; round++) {
		ring.command(fd, round);
		kick(round * 20000);
		ASSERT_TRUE(ring.answers(round, 0));
		events(ctx);
		arm(ctx);
	}
}

TEST_F(UringWait, EndsWithItsContext)
{
	std::optional<Context> ending(std::in_place);
	int ended = api::descriptor(*ending);
	int kept = dup(ended);

	ring.command(kept, 1);
	ending.reset();
	EXPECT_TRUE(ring.answers(1, -ESHUTDOWN));
	ring.command(kept, 2);
	EXPECT_TRUE(ring.answers(2, -ESHUTDOWN));
	close(kept);
}

TEST_F(UringWait, IsBounded)
{
	for (uint64_t i = 0; i < MSGQ_URING_MAX; i++)
		ring.command(fd, 1);
	ring.command(fd, 2);
	EXPECT_TRUE(ring.answers(2, -EBUSY));
	// Another context has its own.
	ring.command(api::descriptor(sender), 3);
	kick();
	for (uint64_t i = 0; i < MSGQ_URING_MAX; i++)
		ASSERT_TRUE(ring.answers(1, 0));
	ring.command(fd, 4);
	EXPECT_TRUE(ring.answers(4, 0));
}

TEST_F(UringWait, RefusesWhatItDoesNotKnow)
{
	kick();
	for (uint32_t operation : { 0u, 1u, ~0u, uint32_t(MSGQ_IOC_EVENTS), MSGQ_URING_WAIT + 1 }) {
		ring.command(fd, 1, 0, operation);
		EXPECT_TRUE(ring.answers(1, -EINVAL)) << operation;
	}
	ring.command(fd, 2, 0, MSGQ_URING_WAIT, 1);
	EXPECT_TRUE(ring.answers(2, -EINVAL));
}

TEST_F(UringWait, IsNotForOtherProcesses)
{
	// The library takes its own away from a child.
	int passed = dup(fd);

	kick();
	Child other([&](Line &) {
		Ring own;

		own.command(passed, 1);
		EXPECT_TRUE(own.answers(1, -EPERM));
		own.command(passed, 2, IOSQE_ASYNC);
		EXPECT_TRUE(own.answers(2, -EPERM));
		Ring polling(IORING_SETUP_SQPOLL);
		polling.command(passed, 3);
		EXPECT_TRUE(polling.answers(3, -EPERM));
	});
	other.finish();
	close(passed);
}

// Its work for the task looks like a signal to who sleeps, and is none.
TEST_F(UringWait, EndsNoReceive)
{
	constexpr int64_t LONG_NS = 300000000;
	char msg[64];

	for (int round = 0; round < 5; round++) {
		auto start = std::chrono::steady_clock::now();

		ring.command(fd, 1);
		kick(250000000);
		EXPECT_ERR(NOTFOUND, msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), LONG_NS));
		auto took = std::chrono::steady_clock::now() - start;
		EXPECT_GE(took, std::chrono::nanoseconds(LONG_NS));
		// The time goes on, it does not start again.
		EXPECT_LT(took, std::chrono::nanoseconds(LONG_NS + 150000000));
		EXPECT_TRUE(ring.answers(1, 0));
		events(ctx);
	}
}

// io_uring does not hand it on, which the header says.
TEST_F(UringWait, OutlastsCancel)
{
	arm(ctx);
	ring.command(fd, 1);
	ring.cancel(1, 2);
	Done done = ring.wait(20000);
	EXPECT_EQ(done.tag, 2u);
	EXPECT_TRUE(done.result == -ENOENT || done.result == -EALREADY) << done.result;
	api::send(sender, queue.addr);
	EXPECT_TRUE(ring.answers(1, 0));
}

TEST_F(UringWait, EndsByItselfWhereItCannotBeTakenBack)
{
	arm(ctx);
	ring.command(fd, 1);
	if (api::rings_take_back()) {
		EXPECT_EQ(ring.wait(1500).result, -ENODATA);
	} else {
		EXPECT_TRUE(ring.answers(1, -ETIME, 5000));
		ring.command(fd, 2);
		EXPECT_EQ(ring.wait(300).result, -ENODATA);
	}
}

TEST_F(UringWait, EndsWithItsRing)
{
	for (int round = 0; round < 20; round++) {
		Ring other;

		for (uint64_t i = 0; i < 3; i++)
			other.command(fd, i, i == 1 ? IOSQE_ASYNC : 0);
	}
	// Their ends take a while: the bound tells when they are gone.
	auto start = std::chrono::steady_clock::now();
	int result = -EBUSY;
	while (result == -EBUSY && std::chrono::steady_clock::now() - start < QUICKLY) {
		for (uint64_t i = 0; i < MSGQ_URING_MAX; i++)
			ring.command(fd, 1);
		result = ring.wait(100).result;
		kick();
		while (ring.wait(100).result != -ENODATA)
			;
		events(ctx);
	}
	EXPECT_NE(result, -EBUSY);
}

TEST_F(UringWait, HoldsUpNoExit)
{
	expect_quick([] {
		fflush(nullptr);
		_exit(0);
	});
}

TEST_F(UringWait, HoldsUpNoKill)
{
	expect_quick([] { raise(SIGKILL); });
}

TEST_F(UringWait, HoldsUpNoExec)
{
	expect_quick([] { execl("/bin/true", "true", nullptr); });
}

} // namespace
