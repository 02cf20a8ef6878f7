// SPDX-License-Identifier: MIT
// Whose limits they are: each user's, in each network namespace, and not those of who may exceed them.
#include "fixture.h"
#include "limits.h"

#include <linux/capability.h>
#include <sched.h>
#include <sys/syscall.h>

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

using AbiLimitsWhose = api::LimitsTest;

// holds: limit.apart
TEST_F(AbiLimitsWhose, AreEachUsersOwn)
{
	Parameter queues("user_queues", 2), contexts("user_contexts", 1);
	auto take_all = [](uid_t uid) {
		return [uid](Line &up) {
			become(uid, uid);
			Device device = Device::greeted();

			EXPECT_WHY(NONE, try_create(device));
			EXPECT_WHY(NONE, try_create(device));
			EXPECT_WHY(USER_QUEUES, try_create(device));
			EXPECT_EQ(Device().descriptor(), -1);
			up.say();
			up.hear();
		};
	};
	Child alice(take_all(ALICE));

	alice.line.hear();
	Child bob(take_all(BOB));
	bob.line.hear();
	alice.line.say();
	bob.line.say();
	alice.finish();
	bob.finish();
}

// holds: limit.apart
TEST_F(AbiLimitsWhose, AreEachNetworkNamespacesOwn)
{
	Parameter queues("user_queues", 1);
	Child outside([&](Line &up) {
		become(ALICE, ALICE);
		Device device = Device::greeted();

		device.create(1);
		EXPECT_WHY(USER_QUEUES, try_create(device));
		up.say();
		up.hear();
	});

	outside.line.hear();
	Child([&](Line &) {
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		become(ALICE, ALICE);
		Device device = Device::greeted();

		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), 0u);
		device.create(1);
		EXPECT_WHY(USER_QUEUES, try_create(device));
	}).finish();
	outside.line.say();
	outside.finish();
}

TEST_F(AbiLimitsWhose, AreThoseOfWhoOpenedTheContext)
{
	Child([&](Line &) {
		Device device = Device::greeted();
		uint64_t before = used(device, MSGQ_LIMIT_QUEUES);

		become(ALICE, ALICE);
		device.create(1);
		EXPECT_EQ(used(device, MSGQ_LIMIT_QUEUES), before + 1);
		EXPECT_EQ(api::limits(device).uid, 0u);
		EXPECT_EQ(used(Device::greeted(), MSGQ_LIMIT_QUEUES), 0u);
	}).finish();
}

// holds: limit.root
TEST_F(AbiLimitsWhose, DoNotHoldWhoMayExceedThem)
{
	Parameter queues("user_queues", 1), contexts("user_contexts", 1);
	Parameter bytes("user_bytes", 1), attachments("user_attachments", 1);

	Child([&](Line &) {
		Device device = Device::greeted(), other = Device::greeted();

		for (int i = 0; i < 3; i++)
			other.attach(device.create(1).address);
		// It counts all the same.
		EXPECT_GE(used(device, MSGQ_LIMIT_QUEUES), 3u);
		EXPECT_GE(used(device, MSGQ_LIMIT_ATTACHMENTS), 3u);
	}).finish();
}

// It is the capability that counts, and not the uid.
// holds: limit.root
TEST_F(AbiLimitsWhose, HoldRootWithoutTheCapability)
{
	Parameter queues("user_queues", 1);

	Child([&](Line &) {
		__user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
		__user_cap_data_struct data[2] = {};

		// Not the scope that others of root's queues are in.
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		ASSERT_EQ(syscall(SYS_capget, &header, data), 0);
		data[0].effective &= ~(1u << CAP_SYS_RESOURCE);
		ASSERT_EQ(syscall(SYS_capset, &header, data), 0);
		expect_limited();
		data[0].effective |= 1u << CAP_SYS_RESOURCE;
		ASSERT_EQ(syscall(SYS_capset, &header, data), 0);
		Device device = Device::greeted();
		device.create(1);
		device.create(1);
	}).finish();
}

// All capabilities over one's own namespaces do not lift the machine's limits.
// holds: limit.root
TEST_F(AbiLimitsWhose, HoldTheRootOfAUserNamespace)
{
	Parameter queues("user_queues", 1);

	Child([&](Line &) {
		become(ALICE, ALICE);
		ASSERT_EQ(unshare(CLONE_NEWUSER | CLONE_NEWNET), 0) << strerror(errno);
		expect_limited();
	}).finish();
}

} // namespace
