// SPDX-License-Identifier: MIT
// What a user may have: counted, refused, given back.
#include "fixture.h"
#include "limits.h"
#include "mediated.h"

using api::ALICE;
using api::become;
using api::BOB;
using api::Child;
using api::Device;
using api::Line;
using api::Parameter;
using api::used;

namespace
{

using AbiLimits = api::LimitsTest;

TEST_F(AbiLimits, AreToldWithWhatIsUsed)
{
	const char *const parameters[] = { "user_queues", "user_contexts", "user_bytes",
					   "user_attachments" };

	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted();
		msgq_limits limits = api::limits(device);

		EXPECT_EQ(limits.uid, ALICE);
		for (uint32_t i = 0; i < MSGQ_LIMITS; i++) {
			EXPECT_EQ(limits.limit[i].used, uint64_t(i == MSGQ_LIMIT_CONTEXTS)) << i;
			EXPECT_EQ(limits.limit[i].max,
				  i < 4 ? Parameter(parameters[i]).initial() : 0)
				<< i;
		}
	}).finish();
}

TEST_F(AbiLimits, CountWhatThereIs)
{
	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted();
		msgq_create small = device.create(1), large = device.create(10000);
		uint32_t handle = other.attach(small.address).handle;

		other.attach(small.address);
		EXPECT_WHY(NONE, try_listen(other, large.address));
		EXPECT_WHY(NONE, try_listen(other, large.address));
		EXPECT_EQ(used(device, MSGQ_LIMIT_CONTEXTS), 2u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 2u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), bytes_of(small) + bytes_of(large));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 2u);

		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, large.handle));
		// Who listens is told first.
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 2u);
		msgq_events events = {};
		events.count = MSGQ_EVENTS_MAX;
		EXPECT_WHY(NONE, other.why(MSGQ_IOC_EVENTS, events));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 1u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 1u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), bytes_of(small));

		EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, handle));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 0u);
		other.shut();
		EXPECT_EQ(used(device, MSGQ_LIMIT_CONTEXTS), 1u);
	}).finish();
}

// The memory is there, so it counts: a closed queue that is mapped is no way around the limit.
TEST_F(AbiLimits, CountAQueueUntilItsMemoryGoes)
{
	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted();
		msgq_create mapped = device.create(1000), attached = device.create(1);
		void *at = device.map(mapped.area[MSGQ_AREA_SLOTS], PROT_READ);

		ASSERT_NE(at, MAP_FAILED);
		other.attach(attached.address);
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, mapped.handle));
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, attached.handle));
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 2u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), bytes_of(mapped) + bytes_of(attached));
		munmap(at, mapped.area[MSGQ_AREA_SLOTS].size);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), bytes_of(attached));
		other.shut();
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 0u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), 0u);
	}).finish();
}

// It keeps the queue's memory, and that is its owner's to pay for.
TEST_F(AbiLimits, CountAnAttachmentUntilItIsMappedNoMore)
{
	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted();
		msgq_create made = device.create(1000);
		msgq_attach attached = other.attach(made.address);
		char *at = static_cast<char *>(
			other.map(attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));

		ASSERT_NE(at, MAP_FAILED);
		EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, attached.handle));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 1u);
		// Another attachment is another one.
		EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, other.attach(made.address).handle));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 1u);
		munmap(at, 4096);
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 1u) << "the rest is mapped";
		munmap(at + 4096, attached.area[MSGQ_AREA_SLOTS].size - 4096);
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 0u);
	}).finish();
}

// holds: limit.nores
TEST_F(AbiLimits, RefuseWhatIsAbove)
{
	Parameter queues("user_queues", 3), contexts("user_contexts", 2);
	Parameter attachments("user_attachments", 2), bytes("user_bytes");

	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted();
		msgq_create made[3];
		uint64_t bound;

		EXPECT_EQ(Device().descriptor(), -1);
		EXPECT_EQ(errno, EDQUOT);
		for (msgq_create &each : made)
			each = device.create(1);
		EXPECT_WHY(USER_QUEUES, try_create(other, 1, &bound));
		EXPECT_EQ(errno, EDQUOT);
		EXPECT_EQ(bound, 3u);
		other.attach(made[0].address);
		EXPECT_WHY(NONE, try_listen(device, made[1].address));
		EXPECT_WHY(USER_ATTACHMENTS, try_attach(device, made[2].address, &bound));
		EXPECT_EQ(bound, 2u);
		EXPECT_WHY(USER_ATTACHMENTS, try_listen(other, made[2].address, &bound));
		EXPECT_EQ(bound, 2u);
		// What is there already takes nothing more.
		EXPECT_WHY(NONE, try_attach(other, made[0].address));

		// Nothing of what was refused counts, and the room of what goes is free.
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 3u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), 3 * bytes_of(made[0]));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 2u);
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made[2].handle));
		EXPECT_WHY(NONE, try_create(other));
		EXPECT_WHY(USER_QUEUES, try_create(device));
		other.shut();
		Device again = Device::greeted();
		EXPECT_NE(again.descriptor(), -1);
		EXPECT_WHY(NONE, try_attach(again, made[0].address));
	}).finish();
}

// holds: limit.nores
TEST_F(AbiLimits, RefuseMoreMemoryToTheByte)
{
	msgq_create small;
	{
		Device device = Device::greeted();
		small = device.create(1);
	}
	Parameter bytes("user_bytes", 3 * bytes_of(small));

	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted();
		uint64_t bound;

		EXPECT_WHY(USER_BYTES, try_create(device, 60000, &bound));
		EXPECT_EQ(bound, 3 * bytes_of(small));
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 0u);
		for (int i = 0; i < 3; i++)
			EXPECT_WHY(NONE, try_create(device)) << i;
		EXPECT_WHY(USER_BYTES, try_create(device));
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 3u);
	}).finish();
	bytes.set(3 * bytes_of(small) - 1);
	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted();

		for (int i = 0; i < 2; i++)
			EXPECT_WHY(NONE, try_create(device)) << i;
		EXPECT_WHY(USER_BYTES, try_create(device));
	}).finish();
}

// The room is there again after what failed for another reason.
TEST_F(AbiLimits, AreNotUsedUpByFailures)
{
	Parameter queues("user_queues", 2), attachments("user_attachments", 1);
	uint64_t key = api::abi_key();

	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted();
		msgq_create made = device.create(1, key), twice = {};
		msgq_address gone = made.address;

		twice.entries = 1;
		twice.key = key;
		twice.flags = MSGQ_CREATE_EXCL;
		gone.generation++;
		for (int i = 0; i < 5; i++) {
			EXPECT_WHY(KEY_TAKEN, device.why(MSGQ_IOC_CREATE, twice));
			EXPECT_WHY(ADDRESS, try_attach(device, gone));
			EXPECT_WHY(ADDRESS, try_listen(device, gone));
		}
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 1u);
		EXPECT_EQ(used(device, MSGQ_LIMIT_BYTES), bytes_of(made));
		EXPECT_EQ(used(device, MSGQ_LIMIT_ATTACHMENTS), 0u);
		EXPECT_WHY(NONE, try_create(device));
		EXPECT_WHY(NONE, try_attach(device, made.address));
	}).finish();
}

// holds: limit.lowered
TEST_F(AbiLimits, ThatAreLoweredRefuseMoreAndTakeNothingAway)
{
	Parameter queues("user_queues"), contexts("user_contexts");
	Parameter bytes("user_bytes"), attachments("user_attachments");
	Child alice([&](Line &up) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted();
		msgq_create made[3];
		uint32_t attached[3];

		for (int i = 0; i < 3; i++) {
			made[i] = device.create(1);
			attached[i] = other.attach(made[i].address).handle;
		}
		up.say();
		up.hear();
		for (msgq_limit_name what : { MSGQ_LIMIT_QUEUES, MSGQ_LIMIT_ATTACHMENTS }) {
			EXPECT_EQ(used(device, what), 3u);
			EXPECT_EQ(api::limits(device).limit[what].max, 1u);
		}
		for (int i = 0; i < 3; i++) {
			EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made[i].handle));
			EXPECT_WHY(NONE, other.handle(MSGQ_IOC_WAKE, attached[i]));
		}
		EXPECT_EQ(Device().descriptor(), -1);
		for (int i = 0; i < 3; i++) {
			EXPECT_WHY(USER_QUEUES, try_create(device)) << i;
			EXPECT_WHY(USER_ATTACHMENTS, try_attach(device, made[2].address)) << i;
			EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, attached[i]));
		}
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made[0].handle));
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made[1].handle));
		EXPECT_WHY(USER_QUEUES, try_create(device));
		EXPECT_WHY(NONE, try_attach(device, made[2].address));
		up.say();
		up.hear();
		EXPECT_WHY(NONE, try_create(device));
	});

	alice.line.hear();
	queues.set(1);
	contexts.set(1);
	attachments.set(1);
	alice.line.say();
	alice.line.hear();
	// 0 is no limit.
	queues.set(0);
	bytes.set(0);
	alice.line.say();
	alice.finish();
}

// holds: limit.back
TEST_F(AbiLimits, AreGivenBackByKill)
{
	Child alice([&](Line &up) {
		become(ALICE, ALICE);
		Device device = Device::greeted(), other = Device::greeted(), never;

		for (uint32_t i = 0; i < 20; i++) {
			msgq_create made = device.create(1 + 100 * i);

			other.attach(made.address);
			EXPECT_WHY(NONE, try_listen(other, made.address));
			for (int area = 0; area < 3; area++)
				EXPECT_NE(device.map(made.area[area], PROT_READ), MAP_FAILED);
		}
		up.say();
		pause();
	});
	msgq_limits held;

	alice.line.hear();
	held = api::limits_of(ALICE);
	EXPECT_EQ(held.limit[MSGQ_LIMIT_QUEUES].used, 20u);
	EXPECT_EQ(held.limit[MSGQ_LIMIT_CONTEXTS].used, 3u);
	EXPECT_EQ(held.limit[MSGQ_LIMIT_ATTACHMENTS].used, 40u);
	EXPECT_GE(held.limit[MSGQ_LIMIT_BYTES].used, 20u * 3 * 4096);
	alice.kill_and_wait();
	EXPECT_TRUE(api::has_nothing(ALICE));
}

// Another's attachment keeps the memory, and with it the charge of who made it.
TEST_F(AbiLimits, AreGivenBackByTheLastWhoHoldsTheQueue)
{
	Child alice([&](Line &up) {
		umask(0);
		become(ALICE, ALICE);
		Device device = Device::greeted();

		up.say(device.create(100));
		pause();
	});
	auto made = alice.line.hear<msgq_create>();
	Child bob([&](Line &up) {
		become(BOB, BOB);
		Device device = Device::greeted();

		device.attach(made.address);
		up.say();
		pause();
	});

	bob.line.hear();
	alice.kill_and_wait();
	EXPECT_EQ(api::limits_of(ALICE).limit[MSGQ_LIMIT_QUEUES].used, 1u);
	EXPECT_EQ(api::limits_of(ALICE).limit[MSGQ_LIMIT_BYTES].used, bytes_of(made));
	EXPECT_EQ(api::limits_of(BOB).limit[MSGQ_LIMIT_QUEUES].used, 0u);
	bob.kill_and_wait();
	EXPECT_TRUE(api::has_nothing(ALICE));
	EXPECT_TRUE(api::has_nothing(BOB));
}

TEST_F(AbiLimits, LetThousandsOfQueuesBeByDefault)
{
	Child([&](Line &) {
		become(ALICE, ALICE);
		Device device = Device::greeted();

		for (int i = 0; i < 10000; i++)
			ASSERT_WHY(NONE, try_create(device, 8)) << i;
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 10000u);
	}).finish();
}

// holds: limit.nores, error.detail
TEST_F(AbiLimits, AreNamedByTheLibrary)
{
	Parameter queues("user_queues", 2), contexts("user_contexts", 2);
	Parameter attachments("user_attachments", 1), bytes("user_bytes", 50000);
	auto named = [](const char *limit, const char *value) {
		std::string detail = msgqipc_error_detail();

		EXPECT_NE(detail.find(limit), std::string::npos) << detail;
		EXPECT_NE(detail.find(value), std::string::npos) << detail;
	};

	Child([&](Line &) {
		become(ALICE, ALICE);
		api::Context one, two;
		msgqipc_addr addr;

		ASSERT_ERR(NORES, msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)));
		named("user_contexts", "accepted: 2 ");
		api::Queue first(one, 1);
		ASSERT_ERR(NORES, msgqipc_create(one, 0, &addr, 10000, 0, 0));
		named("user_bytes", "accepted: 50000 ");
		api::Queue second(one, 1);
		ASSERT_ERR(NORES, msgqipc_create(one, 0, &addr, 1, 0, 0));
		named("user_queues", "accepted: 2 ");
		ASSERT_SUCC(msgqipc_send(two, &first.addr, "x", 1));
		ASSERT_ERR(NORES, msgqipc_send(two, &second.addr, "x", 1));
		named("user_attachments", "accepted: 1 ");
		ASSERT_ERR(NORES,
			   msgqipc_ctl(two, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &second.addr));
		named("user_attachments", "accepted: 1 ");
	}).finish();
}

// holds: death.let-go
TEST_F(AbiLimits, AreNotUsedUpByQueuesThatAreGone)
{
	Parameter attachments("user_attachments", 20);

	Child([&](Line &) {
		become(ALICE, ALICE);
		api::Context server, clients;

		for (uint32_t flags : { 0u, uint32_t(MSGQIPC_CREATE_MEDIATED) })
			for (int round = 0; round < 200; round++) {
				api::MediatedQueue queue(clients, 4, flags);

				ASSERT_SUCC(msgqipc_send(server, &queue.addr, "x", 1)) << round;
				ASSERT_SUCC(msgqipc_close(clients, queue, 0));
			}
	}).finish();
}

} // namespace
