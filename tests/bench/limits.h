/* SPDX-License-Identifier: MIT */
/* The raw limits, raced. */
#ifndef MSGQ_TESTS_BENCH_LIMITS_H
#define MSGQ_TESTS_BENCH_LIMITS_H

#include "pair.h"
#include "raw.h"

inline Lap raw_ping_pong(const std::vector<int> &cpus, bool yields, uint32_t len, uint64_t turns)
{
	auto *raw = static_cast<RawPingPong *>(shared_bytes(sizeof(RawPingPong)));
	const auto play = [&](Line *mine, Line *theirs, bool starts) {
		uint8_t payload[56] = {};
		Spin spin(yields);

		for (uint64_t n = 1; n <= turns; n++) {
			if (starts)
				RawPingPong::turn(mine, n, payload, len);
			RawPingPong::await(theirs, n, payload, len, spin);
			if (!starts)
				RawPingPong::turn(mine, n, payload, len);
		}
	};
	const Lap lap = race(
		cpus, [&] { play(&raw->line[0], &raw->line[1], true); },
		[&](unsigned) { play(&raw->line[1], &raw->line[0], false); });

	munmap(raw, sizeof(RawPingPong));
	return lap;
}

inline Lap raw_lines(const std::vector<int> &cpus, bool yields, uint64_t count)
{
	auto *raw = static_cast<RawStream *>(shared_bytes(sizeof(RawStream)));
	Spin here(yields), there(yields);
	const Lap lap = race(
		cpus, [&] { raw->consume(count, here); },
		[&](unsigned) { raw->produce(count, there); });

	munmap(raw, sizeof(RawStream));
	return lap;
}

#endif
