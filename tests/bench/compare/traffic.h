/* SPDX-License-Identifier: MIT */
/* Messages between processes, over any peer. */
#ifndef MSGQ_TESTS_BENCH_COMPARE_TRAFFIC_H
#define MSGQ_TESTS_BENCH_COMPARE_TRAFFIC_H

#include <cstdint>
#include <cstdio>
#include <unistd.h>

#include "../cpus.h"
#include "../pair.h"
#include "../ticks.h"

constexpr uint32_t MESSAGE_MAX = 64;
/* A piece that lasts longer than this hangs. */
constexpr int PIECE_LIMIT_MS = 3000;

template <typename Sender>
void put(Sender &sender, const void *msg, uint32_t len, Spin &spin)
{
	while (!sender.send(msg, len))
		spin.miss();
}

/* @eager: looks again at once, and so keeps the queue nearly empty. */
template <typename Receiver>
void get(Receiver &receiver, void *msg, uint32_t len, Spin &spin, bool eager = false)
{
	int got;

	while ((got = receiver.recv(msg, MESSAGE_MAX)) < 0)
		if (!eager)
			spin.miss();
	if (static_cast<uint32_t>(got) != len) {
		fprintf(stderr, "a message of %u bytes came as one of %d\n", len, got);
		_exit(2);
	}
}

/* @trips: where each round trip's ticks go, or NULL. */
template <typename Peer>
Lap ping_pong(const Place &at, uint32_t entries, uint32_t len, uint64_t turns, uint32_t *trips)
{
	Peer there(entries), back(entries);

	return race_gated(
		at.cpus,
		[&](unsigned i, Gate &gate) {
			typename Peer::Receiver receiver(i ? there : back);
			typename Peer::Sender sender(i ? back : there);
			uint8_t msg[MESSAGE_MAX] = {};
			Spin spin(at.yields);

			gate.begin(!i);
			uint64_t last = trips ? Ticks::now() : 0;
			for (uint64_t n = 0; n < turns; n++) {
				if (i)
					get(receiver, msg, len, spin);
				put(sender, msg, len, spin);
				if (i)
					continue;
				get(receiver, msg, len, spin);
				if (trips) {
					const uint64_t now = Ticks::now();

					trips[n] = static_cast<uint32_t>(now - last);
					last = now;
				}
			}
			gate.end(!i);
		},
		PIECE_LIMIT_MS);
}

/* From @at's second and further processes to its first, @each messages of each. */
template <typename Peer>
Lap stream(const Place &at, uint32_t entries, uint32_t len, uint64_t each, bool eager)
{
	Peer peer(entries);
	const uint64_t senders = at.cpus.size() - 1;

	return race_gated(
		at.cpus,
		[&](unsigned i, Gate &gate) {
			uint8_t msg[MESSAGE_MAX] = {};
			Spin spin(at.yields);

			if (!i) {
				typename Peer::Receiver receiver(peer);

				gate.begin(true);
				for (uint64_t n = 0; n < each * senders; n++)
					get(receiver, msg, len, spin, eager);
				gate.end(true);
			} else {
				typename Peer::Sender sender(peer);

				gate.begin(false);
				for (uint64_t n = 0; n < each; n++)
					put(sender, msg, len, spin);
				gate.end(false);
			}
		},
		PIECE_LIMIT_MS);
}

/* @size messages back to back, then one back. */
template <typename Peer>
Lap burst(const Place &at, uint32_t entries, uint32_t len, uint32_t size, uint64_t turns)
{
	Peer there(entries), back(entries);

	return race_gated(
		at.cpus,
		[&](unsigned i, Gate &gate) {
			typename Peer::Receiver receiver(i ? there : back);
			typename Peer::Sender sender(i ? back : there);
			uint8_t msg[MESSAGE_MAX] = {};
			Spin spin(at.yields);

			gate.begin(!i);
			for (uint64_t n = 0; n < turns; n++) {
				for (uint32_t m = 0; m < size; m++)
					if (i)
						get(receiver, msg, len, spin);
					else
						put(sender, msg, len, spin);
				if (i)
					put(sender, msg, len, spin);
				else
					get(receiver, msg, len, spin);
			}
			gate.end(!i);
		},
		PIECE_LIMIT_MS);
}

#endif
