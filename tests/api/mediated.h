/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_API_MEDIATED_H
#define MSGQ_TESTS_API_MEDIATED_H

#include "fixture.h"

namespace api
{

/* Of what kind it is is for the test to say, and not for MSGQ_TEST_MEDIATED. */
struct MediatedQueue {
	msgqipc_ctx *ctx;
	msgqipc_addr addr = {};
	msgqipc_queue *queue;

	explicit MediatedQueue(msgqipc_ctx *owner, uint32_t entries = 16,
			       uint32_t flags = MSGQIPC_CREATE_MEDIATED)
	    : ctx(owner),
	      queue(msgqipc_create(owner, MSGQIPC_KEY_PRIVATE, &addr, entries, 0, flags))
	{
		EXPECT_SUCC(queue);
		EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr));
		EXPECT_SUCC(msgqipc_activate(ctx, queue));
	}

	operator msgqipc_queue *() const
	{
		return queue;
	}
};

} // namespace api

#endif
