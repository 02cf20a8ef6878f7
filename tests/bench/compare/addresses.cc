// SPDX-License-Identifier: MIT
/*
 * One sender, many receivers in turn: what finding the right queue costs.
 * Beside it a loop that touches as many cache lines, on as many pages, in
 * the same order, and does nothing else.
 */
#include <algorithm>
#include <cstdlib>
#include <sys/resource.h>

#include <msgq/sender.h>
#include <msgqipc.h>

#include "../peers/msgqipc.h"
#include "plan.h"
#include "traffic.h"

namespace
{

constexpr uint32_t ENTRIES = 64;
constexpr uint32_t WINDOW = 60; /* sends to each before it is drained, at most */

/* The sender's turn and the owner's, and what the sender found. */
struct Board {
	std::atomic<uint32_t> turn;
	double each_ns;
};

/* @send(n) to each in turn while the owner waits, then its @drain(); the median of the windows. */
template <typename Send, typename Drain>
void take_turns(Board *board, bool sends, uint32_t count, uint64_t windows, Send send, Drain drain)
{
	const uint32_t rounds = std::max(1u, std::min(WINDOW, 10000 / count));
	std::vector<double> ns;
	Spin spin(false);

	for (uint32_t window = 1; window <= windows; window++) {
		if (!sends) {
			while (board->turn.load(std::memory_order_acquire) != 2 * window - 1)
				spin.miss();
			drain();
			board->turn.store(2 * window, std::memory_order_release);
			continue;
		}
		const uint64_t begin = Ticks::now();
		for (uint32_t round = 0; round < rounds; round++)
			for (uint32_t n = 0; n < count; n++)
				send(n);
		ns.push_back(Ticks::ns(Ticks::now() - begin) / count / rounds);
		board->turn.store(2 * window - 1, std::memory_order_release);
		while (board->turn.load(std::memory_order_acquire) != 2 * window)
			spin.miss();
	}
	if (!sends)
		return;
	std::sort(ns.begin(), ns.end());
	board->each_ns = ns[ns.size() / 2];
}

void library(Board *board, bool sends, Gate &gate, msgqipc_addr *addr, uint32_t count,
	     uint64_t windows)
{
	msgqipc_ctx *ctx = msgqipc_own();
	std::vector<msgqipc_queue *> queue(sends ? 0 : count);
	uint64_t msg = 0;

	for (uint32_t n = 0; n < queue.size(); n++) {
		queue[n] = msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, &addr[n], ENTRIES, 0, 0);
		if (!queue[n] || msgqipc_activate(ctx, queue[n]) ||
		    msgqipc_ctl(ctx, queue[n], MSGQIPC_CTL_NONBLOCK, 1, nullptr))
			msgqipc_give_up("msgqipc_create");
	}
	gate.begin(sends);
	for (uint32_t n = 0; sends && n < count; n++)
		if (msgqipc_poke(ctx, &addr[n]))
			msgqipc_give_up("msgqipc_poke");
	take_turns(
		board, sends, count, windows,
		[&](uint32_t n) {
			if (msgqipc_send(ctx, &addr[n], &msg, sizeof(msg)))
				msgqipc_give_up("msgqipc_send");
		},
		[&] {
			for (msgqipc_queue *each : queue)
				while (msgqipc_recv(ctx, each, &msg, sizeof(msg)) >= 0)
					;
		});
	gate.end(sends);
	/* In peace, not by the host while the next piece runs. */
	msgqipc_destroy(ctx);
}

/* The pages that a queue's areas take: keeper, consumer, slots and tails. */
constexpr uint64_t PAGES = 4;

/* As large as the library's, and the same of it is looked at. */
struct BareTarget {
	uint64_t addr[2];
	uint64_t handle;
	msgq_sender sender;
	uint8_t areas[64];
};

uint32_t home(uint64_t addr, uint32_t size)
{
	return static_cast<uint32_t>((addr * 0x9e3779b97f4a7c15u) >> 32) & (size - 1);
}

void bare(Board *board, bool sends, Gate &gate, uint8_t *pages, uint32_t count, uint64_t windows)
{
	uint32_t size = 8;
	while (count * 3 > size * 2)
		size *= 2;
	std::vector<BareTarget *> table(size);
	std::vector<msgqipc_addr> addr(count);
	std::vector<uint64_t> heads(count);
	const auto slot = [&](uint64_t n, uint64_t turn) {
		return reinterpret_cast<__u64 *>(pages + (n * PAGES + 2) * 4096) +
		       turn % ENTRIES * 8;
	};

	const auto head = [&](uint64_t n) {
		return reinterpret_cast<__u64 *>(pages + (n * PAGES + 1) * 4096);
	};

	for (uint32_t n = 0; n < count; n++) {
		auto *target = static_cast<BareTarget *>(calloc(1, sizeof(BareTarget)));
		uint32_t i = home(n + 1, size);

		addr[n] = { { n + 1, n + 1 } };
		target->addr[0] = target->addr[1] = n + 1;
		target->sender.ring.slot = reinterpret_cast<msgq_slot *>(slot(n, 0));
		while (table[i])
			i = (i + 1) & (size - 1);
		table[i] = target;
	}
	gate.begin(sends);
	take_turns(
		board, sends, count, windows,
		[&](uint32_t n) {
			const uint64_t key = addr[n].opaque[0];
			uint32_t i = home(key, size);

			while (table[i]->addr[0] != key)
				i = (i + 1) & (size - 1);
			msgq_sender &sender = table[i]->sender;
			const auto word_at = [&](uint64_t turn) {
				return &sender.ring.slot[turn % ENTRIES].word;
			};
			__u64 *word = word_at(sender.guess.t);
			__u64 expected = *word;

			sender.waited = 0;
			sender.guess.t++;
			if (!msgq_cas(word, &expected, sender.index))
				abort();
			msgq_prefetch_write(word_at(sender.guess.t + 7));
			word[1] = key;
			msgq_store_release(word, sender.guess.t);
		},
		[&] {
			for (uint32_t n = 0; n < count; n++) {
				uint64_t at = heads[n];

				/* The look in vain takes a line from the sender, too. */
				while (msgq_load_acquire(slot(n, at)) == at + 1)
					msgq_store_release(head(n), ++at);
				heads[n] = at;
			}
		});
	gate.end(sends);
}

} // namespace

/* What the daemon has files for, six a queue, and each side mappings, three a queue. */
uint32_t most_addresses()
{
	constexpr uint32_t wanted = 10000;
	rlimit files = {};
	unsigned long maps = 65530;

	getrlimit(RLIMIT_NOFILE, &files);
	if (FILE *limit = fopen("/proc/sys/vm/max_map_count", "r")) {
		if (fscanf(limit, "%lu", &maps) != 1)
			maps = 65530;
		fclose(limit);
	}
	const uint64_t room = std::min<uint64_t>(files.rlim_max / 6, maps / 3);
	return static_cast<uint32_t>(std::min<uint64_t>(wanted, room > 200 ? room - 100 : 100));
}

void plan_addresses(Plan &plan, const Options &options)
{
	const Place at = place(options.cpus, 2);

	for (uint32_t count : { 1u, 100u, most_addresses() })
		for (bool ours : { true, false }) {
			const auto run = [=](uint64_t windows) {
				const size_t room =
					ours ? count * sizeof(msgqipc_addr) : count * PAGES * 4096;
				auto *board = new (shared_bytes(4096)) Board{};
				void *memory = shared_bytes(room);
				Lap lap = race_gated(
					at.cpus,
					[&](unsigned i, Gate &gate) {
						if (ours)
							library(board, !i, gate,
								static_cast<msgqipc_addr *>(memory),
								count, windows);
						else
							bare(board, !i, gate,
							     static_cast<uint8_t *>(memory), count,
							     windows);
					},
					60000);
				const Piece piece = { lap, board->each_ns };

				munmap(memory, room);
				munmap(board, 4096);
				return piece;
			};
			Series series = { ADDRESSES, ours ? OURS : RAW, count, Unit::ns, run };

			series.addresses = true;
			series.fixed = true;
			series.count = count > 100 ? 15 : 100;
			series.every = count > 100 ? 40 : 4;
			/* Its own windows are its repetitions. */
			series.yields = true;
			if (ours)
				series.limit = static_cast<int>(plan.all.size()) + 1;
			plan.all.push_back(series);
		}
}
