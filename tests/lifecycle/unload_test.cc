// SPDX-License-Identifier: MIT
// The module is unloaded when nothing uses it, and not before.
// MSGQ_LIFECYCLE_CYCLES: how often it comes and goes.
#include <atomic>
#include <random>

#include <sched.h>
#include <sys/mman.h>

#include "../api/abi.h"
#include "../api/fixture.h"
#include "../api/kernel_memory.h"
#include "../api/rings.h"
#include "module.h"
#include "msgq/word.h"

using api::Child;
using api::Device;
using api::Line;
using api::Shared;

namespace
{

class Unload : public lifecycle::Test
{
};

// holds: module.in-use
TEST_F(Unload, IsRefusedWhileADescriptorIsOpen)
{
	int fd = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(lifecycle::unload(), EWOULDBLOCK);
	close(fd);
	EXPECT_EQ(lifecycle::unload(), 0);
	EXPECT_EQ(lifecycle::load(), 0);
}

// holds: module.in-use
TEST_F(Unload, IsRefusedWhileAMappingIsThere)
{
	Device device = Device::greeted();
	msgq_create made = device.create(4);

	for (int area = 0; area < 3; area++) {
		void *at = device.map(made.area[area], PROT_READ);

		ASSERT_NE(at, MAP_FAILED);
		if (area < 2) {
			munmap(at, made.area[area].size);
			continue;
		}
		device.shut();
		EXPECT_EQ(lifecycle::unload(), EWOULDBLOCK);
		// It is still memory, whatever has become of the queue.
		EXPECT_EQ(*static_cast<volatile uint64_t *>(at), MSGQ_WORD_CLOSED);
		munmap(at, made.area[area].size);
	}
	EXPECT_EQ(lifecycle::unload(), 0);
	EXPECT_EQ(lifecycle::load(), 0);
}

// An inherited descriptor is of no use, but of the module all the same.
// holds: module.in-use
TEST_F(Unload, IsRefusedWhileAnotherProcessHoldsTheDescriptor)
{
	Device device = Device::greeted();
	Child heir([](Line &up) {
		up.say();
		up.hear_out();
	});

	heir.line.hear();
	device.shut();
	EXPECT_EQ(lifecycle::unload(), EWOULDBLOCK);
	heir.line.hang_up();
	heir.finish();
	EXPECT_EQ(lifecycle::unload(), 0);
	EXPECT_EQ(lifecycle::load(), 0);
}

template <typename Wait>
void expect_refused_to(Wait wait)
{
	{
		Device device = Device::greeted();
		api::Ring ring;

		wait(ring, device.descriptor());
		device.shut();
		EXPECT_EQ(lifecycle::unload(), EWOULDBLOCK);
	}
	// The kernel takes a ring apart later, in a thread of its own.
	EXPECT_EQ(lifecycle::unload_soon(), 0);
	EXPECT_EQ(lifecycle::load(), 0);
}

// holds: module.in-use
TEST_F(Unload, IsRefusedWhileARingPolls)
{
	if (int error = api::Ring().missing())
		GTEST_SKIP() << "io_uring is not to be had: " << strerror(error);
	expect_refused_to([](api::Ring &ring, int fd) { ring.poll(fd, 1); });
}

// holds: module.in-use
TEST_F(Unload, IsRefusedWhileACommandWaits)
{
	if (int error = api::Ring().missing())
		GTEST_SKIP() << "io_uring is not to be had: " << strerror(error);
	if (const char *reason = api::no_commands(api::Context()))
		GTEST_SKIP() << reason;
	expect_refused_to([](api::Ring &ring, int fd) { ring.command(fd, 1); });
}

// Two who send each other messages for as long as they live.
void chatter(Line &up)
{
	api::Context ctx, other;
	api::Queue here(ctx, 2), there(other, 300);
	char msg[64];

	up.say();
	for (;;) {
		msgqipc_send(ctx, &there.addr, msg, 60);
		msgqipc_recv(other, there, msg, sizeof(msg));
		msgqipc_send(other, &here.addr, msg, 10);
		msgqipc_cancel(other, &here.addr);
		msgqipc_recv_timeout(ctx, here, msg, sizeof(msg), 1000);
	}
}

// holds: module.at-once
TEST_F(Unload, IsPossibleAsSoonAsWhoUsedItIsKilled)
{
	std::mt19937 random(1);

	for (int round = 0; round < 20; round++) {
		Child user(chatter);

		user.line.hear();
		usleep(random() % 3000);
		EXPECT_EQ(lifecycle::unload(), EWOULDBLOCK);
		user.kill_and_wait();
		ASSERT_EQ(lifecycle::unload(), 0) << "round " << round;
		ASSERT_EQ(lifecycle::load(), 0);
	}
}

// Those who come while it goes meet it whole, or not at all.
// holds: module.at-once
TEST_F(Unload, RacesWithWhoOpens)
{
	Shared<std::atomic<bool>> over(false);
	Child user([&](Line &) {
		unsigned long opened = 0;

		while (!*over) {
			msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

			if (!ctx) {
				ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND)
					<< msgqipc_error_detail();
				continue;
			}
			opened++;
			ASSERT_SUCC(msgqipc_create(ctx, 0, nullptr, 4, 0, 0));
			ASSERT_SUCC(msgqipc_destroy(ctx));
		}
		EXPECT_GT(opened, 0u);
	});

	for (int round = 0; round < 8; round++) {
		ASSERT_EQ(lifecycle::unload_soon(), 0);
		ASSERT_EQ(lifecycle::load(), 0);
	}
	*over = true;
	user.finish();
}

void use(int round)
{
	Child user([&](Line &up) {
		if (round % 8 == 3) {
			EXPECT_EQ(unshare(CLONE_NEWNET), 0);
		}
		if (round % 2)
			chatter(up);
		api::Context ctx;
		api::Queue queue(ctx, 16, 1);
		char msg[64];

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
		up.say();
	});

	user.line.hear();
	if (round % 2)
		user.kill_and_wait();
	else
		user.finish();
}

// holds: module.cycles
TEST_F(Unload, LeavesNothingHoweverOften)
{
	int cycles = int(api::setting("MSGQ_LIFECYCLE_CYCLES", 200));
	long before = 0;

	api::watch(unsigned(1 + cycles / 500));
	lifecycle::Hurry hurry;
	for (int round = -10; round < cycles; round++) {
		// The first ones fill caches of the kernel's own.
		if (!round)
			before = api::kernel_holds();
		use(round + 10);
		// A namespace is taken apart by a thread of the kernel's, and holds nothing.
		ASSERT_EQ(lifecycle::unload(), 0) << "round " << round;
		ASSERT_EQ(lifecycle::left_behind(), "");
		ASSERT_EQ(lifecycle::load(), 0);
	}
	long after = api::kernel_holds();
	printf("%d cycles: the kernel holds %ld kB before, %ld kB after\n", cycles, before, after);
	// A page a cycle would be 800 kB; the direct map, split where code was, 400.
	EXPECT_LT(after, before + 1024);
}

} // namespace
