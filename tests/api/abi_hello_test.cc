// SPDX-License-Identifier: MIT
#include "abi.h"
#include "kernel_version.h"

#include <liburing.h>
#include <sys/stat.h>

using api::Device;

namespace
{

class AbiHello : public api::AbiTest
{
};

TEST_F(AbiHello, DeviceIsEverybodys)
{
	struct stat status;

	ASSERT_EQ(stat(MSGQ_DEVICE, &status), 0);
	EXPECT_TRUE(S_ISCHR(status.st_mode));
	EXPECT_EQ(status.st_mode & 07777, 0666u);
}

TEST_F(AbiHello, ComesBeforeEverythingElse)
{
	Device device;
	msgq_create create = {};
	msgq_attach attach = {};
	msgq_wait wait = {};
	msgq_name name = {};
	msgq_list list = {};

	create.entries = 1;
	EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_CREATE, create));
	EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_ATTACH, attach));
	EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_WAIT, wait));
	name.operation = MSGQ_NAME_LOOKUP;
	name.key = 1;
	EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_NAME, name));
	EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_LIST, list));
	for (unsigned long request : { MSGQ_IOC_DESTROY, MSGQ_IOC_ACTIVATE, MSGQ_IOC_DEACTIVATE,
				       MSGQ_IOC_CLOSE, MSGQ_IOC_DETACH, MSGQ_IOC_WAKE })
		EXPECT_WHY(NO_HELLO, device.handle(request, 0)) << request;
}

TEST_F(AbiHello, TellsWhatTheModuleIs)
{
	Device device;
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	ASSERT_WHY(NONE, device.why(MSGQ_IOC_HELLO, hello));
	EXPECT_EQ(hello.version, uint32_t(MSGQ_ABI_VERSION));
	EXPECT_EQ(hello.oldest, uint32_t(MSGQ_ABI_OLDEST));
	EXPECT_EQ(hello.features & ~uint64_t(MSGQ_FEATURE_URING), 0u);
	EXPECT_EQ(hello.max_msg, 64u);
	EXPECT_EQ(hello.node, 0u);
	EXPECT_GE(hello.max_entries, 1000u);
	EXPECT_NE(hello.release[0], 0);
	EXPECT_EQ(hello.release[sizeof(hello.release) - 1], 0);
	for (uint64_t reserved : hello.reserved)
		EXPECT_EQ(reserved, 0u);
}

// What is there is told of the kernels that are known to have it, so that no test
// that does without goes unnoticed.
TEST_F(AbiHello, TellsWhatTheKernelLetsItHave)
{
	Device device;
	msgq_hello hello = {};
	io_uring ring;

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	ASSERT_WHY(NONE, device.why(MSGQ_IOC_HELLO, hello));
	if (int error = io_uring_queue_init(1, &ring, 0))
		GTEST_SKIP() << "io_uring is not to be had: " << strerror(-error);
	io_uring_queue_exit(&ring);
	if (!api::kernel_before(6, 3)) {
		EXPECT_TRUE(hello.features & MSGQ_FEATURE_URING);
	} else if (api::kernel_before(5, 19)) {
		EXPECT_FALSE(hello.features & MSGQ_FEATURE_URING);
	}
}

TEST_F(AbiHello, ServesWhoNeedsWhatItTellsAndNoOneElse)
{
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	ASSERT_WHY(NONE, Device().why(MSGQ_IOC_HELLO, hello));
	const uint64_t features = hello.features;

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	EXPECT_WHY(NONE, Device().why(MSGQ_IOC_HELLO, hello));
	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	hello.features = features | 1ull << 40;
	EXPECT_WHY(FLAGS, Device().why(MSGQ_IOC_HELLO, hello));
	EXPECT_EQ(hello.refusal.bound, features);
}

TEST_F(AbiHello, TellsBothVersionsWhenTheyDoNotGoTogether)
{
	const struct {
		uint32_t version, oldest;
	} strangers[] = {
		{ 0, 0 },
		{ MSGQ_ABI_VERSION + 1, MSGQ_ABI_VERSION + 1 },
		{ UINT32_MAX, UINT32_MAX },
	};

	for (const auto &stranger : strangers) {
		Device device;
		msgq_hello hello = {};
		msgq_create create = {};

		SCOPED_TRACE(stranger.version);
		hello.version = stranger.version;
		hello.oldest = stranger.oldest;
		EXPECT_WHY(VERSION, device.why(MSGQ_IOC_HELLO, hello));
		EXPECT_EQ(hello.version, uint32_t(MSGQ_ABI_VERSION));
		EXPECT_EQ(hello.oldest, uint32_t(MSGQ_ABI_OLDEST));
		create.entries = 1;
		EXPECT_WHY(NO_HELLO, device.why(MSGQ_IOC_CREATE, create));
	}
}

TEST_F(AbiHello, AcceptsANewerLibraryThatAcceptsTheModule)
{
	Device device;
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION + 100;
	hello.oldest = MSGQ_ABI_VERSION;
	EXPECT_WHY(NONE, device.why(MSGQ_IOC_HELLO, hello));
	EXPECT_EQ(hello.version, uint32_t(MSGQ_ABI_VERSION));
	device.create(1);
}

TEST_F(AbiHello, RefusesWhatIsReserved)
{
	for (int field = 0; field < 5; field++) {
		Device device;
		msgq_hello hello = {};
		uint32_t why;

		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		(field < 4 ? hello.reserved[field] : hello.features) = 1ull << 40;
		why = device.why(MSGQ_IOC_HELLO, hello);
		EXPECT_TRUE(why == MSGQ_WHY_RESERVED || (field == 4 && why == MSGQ_WHY_FLAGS))
			<< "field " << field << ", why " << why;
	}
}

} // namespace
