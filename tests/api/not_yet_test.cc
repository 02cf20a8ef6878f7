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
		{ "SET_NRQR", MSGQIPC_CTL_SET_NRQR, MSGQIPC_NRQR_DEFAULT },
	};
	Queue queue(ctx, 4, api::unique_key());
	uint64_t room[16] = {};

	for (const auto &control : controls) {
		SCOPED_TRACE(control.name);
		EXPECT_ERR(NOTSUPP, msgqipc_ctl(ctx, nullptr, control.command, control.arg, room));
	}
}

TEST_F(NotYet, IsSaidOfEvents)
{
	msgqipc_event event;

	EXPECT_ERR(NOTSUPP, msgqipc_get_events(ctx, &event, 1));
}

} // namespace
