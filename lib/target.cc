// SPDX-License-Identifier: MIT
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "context.h"

namespace msgq
{

static_assert(sizeof(msgq_address) == sizeof(msgqipc_addr));

static uint32_t home(const Targets *targets, const msgqipc_addr *addr)
{
	/* Not their sum or difference: id and generation count up together. */
	uint64_t hash =
		(addr->opaque[0] * 0xff51afd7ed558ccdu + addr->opaque[1]) * 0x9e3779b97f4a7c15u;

	return (uint32_t)(hash >> 32) & (targets->size - 1);
}

static Target *lookup(const Targets *targets, const msgqipc_addr *addr)
{
	if (!targets->size)
		return nullptr;
	for (uint32_t i = home(targets, addr);; i = (i + 1) & (targets->size - 1)) {
		Target *target = targets->slot[i];

		if (!target || target_is(target, addr))
			return target;
	}
}

static void insert(Targets *targets, Target *target)
{
	uint32_t i = home(targets, &target->addr);

	while (targets->slot[i])
		i = (i + 1) & (targets->size - 1);
	targets->slot[i] = target;
	targets->used++;
}

/* Keeps a third free, so that every probe sequence ends soon. */
static int make_room(Targets *targets)
{
	Targets larger = {};

	if ((targets->used + 1) * 3 <= targets->size * 2)
		return 0;
	larger.size = targets->size ? targets->size * 2 : 8;
	larger.slot = static_cast<Target **>(calloc(larger.size, sizeof(Target *)));
	if (!larger.slot)
		return fail_memory(larger.size * sizeof(Target *));
	for (uint32_t i = 0; i < targets->size; i++) {
		if (targets->slot[i])
			insert(&larger, targets->slot[i]);
	}
	free(targets->slot);
	*targets = larger;
	return 0;
}

static void detach(Host *host, uint32_t handle)
{
	msgq_handle gone = {};

	gone.handle = handle;
	host_request(host, MSGQ_IOC_DETACH, &gone);
}

static int attach(Host *host, Target *target)
{
	msgq_attach attach = {};
	const msgq_keeper_page *keeper;
	msgq_ring ring;

	memcpy(&attach.address, &target->addr, sizeof(attach.address));
	if (host_request(host, MSGQ_IOC_ATTACH, &attach))
		return -1;
	target->handle = attach.handle;
	target->mediated = !attach.area[MSGQ_AREA_SLOTS].size;
	if (target->mediated)
		return 0;
	if (host_map(host, attach.area, false, &target->areas)) {
		int error = thread.error;

		/* Which would set the error anew. */
		detach(host, attach.handle);
		return fail(error, "the queue could not be mapped");
	}
	keeper = static_cast<msgq_keeper_page *>(target->areas.base[MSGQ_AREA_KEEPER]);
	if (host_ring(&target->areas, keeper ? keeper->capacity : 0, &ring)) {
		Thread why = thread;

		host_unmap(&target->areas);
		detach(host, attach.handle);
		return fail(why.error, why.detail, why.bound[0], why.bound[1]);
	}
	msgq_sender_init(&target->sender, &ring, attach.sender);
	/* What was counted since may concern this very sender. */
	target->sender.revokes = attach.revokes;
	return 0;
}

/* An index for what is sent from now on; *@renew tells of what was. */
static int renew(msgqipc_ctx *ctx, Target *target, msgq_renew *renew)
{
	renew->handle = target->handle;
	if (host_request(&ctx->host, MSGQ_IOC_RENEW, renew)) {
		/* As a send to it would have been told. */
		if (thread.error == MSGQIPC_ERR_NOTFOUND) {
			Thread why = thread;

			target_drop(ctx, target);
			fail(why.error, why.detail, why.bound[0], why.bound[1]);
		}
		return -1;
	}
	/* The host knows by itself what it sends by. */
	if (!target->mediated)
		msgq_sender_renew(&target->sender, renew->sender, renew->revokes);
	target->sender_ids = ctx->sender_ids;
	return 0;
}

static int renew_identity(msgqipc_ctx *ctx, Target *target)
{
	msgq_renew request = {};

	request.claim = MSGQ_NEVER;
	return renew(ctx, target, &request);
}

Settled target_settle(msgqipc_ctx *ctx, Target *target)
{
	const uint64_t claim = target->sender.claim;
	msgq_renew request = {};
	int error;

	request.claim = claim;
	request.seen = target->sender.seen;
	error = renew(ctx, target, &request);
	if (claim != MSGQ_NEVER && !request.undone)
		return SETTLED_SENT;
	return error ? SETTLED_FAILED : SETTLED_NOT;
}

Target *target_known(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	return lookup(&ctx->targets, addr);
}

static bool gone(msgqipc_ctx *ctx, const Target *target)
{
	msgq_send poke = {};

	if (!target->mediated)
		return msgq_load_acquire(&target->sender.ring.keeper->reason) == MSGQ_QUEUE_GONE;
	poke.handle = target->handle;
	poke.flags = MSGQ_SEND_POKE;
	return ctx->host.kind->request(&ctx->host, MSGQ_IOC_SEND, &poke) &&
	       poke.refusal.why == MSGQ_WHY_ADDRESS;
}

/*
 * Lets go of some whose queue is gone. The hand goes round more than once while
 * as many are attached as there are, so that the dead never outnumber those that
 * live by far. A look at a mediated one is a system call.
 */
constexpr int SWEEP_LOOKS = 8, SWEEP_CALLS = 2;

static void sweep(msgqipc_ctx *ctx)
{
	Targets *targets = &ctx->targets;

	for (int looks = 0, calls = 0; looks < SWEEP_LOOKS && targets->size; looks++) {
		Target *target = targets->slot[targets->hand & (targets->size - 1)];

		if (target && target->mediated && calls++ == SWEEP_CALLS)
			return;
		targets->hand++;
		if (target && gone(ctx, target))
			target_drop(ctx, target);
	}
}

Target *target_find(msgqipc_ctx *ctx, const msgqipc_addr *addr)
{
	Target *target = lookup(&ctx->targets, addr);

	if (target) {
		if (target->sender_ids != ctx->sender_ids && renew_identity(ctx, target))
			return nullptr;
		return target;
	}
	sweep(ctx);
	if (make_room(&ctx->targets))
		return nullptr;
	target = static_cast<Target *>(aligned_alloc(alignof(Target), sizeof(*target)));
	if (!target) {
		fail_memory(sizeof(*target));
		return nullptr;
	}
	*target = {};
	target->addr = *addr;
	target->sender_ids = ctx->sender_ids;
	bell_init(&target->bell);
	if (attach(&ctx->host, target)) {
		free(target);
		return nullptr;
	}
	insert(&ctx->targets, target);
	return target;
}

static void release(Target *target)
{
	bell_drop(&target->bell);
	host_unmap(&target->areas);
	free(target);
}

/* Takes one out, and moves up whatever had to step aside for it. */
static void withdraw(Targets *targets, const Target *target)
{
	uint32_t mask = targets->size - 1;
	uint32_t hole = home(targets, &target->addr);

	while (targets->slot[hole] != target)
		hole = (hole + 1) & mask;
	targets->slot[hole] = nullptr;
	targets->used--;
	for (uint32_t i = (hole + 1) & mask; targets->slot[i]; i = (i + 1) & mask) {
		Target *moved = targets->slot[i];

		targets->slot[i] = nullptr;
		targets->used--;
		insert(targets, moved);
	}
}

void target_drop(msgqipc_ctx *ctx, Target *target)
{
	uint32_t handle = target->handle;

	if (ctx->last == target)
		ctx->last = nullptr;
	withdraw(&ctx->targets, target);
	release(target);
	detach(&ctx->host, handle);
}

void targets_free(Targets *targets)
{
	for (uint32_t i = 0; i < targets->size; i++) {
		if (targets->slot[i])
			release(targets->slot[i]);
	}
	free(targets->slot);
}

} // namespace msgq
