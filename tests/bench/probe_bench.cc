// SPDX-License-Identifier: MIT
/*
 * A message sent and received by one thread, through the public API: nothing
 * but instructions, so that a difference of one shows. tests/bench/probes runs
 * it with one library and the other.
 *
 * Prints the nanoseconds of the median batch.
 */
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <sched.h>

#include "ours.h"

namespace
{

constexpr int BATCH = 64, BATCHES = 20000;

double batch(msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *addr)
{
	const auto start = std::chrono::steady_clock::now();
	uint64_t value = 0;

	for (int i = 0; i < BATCH; i++)
		if (msgqipc_send(ctx, addr, &value, sizeof(value)))
			give_up_ours("msgqipc_send");
	for (int i = 0; i < BATCH; i++)
		if (msgqipc_recv(ctx, queue, &value, sizeof(value)) != sizeof(value))
			give_up_ours("msgqipc_recv");
	return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start)
		       .count() /
	       BATCH;
}

} // namespace

int main()
{
	msgqipc_ctx *ctx = ours_context();
	msgqipc_addr addr = {};
	msgqipc_queue *queue = ours_queue(ctx, &addr, BATCH);
	std::vector<double> ns(BATCHES);

	if (msgqipc_activate(ctx, queue))
		give_up_ours("msgqipc_activate");
	for (double &each : ns)
		each = batch(ctx, queue, &addr);
	std::nth_element(ns.begin(), ns.begin() + BATCHES / 2, ns.end());
	printf("%.3f\n", ns[BATCHES / 2]);
	return msgqipc_destroy(ctx);
}
