// SPDX-License-Identifier: MIT
#include <msgqipc.h>

#include <string.h>

#include "context.h"
#include "listen.h"
#include "mediated.h"
#include "probe.h"
#include "target.h"
#include "thread.h"

namespace msgq
{

/*
 * An owner that revokes claims again and again keeps its senders from sending,
 * but not in the call: after so many, it fails.
 */
constexpr int DOUBTS = 64;

/* Not the one of the last send. */
static Target *target_other(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	Target *target = target_find(ctx, addr);

	/* A mediated one is never the last, so that it need not be told from others there. */
	if (target && !target->mediated)
		ctx->last = target;
	return target;
}

/* As this, what is seldom is kept out of msgqipc_send(), where it would take registers. */
__attribute__((cold, noinline)) static Target *
target_other_send(msgqipc_ctx *ctx, const msgqipc_addr *addr, size_t len)
{
	Target *target = target_other(ctx, addr);

	if (!target)
		probe_refused(MSGQ_PROBE_ID(addr), len);
	return target;
}

static inline bool target_is_last(const msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	return __builtin_expect(ctx->last && target_is(ctx->last, addr), 1);
}

/* What a send or a poke that did not go through is told. */
static int fail_send(msgqipc_ctx *ctx, Target *target, msgq_send_result result)
{
	switch (result) {
	case MSGQ_FULL:
		listen_refused(ctx, target);
		return fail(MSGQIPC_ERR_RNR);
	case MSGQ_SHUT:
		if (msgq_load_acquire(&target->sender.ring.keeper->reason) != MSGQ_QUEUE_GONE) {
			listen_refused(ctx, target);
			return fail(MSGQIPC_ERR_INACTIVE);
		}
		target_drop(ctx, target);
		return fail(MSGQIPC_ERR_NOTFOUND,
			    "addr was that of a queue that is closed, or whose owner is gone");
	default:
		return fail(MSGQIPC_ERR_FAILURE,
			    "another sender has scribbled over the queue's ring");
	}
}

__attribute__((cold, noinline)) static int refuse(msgqipc_ctx *ctx, Target *target,
						  msgq_send_result result, size_t len)
{
	const uint32_t id = MSGQ_PROBE_ID(&target->addr);

	fail_send(ctx, target, result);
	return probe_refused(id, len);
}

static void wake(msgqipc_ctx *ctx, Target *target)
{
	ctx->host.kind->wake(&ctx->host, target->handle, &target->sender, &target->bell);
}

/* What became of a send or a poke that came to DOUBT for the @doubts-th time. */
static Settled settle(msgqipc_ctx *ctx, Target *target, int doubts)
{
	Settled settled;

	/* If it was sent: to whom, may not be known any more after the answer. */
	if (target->sender.claim != MSGQ_NEVER)
		wake(ctx, target);
	settled = target_settle(ctx, target);
	if (settled == SETTLED_NOT && doubts == DOUBTS) {
		fail(MSGQIPC_ERR_FAILURE, "the queue's owner revokes every send");
		return SETTLED_FAILED;
	}
	return settled;
}

/* The same, of a send; the probes tell what it was known by before. */
__attribute__((cold, noinline)) static Settled settle_send(msgqipc_ctx *ctx, Target *target,
							   int doubts, size_t len)
{
	const uint32_t id = MSGQ_PROBE_ID(&target->addr), index = target->sender.index;
	const uint64_t claim = target->sender.claim;
	const Settled settled = settle(ctx, target, doubts);

	if (settled == SETTLED_SENT) {
		MSGQ_PROBE4(send, id, claim + 1, len, index);
		succeed();
	} else if (settled == SETTLED_FAILED) {
		probe_refused(id, len);
	}
	return settled;
}

/* The message is in the queue, whose receiver sleeps. */
__attribute__((noinline)) static int sent_wake(msgqipc_ctx *ctx, Target *target, size_t len)
{
	MSGQ_PROBE4(send, MSGQ_PROBE_ID(&target->addr), target->sender.guess.t, len,
		    target->sender.index);
	wake(ctx, target);
	return succeed();
}

} // namespace msgq

extern "C" {

int msgqipc_send(msgqipc_ctx *ctx, const msgqipc_addr *addr, const void *msg, size_t len)
{
	msgq::Target *target;
	msgq_send_result result;
	msgq::Settled settled;

	if (!msgq::usable(ctx))
		return -1;
	if (__builtin_expect(!addr, 0))
		return msgq::fail(MSGQIPC_ERR_INVAL, "addr is NULL");
	if (__builtin_expect(len > MSGQ_MSG_MAX, 0))
		return msgq::fail(MSGQIPC_ERR_SIZE, "len is %llu; accepted: 0 to %llu", len,
				  MSGQ_MSG_MAX);
	if (__builtin_expect(!msg && len, 0))
		return msgq::fail(MSGQIPC_ERR_INVAL, "msg is NULL, and len is not 0");
	target = msgq::target_is_last(ctx, addr) ? ctx->last
						 : msgq::target_other_send(ctx, addr, len);
	if (__builtin_expect(!target, 0))
		return -1;
	if (__builtin_expect(target != ctx->last, 0))
		return msgq::mediated_send(ctx, target, msg, (uint32_t)len);

	target->sender.waited = ctx->waited;
	ctx->waited = 0;
	for (int doubts = 1;; doubts++) {
		result = msgq_sender_send(&target->sender, msg, (uint32_t)len);
		if (__builtin_expect(result == MSGQ_SENT, 1)) {
			MSGQ_PROBE4(send, MSGQ_PROBE_ID(&target->addr), target->sender.guess.t, len,
				    target->sender.index);
			return msgq::succeed();
		}
		if (result != MSGQ_DOUBT)
			break;
		settled = msgq::settle_send(ctx, target, doubts, len);
		if (settled != msgq::SETTLED_NOT)
			return settled == msgq::SETTLED_SENT ? 0 : -1;
	}
	if (result != MSGQ_SENT_WAKE)
		return msgq::refuse(ctx, target, result, len);
	return msgq::sent_wake(ctx, target, len);
}

int msgqipc_poke(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	msgq::Target *target;
	msgq_send_result result;

	if (!msgq::usable(ctx))
		return -1;
	if (ctx->api->version < MSGQIPC_API_V2)
		return msgq::fail(MSGQIPC_ERR_NOTSUPP, "poke is of MSGQIPC_API_V2, ctx of V1");
	if (!addr)
		return msgq::fail(MSGQIPC_ERR_INVAL, "addr is NULL");
	target = msgq::target_is_last(ctx, addr) ? ctx->last : msgq::target_other(ctx, addr);
	if (!target)
		return -1;
	if (target->mediated)
		return msgq::mediated_poke(ctx, target);
	for (int doubts = 1;; doubts++) {
		result = msgq_sender_poke(&target->sender);
		if (result != MSGQ_DOUBT)
			break;
		if (msgq::settle(ctx, target, doubts) == msgq::SETTLED_FAILED)
			return -1;
	}
	return result == MSGQ_SENT ? msgq::succeed() : msgq::fail_send(ctx, target, result);
}

int msgqipc_cancel(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	msgq_cancel cancel = {};

	if (!msgq::usable(ctx))
		return -1;
	if (!addr)
		return msgq::fail(MSGQIPC_ERR_INVAL, "addr is NULL");
	memcpy(&cancel.address, addr, sizeof(cancel.address));
	if (msgq::host_request(&ctx->host, MSGQ_IOC_CANCEL, &cancel))
		return -1;
	return msgq::succeed();
}
}
