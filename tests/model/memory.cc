/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <msgq/keeper.h>

#include "replay.h"

msgq_ring Memory::ring_;
Uses Memory::uses_;

namespace
{

struct Area {
	msgq_keeper_page keeper;
	msgq_consumer_page consumer;
	msgq_slot slots[slots_max + 1]; /* with room for the tails at its end */
};

Area area;

template <typename T>
bool within(const volatile void *p, const T *begin, unsigned count)
{
	const uintptr_t at = reinterpret_cast<uintptr_t>(p);
	const uintptr_t from = reinterpret_cast<uintptr_t>(begin);

	return at >= from && at < from + count * sizeof(T);
}

/* places for what is not shared. */
uint8_t place_of(const volatile void *p)
{
	const msgq_ring &ring = Memory::ring();
	const Uses &uses = Memory::uses();

	if (within(p, ring.slot, ring.slots)) {
		const uintptr_t offset =
			reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(ring.slot);
		const auto index = static_cast<uint8_t>(offset / sizeof(msgq_slot));

		return (offset % sizeof(msgq_slot) ? place_body : place_word) + index;
	}
	if (within(p, ring.tail, ring.slots)) {
		const uintptr_t offset =
			reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(ring.tail);

		return static_cast<uint8_t>(place_tail + offset / sizeof(uint64_t));
	}
	if (p == &ring.consumer->head)
		return place_head;
	if (p == &ring.keeper->state)
		return place_state;
	if (p == &ring.keeper->reason)
		return place_reason;
	if (uses.cancels && p == &ring.consumer->busy)
		return place_busy;
	if (uses.cancels && p == &ring.keeper->cancels)
		return place_cancels;
	if (uses.revokes && p == &ring.keeper->revokes)
		return place_revokes;
	if (uses.watches && p == &ring.keeper->wanted)
		return place_wanted;
	return places;
}

/* K's state and reason are half as long as everything else. */
bool is_narrow(const volatile void *p)
{
	return p == &area.keeper.state || p == &area.keeper.reason || p == &area.keeper.magic;
}

/* The keeper prepares a ring before anybody shares it; and what is left out is real, too. */
uint64_t real_load(const volatile void *p)
{
	return is_narrow(p) ? *static_cast<const volatile uint32_t *>(p)
			    : *static_cast<const volatile uint64_t *>(p);
}

void real_store(volatile void *p, uint64_t value)
{
	if (is_narrow(p))
		*static_cast<volatile uint32_t *>(p) = static_cast<uint32_t>(value);
	else
		*static_cast<volatile uint64_t *>(p) = value;
}

void store(Act act, volatile void *p, uint64_t value)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		Replay::access({ act, place, 0, value });
	else
		real_store(p, value);
}

} // namespace

uint64_t model_load(const volatile void *p)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		return Replay::access({ Act::load, place, 0, 0 });
	return real_load(p);
}

void model_store(volatile void *p, uint64_t value)
{
	store(Act::store, p, value);
}

void model_store_release(volatile void *p, uint64_t value)
{
	store(Act::store_release, p, value);
}

uint64_t model_cas(volatile void *p, uint64_t expected, uint64_t value)
{
	const uint8_t place = place_of(p);

	if (Replay::on() && place < places)
		return Replay::access({ Act::cas, place, expected, value });

	const uint64_t found = real_load(p);

	if (found == expected)
		real_store(p, value);
	return found;
}

/* A payload is one byte, repeated: one access moves it, in the unit of a place. */
void model_copy(void *to, const void *from, size_t bytes)
{
	const uint8_t into = place_of(to), out_of = place_of(from);

	if (into < places)
		Replay::access({ Act::store, into, 0, *static_cast<const uint8_t *>(from) });
	else if (out_of < places)
		memset(to, static_cast<int>(Replay::access({ Act::load, out_of, 0, 0 })), bytes);
	else
		memmove(to, from, bytes);
}

void Memory::init(uint32_t capacity, const Uses &uses)
{
	area = {};
	uses_ = uses;
	ring_ = msgq_ring_over(&area.keeper, &area.consumer, area.slots, capacity);
	msgq_keeper_init(&ring_, 1, 1, 1);
	msgq_keeper_open(&ring_);
	for (unsigned i = 0; uses.lapped && i < ring_.slots; i++)
		ring_.slot[i].word = msgq_word(1, MSGQ_TAKEN, 0, 0);
	if (uses.lapped)
		ring_.consumer->head = ring_.slots;
}

void Memory::read(uint64_t *memory)
{
	for (unsigned i = 0; i < places; i++)
		memory[i] = 0;
	for (unsigned i = 0; i < ring_.slots; i++)
		memory[place_word + i] = ring_.slot[i].word;
	memory[place_head] = ring_.consumer->head;
	memory[place_state] = ring_.keeper->state;
	memory[place_reason] = ring_.keeper->reason;
	memory[place_wanted] = ring_.keeper->wanted;
}
