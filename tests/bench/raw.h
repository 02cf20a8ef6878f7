/* SPDX-License-Identifier: MIT */
/*
 * What the machine can do between two CPUs: the limits that the ring is
 * compared to. No queue: no claim, no crash safety, no second sender.
 */
#ifndef MSGQ_TESTS_BENCH_RAW_H
#define MSGQ_TESTS_BENCH_RAW_H

#include <cstdint>
#include <cstring>

#include <msgq/atomic.h>

#include "pair.h"

struct Line {
	uint64_t sequence;
	uint8_t payload[56];
} __attribute__((aligned(64)));

/* Two lines, each written by one side: payload, then the number of the turn. */
struct RawPingPong {
	Line line[2];

	static void turn(Line *to, uint64_t n, const void *payload, uint32_t len)
	{
		memcpy(to->payload, payload, len);
		msgq_store_release(&to->sequence, n);
	}

	static void await(Line *from, uint64_t n, void *payload, uint32_t len, Spin &spin)
	{
		while (msgq_load_acquire(&from->sequence) != n)
			spin.miss();
		memcpy(payload, from->payload, len);
	}
};

/* Full lines in order; the reader tells its progress once in a quarter. */
struct RawStream {
	static constexpr uint64_t lines = 1024;

	uint64_t read __attribute__((aligned(64)));
	Line line[lines] __attribute__((aligned(64)));

	void produce(uint64_t count, Spin &spin)
	{
		const uint8_t payload[56] = { 1 };
		uint64_t seen = 0;

		for (uint64_t n = 0; n < count; n++) {
			while (n - seen >= lines) {
				seen = msgq_load_acquire(&read);
				if (n - seen >= lines)
					spin.miss();
			}
			memcpy(line[n % lines].payload, payload, sizeof(payload));
			msgq_store_release(&line[n % lines].sequence, n + 1);
		}
	}

	void consume(uint64_t count, Spin &spin)
	{
		uint8_t payload[56];

		for (uint64_t n = 0; n < count; n++) {
			while (msgq_load_acquire(&line[n % lines].sequence) != n + 1)
				spin.miss();
			memcpy(payload, line[n % lines].payload, sizeof(payload));
			__asm__ __volatile__("" : : "r"(payload) : "memory");
			if ((n + 1) % (lines / 4) == 0)
				msgq_store_release(&read, n + 1);
		}
	}
};

#endif
