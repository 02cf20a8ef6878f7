/* SPDX-License-Identifier: MIT */
/*
 * The ring for one sender and one receiver that people write themselves: two
 * counters, each side with a copy of the other's. What waits is up to others.
 */
#ifndef MSGQ_TESTS_BENCH_PEERS_SPSC_H
#define MSGQ_TESTS_BENCH_PEERS_SPSC_H

#include <atomic>
#include <bit>
#include <cstring>
#include <new>
#include <sys/mman.h>

#include "../pair.h"
#include "peer.h"

struct SpscRing {
	/* A short message and its length are in one line. */
	struct Slot {
		uint32_t len;
		uint8_t payload[64];
	} __attribute__((aligned(64)));

	alignas(64) std::atomic<uint32_t> sent;
	alignas(64) std::atomic<uint32_t> taken;
	/* Written by those who go to sleep and who wake them, and else only read. */
	alignas(64) std::atomic<uint32_t> receiver_sleeps;
	std::atomic<uint32_t> sender_sleeps;
	uint32_t capacity;
	Slot slot[];

	static size_t bytes(uint32_t capacity)
	{
		return sizeof(SpscRing) + capacity * sizeof(Slot);
	}

	static SpscRing *make(uint32_t entries)
	{
		const uint32_t capacity = std::bit_ceil(entries);
		auto *ring = new (shared_bytes(bytes(capacity))) SpscRing;

		ring->capacity = capacity;
		return ring;
	}

	static void unmake(SpscRing *ring)
	{
		munmap(ring, bytes(ring->capacity));
	}
};

/* With its counters sequentially consistent: who sleeps is looked up after. */
class SpscSender
{
public:
	explicit SpscSender(SpscRing *ring) : ring_(ring), mask_(ring->capacity - 1)
	{
	}

	bool put(const void *msg, uint32_t len)
	{
		if (sent_ - taken_ > mask_) {
			taken_ = ring_->taken.load();
			if (sent_ - taken_ > mask_)
				return false;
		}
		SpscRing::Slot &slot = ring_->slot[sent_ & mask_];
		slot.len = len;
		memcpy(slot.payload, msg, len);
		ring_->sent.store(++sent_);
		return true;
	}

	/* As last seen, when put() said full. */
	uint32_t taken() const
	{
		return taken_;
	}

private:
	SpscRing *const ring_;
	const uint32_t mask_;
	uint32_t sent_ = 0, taken_ = 0;
};

class SpscReceiver
{
public:
	explicit SpscReceiver(SpscRing *ring) : ring_(ring), mask_(ring->capacity - 1)
	{
	}

	int take(void *msg)
	{
		if (sent_ == taken_) {
			sent_ = ring_->sent.load();
			if (sent_ == taken_)
				return -1;
		}
		const SpscRing::Slot &slot = ring_->slot[taken_ & mask_];
		const uint32_t len = slot.len;
		memcpy(msg, slot.payload, len);
		ring_->taken.store(++taken_, std::memory_order_release);
		return static_cast<int>(len);
	}

	uint32_t taken() const
	{
		return taken_;
	}

private:
	SpscRing *const ring_;
	const uint32_t mask_;
	uint32_t sent_ = 0, taken_ = 0;
};

#endif
