// SPDX-License-Identifier: MIT
/* Events of which there is no end: a sender can bring these about, by firing a queue. */
#include <unistd.h>

#include <gtest/gtest.h>

#include <msgqipc.h>
#include <uapi/linux/msgq.h>

#include "device.h"

namespace
{

class Endless : public testing::Test
{
protected:
	FakeDevice device{};
	msgqipc_ctx *ctx = nullptr;

	void SetUp() override
	{
		fake_device = &device;
		device.version = MSGQ_ABI_VERSION;
		device.oldest = MSGQ_ABI_OLDEST;
		device.fires = true;
		ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
		ASSERT_NE(ctx, nullptr) << msgqipc_error_detail();
		alarm(20);
	}
	void TearDown() override
	{
		alarm(0);
		EXPECT_EQ(msgqipc_destroy(ctx), 0);
		fake_device = nullptr;
	}
};

} // namespace

TEST_F(Endless, EventsAreNotWaitedFor)
{
	msgqipc_event events[64];

	EXPECT_EQ(msgqipc_get_events(ctx, events, 64), 0);
	EXPECT_TRUE(device.kicked & MSGQ_KICK_NOW) << "the rest is to be asked for";
}

TEST_F(Endless, EventsDoNotKeepFromArming)
{
	EXPECT_EQ(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr), 0);
	EXPECT_TRUE(device.kicked & MSGQ_KICK_NOW) << "there is something to be told";
}

TEST_F(Endless, EventsEnd)
{
	msgqipc_event event;

	device.fires = false;
	EXPECT_EQ(msgqipc_get_events(ctx, &event, 1), 0);
	EXPECT_EQ(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr), 0);
	EXPECT_FALSE(device.kicked & MSGQ_KICK_NOW);
}
