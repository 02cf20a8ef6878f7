// SPDX-License-Identifier: MIT
// Memory is charged to the control group of who causes it to be allocated.
#include "abi.h"
#include "cgroup.h"
#include "fixture.h"
#include "kernel_version.h"
#include "processes.h"

#include <vector>

using api::Cgroup;
using api::Child;
using api::Device;
using api::Line;

namespace
{

constexpr uint64_t MEGABYTE = 1 << 20;
// 4.5 megabytes.
constexpr uint32_t LARGE = 65536;

class AbiCgroup : public api::AbiTest
{
protected:
	void SetUp() override
	{
		AbiTest::SetUp();
		if (IsSkipped())
			return;
		SKIP_UNLESS_ROOT();
		if (access("/sys/fs/cgroup/cgroup.controllers", F_OK))
			GTEST_SKIP() << "control groups are not of version 2 here";
	}

	static const char *uncharged()
	{
		return api::kernel_before(5, 11) ? "before 5.11 Linux cannot charge what is mapped"
						 : nullptr;
	}

	// The kernel gives memory back to a group in batches.
	static void expect_about(uint64_t bytes, uint64_t expected)
	{
		EXPECT_LT(bytes, expected + MEGABYTE);
		EXPECT_GT(bytes + MEGABYTE, expected);
	}

	static uint64_t since(const Cgroup &group, uint64_t before)
	{
		uint64_t now = group.memory();

		return now > before ? now - before : 0;
	}
};

// holds: memory.cgroup
TEST_F(AbiCgroup, OfTheMakerHasTheMemoryOfAQueue)
{
	if (const char *reason = uncharged())
		GTEST_SKIP() << reason;
	Cgroup makers("maker"), senders("sender");
	Child maker([&](Line &up) {
		makers.enter();
		Device device = Device::greeted();
		msgq_create made = device.create(1);

		up.say(made);
		up.hear();
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made.handle));
		made = device.create(LARGE);
		up.say(made);
		up.hear();
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made.handle));
		up.say();
		up.hear();
	});
	Child sender([&](Line &up) {
		senders.enter();
		Device device = Device::greeted();
		auto made = up.hear<msgq_create>();
		msgq_attach attached = device.attach(made.address);
		auto *slots = static_cast<char *>(
			device.map(attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));

		ASSERT_NE(static_cast<void *>(slots), MAP_FAILED);
		// The first to touch it is not who is charged.
		memset(slots, 0, attached.area[MSGQ_AREA_SLOTS].size);
		munmap(slots, attached.area[MSGQ_AREA_SLOTS].size);
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_DETACH, attached.handle));
		up.say();
		up.hear();
	});

	maker.line.hear<msgq_create>();
	uint64_t maker_had = makers.memory();
	maker.line.say();
	auto made = maker.line.hear<msgq_create>();
	uint64_t size = made.area[MSGQ_AREA_SLOTS].size;
	ASSERT_GT(size, 4 * MEGABYTE);
	expect_about(since(makers, maker_had), size);

	uint64_t sender_had = senders.memory();
	sender.line.say(made);
	sender.line.hear();
	expect_about(since(senders, sender_had), 0);
	expect_about(since(makers, maker_had), size);

	maker.line.say();
	maker.line.hear();
	expect_about(since(makers, maker_had), 0);
	maker.line.say();
	maker.finish();
	sender.line.say();
	sender.finish();
}

// holds: memory.nores
TEST_F(AbiCgroup, ThatIsFullIsNoresAndNobodyIsKilled)
{
	if (const char *reason = uncharged())
		GTEST_SKIP() << reason;
	Cgroup group("full");
	Child bystander([&](Line &up) {
		group.enter();
		up.hear();
	});
	Child maker([&](Line &up) {
		group.enter();
		api::Context ctx;
		msgqipc_queue *queues[8] = {};
		msgqipc_addr addr;
		int made = 0;

		group.leave_room(12 * MEGABYTE);
		while (made < 8 && (queues[made] = msgqipc_create(ctx, 0, &addr, LARGE, 0, 0)))
			made++;
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NORES);
		EXPECT_EQ(made, 2);
		EXPECT_EQ(msgqipc_close(ctx, queues[0], 0), 0);
		// The room is there again, at once.
		EXPECT_SUCC(msgqipc_create(ctx, 0, &addr, LARGE, 0, 0));
		up.say();
	});

	maker.line.hear();
	maker.finish();
	EXPECT_GT(group.events("max"), 0u);
	EXPECT_EQ(group.events("oom"), 0u);
	EXPECT_EQ(group.events("oom_kill"), 0u);
	bystander.line.say();
	bystander.finish();
}

// Not the queues' memory, which is others': what the module keeps for a sender.
// holds: memory.nores
TEST_F(AbiCgroup, ThatIsFullStopsWhoOnlyAttaches)
{
	constexpr int QUEUES = 6000, WARM = 100;
	Device owner = Device::greeted();
	std::vector<msgq_address> addresses;
	Cgroup group("attach");

	for (int i = 0; i < QUEUES; i++)
		addresses.push_back(owner.create(1).address);
	Child sender([&](Line &up) {
		group.enter();
		Device device = Device::greeted();
		msgq_attach arg = {};
		int attached = 0, error = 0;

		for (; attached < QUEUES; attached++) {
			// What the loop itself touches is there by now.
			if (attached == WARM)
				group.leave_room(2 * MEGABYTE);
			arg = {};
			arg.address = addresses[attached];
			if (device.ask(MSGQ_IOC_ATTACH, &arg)) {
				error = errno;
				break;
			}
		}
		device.shut();
		group.set("memory.max", "max");
		EXPECT_EQ(error, ENOMEM) << attached;
		EXPECT_WHY(MEMORY, arg.refusal.why);
		EXPECT_GT(attached, 2 * WARM);
		up.say();
	});

	sender.line.hear();
	sender.finish();
	EXPECT_EQ(group.events("oom"), 0u);
	EXPECT_EQ(group.events("oom_kill"), 0u);
}

} // namespace
