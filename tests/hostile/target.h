/* SPDX-License-Identifier: MIT */
/*
 * The queue that is attacked, as all who take part know it. One that was
 * scribbled over beyond use is closed, and another takes its place: there is
 * little to be found out from a ruin.
 */
#ifndef MSGQ_TESTS_HOSTILE_TARGET_H
#define MSGQ_TESTS_HOSTILE_TARGET_H

#include <atomic>
#include <cstdint>

#include "../api/fixture.h"

namespace hostile
{

/* In shared memory. Half an old and half a new address is none, which does no harm. */
class Target
{
	std::atomic<uint64_t> half[2];
	std::atomic<uint64_t> changes;

public:
	void set(const msgqipc_addr &addr)
	{
		half[0] = addr.opaque[0];
		half[1] = addr.opaque[1];
		changes++;
	}

	msgqipc_addr get() const
	{
		msgqipc_addr addr;

		addr.opaque[0] = half[0];
		addr.opaque[1] = half[1];
		return addr;
	}

	uint64_t queues() const
	{
		return changes;
	}
};

/* What its owner has of it, one after the other. */
class Owned
{
	msgqipc_ctx *ctx;
	const uint32_t entries;
	Target &target;
	api::Queue own;

public:
	Owned(msgqipc_ctx *owner, uint32_t size, Target &at)
	    : ctx(owner), entries(size), target(at), own(ctx, entries)
	{
		target.set(own.addr);
	}

	const api::Queue &queue() const
	{
		return own;
	}

	void renew()
	{
		EXPECT_SUCC(msgqipc_close(ctx, own, 0));
		own = api::Queue(ctx, entries);
		target.set(own.addr);
	}
};

} // namespace hostile

#endif
