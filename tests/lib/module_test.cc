// SPDX-License-Identifier: MIT
/* What the library says when there is no module, or one that does not fit. */
#include <errno.h>
#include <string>

#include <gtest/gtest.h>

#include <msgqipc.h>
#include <uapi/linux/msgq.h>

#include "device.h"

namespace
{

class Module : public testing::Test
{
protected:
	FakeDevice device{};

	void SetUp() override
	{
		fake_device = &device;
		device.version = MSGQ_ABI_VERSION;
		device.oldest = MSGQ_ABI_OLDEST;
	}
	void TearDown() override
	{
		fake_device = nullptr;
	}
	/* Tries to make a context; what the library says about it. */
	std::string refused()
	{
		EXPECT_EQ(msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)), nullptr);
		return msgqipc_error_detail();
	}
};

bool has(const std::string &text, const std::string &part)
{
	return text.find(part) != std::string::npos;
}

TEST_F(Module, ThatFitsIsGreeted)
{
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

	ASSERT_NE(ctx, nullptr) << msgqipc_error_detail();
	EXPECT_TRUE(device.opened);
	EXPECT_EQ(msgqipc_destroy(ctx), 0);
	EXPECT_TRUE(device.closed);
}

// holds: ini.missing
TEST_F(Module, ThatIsMissingIsNotFoundAndBothRemediesAreNamed)
{
	for (int error : { ENOENT, ENODEV, ENXIO }) {
		device.open_error = error;
		std::string detail = refused();

		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
		EXPECT_TRUE(has(detail, "/dev/msgq")) << detail;
		EXPECT_TRUE(has(detail, "modprobe msgq")) << detail;
		EXPECT_TRUE(has(detail, "start msgqd")) << detail;
	}
}

// holds: ini.acces
TEST_F(Module, WhoseDeviceMayNotBeOpenedIsAcces)
{
	device.open_error = EACCES;
	EXPECT_TRUE(has(refused(), "group"));
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_ACCES);
}

// holds: ini.nores
TEST_F(Module, ThatCannotBeOpenedForLackOfDescriptorsIsNores)
{
	device.open_error = EMFILE;
	EXPECT_TRUE(has(refused(), std::to_string(EMFILE)));
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NORES);
}

// holds: ini.nores
TEST_F(Module, ThatCannotBeOpenedForTheUsersLimitIsNoresAndTheLimitIsNamed)
{
	device.open_error = EDQUOT;
	EXPECT_TRUE(has(refused(), "user_contexts"));
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NORES);
}

// holds: ini.versions
TEST_F(Module, ThatIsTooOldIsNamedWithBothVersions)
{
	device.version = MSGQ_ABI_OLDEST - 1;
	device.oldest = 0;
	/* A module that old does not know that the library wants more. */
	std::string detail = refused();

	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTSUPP);
	EXPECT_TRUE(has(detail, "module speaks version " + std::to_string(MSGQ_ABI_OLDEST - 1)))
		<< detail;
	EXPECT_TRUE(has(detail, "at least " + std::to_string(MSGQ_ABI_OLDEST))) << detail;
	EXPECT_TRUE(has(detail, "update the module")) << detail;
	EXPECT_TRUE(device.closed);
}

// holds: ini.versions
TEST_F(Module, ThatIsTooNewIsNamedWithBothVersions)
{
	device.version = MSGQ_ABI_VERSION + 7;
	device.oldest = MSGQ_ABI_VERSION + 5;
	std::string detail = refused();

	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTSUPP);
	EXPECT_TRUE(has(detail, "library speaks version " + std::to_string(MSGQ_ABI_VERSION)))
		<< detail;
	EXPECT_TRUE(has(detail, "at least " + std::to_string(MSGQ_ABI_VERSION + 5))) << detail;
	EXPECT_TRUE(has(detail, "update the library")) << detail;
	EXPECT_TRUE(device.closed);
}

TEST_F(Module, ThatIsNewerButAcceptsTheLibraryIsGreeted)
{
	device.version = MSGQ_ABI_VERSION + 7;
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V1));

	ASSERT_NE(ctx, nullptr) << msgqipc_error_detail();
	EXPECT_EQ(msgqipc_destroy(ctx), 0);
}

} // namespace
