/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_API_ASLEEP_H
#define MSGQ_TESTS_API_ASLEEP_H

#include "fixture.h"
#include "processes.h"

namespace api
{

/*
 * Until the owner of @addr, of one thread, sleeps in recv: await_sleeper() is
 * told so a little earlier than that.
 */
inline void await_asleep(msgqipc_ctx *ctx, const msgqipc_addr &addr)
{
	msgqipc_info info = {};

	await_sleeper(ctx, addr);
	while (seen(ctx, addr, &info) && state_of(static_cast<pid_t>(info.pid)) != 'S')
		usleep(100);
}

} // namespace api

#endif
