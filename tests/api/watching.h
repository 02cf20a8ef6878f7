/* SPDX-License-Identifier: MIT */
/* What tests of events have in common. */
#ifndef MSGQ_TESTS_API_WATCHING_H
#define MSGQ_TESTS_API_WATCHING_H

#include "fixture.h"

#include <vector>

#include <poll.h>

namespace api
{

inline int descriptor(msgqipc_ctx *ctx)
{
	int fd = -1;

	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_FD, 0, &fd));
	return fd;
}

inline void arm(msgqipc_ctx *ctx)
{
	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
}

/* Within @ms milliseconds; 0 only looks. */
inline bool readable(msgqipc_ctx *ctx, int ms = 0)
{
	pollfd wanted = { descriptor(ctx), POLLIN, 0 };

	return poll(&wanted, 1, ms) == 1 && wanted.revents & POLLIN;
}

inline std::vector<msgqipc_event> events(msgqipc_ctx *ctx, size_t room = 64)
{
	std::vector<msgqipc_event> all(room);
	int count = msgqipc_get_events(ctx, all.data(), room);

	EXPECT_SUCC(count);
	all.resize(count > 0 ? size_t(count) : 0);
	return all;
}

inline int listen(msgqipc_ctx *ctx, const msgqipc_addr &addr)
{
	msgqipc_addr copy = addr;

	return msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &copy);
}

inline int forget(msgqipc_ctx *ctx, const msgqipc_addr &addr)
{
	msgqipc_addr copy = addr;

	return msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_FORGET_ADDR, 0, &copy);
}

/* The only event there is is of that type, about that address. */
inline ::testing::AssertionResult told(msgqipc_ctx *ctx, uint32_t type, const msgqipc_addr &addr)
{
	std::vector<msgqipc_event> all = events(ctx);

	if (all.size() == 1 && all[0].type == type && same(all[0].addr, addr) && !all[0].queue)
		return ::testing::AssertionSuccess();
	::testing::AssertionResult failure = ::testing::AssertionFailure();
	failure << all.size() << " events:";
	for (const msgqipc_event &event : all)
		failure << " type " << event.type
			<< (same(event.addr, addr) ? ", this address" : ", another address");
	return failure;
}

inline bool silent(msgqipc_ctx *ctx)
{
	return events(ctx).empty();
}

inline void send(msgqipc_ctx *ctx, const msgqipc_addr &addr, uint32_t count = 1)
{
	for (; count; count--)
		ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
}

inline void receive(const Queue &queue, uint32_t count = 1)
{
	char msg[64];

	for (; count; count--)
		ASSERT_SUCC(msgqipc_recv(queue.ctx, queue, msg, sizeof(msg)));
}

} // namespace api

#endif
