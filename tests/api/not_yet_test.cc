// SPDX-License-Identifier: MIT
// What the header says is not there yet. A line goes when its feature comes.
#include "fixture.h"

using api::Queue;

namespace
{

class NotYet : public api::Test
{
};

TEST_F(NotYet, IsSaidOfControls)
{
	const struct {
		const char *name;
		int command;
		uint64_t arg;
	} controls[] = {
		{ "GET_FD", MSGQIPC_CTL_GET_FD, 0 },
		{ "ARM", MSGQIPC_CTL_ARM, 0 },
		{ "LISTEN_ADDR", MSGQIPC_CTL_LISTEN_ADDR, 0 },
		{ "FORGET_ADDR", MSGQIPC_CTL_FORGET_ADDR, 0 },
		{ "SET_SENDER_ID", MSGQIPC_CTL_SET_SENDER_ID, 0 },
		{ "SET_NRQR", MSGQIPC_CTL_SET_NRQR, MSGQIPC_NRQR_DEFAULT },
		{ "NAMED GET_PERM", MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_GET_PERM },
		{ "NAMED SET_PERM", MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SET_PERM },
	};
	Queue queue(ctx, 4, api::unique_key());
	uint64_t room[16] = {};

	for (const auto &control : controls) {
		SCOPED_TRACE(control.name);
		EXPECT_ERR(NOTSUPP, msgqipc_ctl(ctx, nullptr, control.command, control.arg, room));
	}
}

TEST_F(NotYet, IsSaidOfCancel)
{
	Queue queue(ctx);
	char msg[64];

	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(NOTSUPP, msgqipc_cancel(ctx, &queue.addr));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
}

TEST_F(NotYet, IsSaidOfEvents)
{
	msgqipc_event event;

	EXPECT_ERR(NOTSUPP, msgqipc_get_events(ctx, &event, 1));
}

} // namespace
