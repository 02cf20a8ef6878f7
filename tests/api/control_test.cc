// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <climits>
#include <cstdlib>
#include <cstring>

using api::Queue;

namespace
{

class Control : public api::Test
{
protected:
	uint64_t ask(int command)
	{
		uint64_t value = ~0ull;

		EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, command, 0, &value));
		return value;
	}
};

// holds: ctl.max-msg, ctl.addr-size
TEST_F(Control, TellsTheLimits)
{
	EXPECT_EQ(ask(MSGQIPC_CTL_GET_MAX_MSG_SIZE), 64u);
	EXPECT_EQ(ask(MSGQIPC_CTL_GET_ADDR_SIZE), sizeof(msgqipc_addr));
	EXPECT_EQ(ask(MSGQIPC_CTL_GET_ADDR_SIZE), 16u);
	EXPECT_GE(ask(MSGQIPC_CTL_GET_MAX_MESSAGES), 1000u);
	EXPECT_LT(ask(MSGQIPC_CTL_GET_MAX_MESSAGES), UINT32_MAX);
}

// holds: ctl.host
TEST_F(Control, TellsWhoKeepsTheQueues)
{
	const char *named = getenv("MSGQ_SOCKET");
	msgqipc_host host;

	memset(&host, 0xff, sizeof(host));
	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_HOST, 0, &host));
	EXPECT_EQ(host.kind, unsigned(named ? MSGQIPC_HOST_DAEMON : MSGQIPC_HOST_MODULE));
	EXPECT_STREQ(host.path, named ? named : "/dev/msgq");
	EXPECT_STREQ(host.release, MSGQ_VERSION);
	EXPECT_EQ(host.reserved, 0u);
}

// holds: ctl.limits
TEST_F(Control, TellsWhatTheUserHasAndMayHave)
{
	msgqipc_limits before, with, after;

	memset(&before, 0xff, sizeof(before));
	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_LIMITS, 0, &before));
	EXPECT_EQ(before.uid, geteuid());
	EXPECT_GE(before.contexts.used, 1u);
	for (const msgqipc_limit *each :
	     { &before.queues, &before.contexts, &before.bytes, &before.attachments })
		EXPECT_TRUE(!each->max || each->max >= each->used);
	EXPECT_GT(before.queues.max, 0u);
	EXPECT_EQ(before.reserved, 0u);
	{
		api::Context other;
		Queue queue(other, 1000);

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_LIMITS, 0, &with));
		EXPECT_EQ(with.queues.used, before.queues.used + 1);
		EXPECT_EQ(with.contexts.used, before.contexts.used + 1);
		EXPECT_GE(with.bytes.used, before.bytes.used + 72000);
		EXPECT_EQ(with.attachments.used, before.attachments.used + 1);
	}
	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_LIMITS, 0, &after));
	EXPECT_EQ(after.contexts.used, before.contexts.used);
}

// holds: ctl.nonblock
TEST_F(Control, SwitchesBlocking)
{
	Queue queue(ctx);
	char msg[64];

	EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 0, nullptr));
	EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr));
	EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: ctl.nonblock
TEST_F(Control, TakesNothingElseForBlocking)
{
	Queue queue(ctx);
	char msg[64];

	for (uint64_t arg : { uint64_t(2), uint64_t(1) << 32, ~uint64_t(0) })
		EXPECT_ERR(INVAL, msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, arg, nullptr));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: ctl.unknown
TEST_F(Control, RefusesUnknownCommands)
{
	Queue queue(ctx);
	uint64_t value;

	for (int command : { 0, 4, 50, 100, 102, 106, 113, 199, 1000, -1, INT_MAX, INT_MIN }) {
		SCOPED_TRACE(command);
		EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, command, 0, &value));
		EXPECT_ERR(INVAL, msgqipc_ctl(ctx, queue, command, 0, &value));
	}
}

// holds: name.operations
TEST_F(Control, RefusesUnknownOperationsOnNames)
{
	msgqipc_named named = {};

	named.key = api::unique_key();
	for (uint64_t operation : { uint64_t(0), uint64_t(6), uint64_t(1) << 32 | 1 }) {
		SCOPED_TRACE(operation);
		EXPECT_ERR(INVAL,
			   msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, operation, &named));
	}
}

} // namespace
