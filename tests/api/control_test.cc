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
