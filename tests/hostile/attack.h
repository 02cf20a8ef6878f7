/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_HOSTILE_ATTACK_H
#define MSGQ_TESTS_HOSTILE_ATTACK_H

#include <atomic>

#include <sys/resource.h>

#include "flood.h"
#include "scribbler.h"
#include "target.h"

namespace hostile
{

/*
 * Lets nothing keep it from what it does, but its death. An owner has another
 * queue now and then.
 */
[[noreturn]] inline void attack(uint64_t seed, msgqipc_ctx *ctx, const Target &target,
				std::atomic<uint64_t> &scribbles, Owned *owned = nullptr)
{
	std::mt19937_64 random(seed);
	Scribbler scribbler(random);
	Flood flood(random, ctx, target);
	rlimit few = { 256, 256 };

	alarm(0);
	setrlimit(RLIMIT_NOFILE, &few);
	for (uint64_t turn = 0;; turn++) {
		msgqipc_addr addr = target.get();
		uint64_t some = random() % 8 ? random() % 3 : random() % 64;

		/* Now and then it lets the others get somewhere, to meet them there. */
		if (random() % 16 == 0)
			usleep(unsigned(random() % 500));
		for (; some && !scribbler.blank(); some--) {
			scribbler.scribble();
			scribbles++;
		}
		flood.step();
		if (owned && turn % 64 == 63)
			owned->renew();
		/* So as to have it mapped. */
		msgqipc_send(ctx, &addr, "x", 1);
		scribbler.look();
	}
}

} // namespace hostile

#endif
