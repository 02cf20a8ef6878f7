/* SPDX-License-Identifier: MIT */
#include "explorer.h"

#include <algorithm>
#include <cstring>

namespace
{

class Hash
{
public:
	void add(uint64_t value)
	{
		high_ = mix(high_ ^ value, 0x9e3779b97f4a7c15);
		low_ = mix((low_ << 23 | low_ >> 41) + value, 0xd6e8feb86659fd93);
	}

	/* All zero marks a free entry. */
	Key key() const
	{
		return { high_, low_ | 1 };
	}

private:
	static uint64_t mix(uint64_t value, uint64_t factor)
	{
		value *= factor;
		return value ^ value >> 32;
	}

	uint64_t high_ = 1, low_ = 2;
};

void add(Hash &hash, const kernel_queue &kernel)
{
	uint64_t part[sizeof(kernel) / sizeof(uint64_t)];

	static_assert(sizeof(part) == sizeof(kernel));
	memcpy(part, &kernel, sizeof(part));
	for (uint64_t value : part)
		hash.add(value);
}

void add(Hash &hash, const Doing &doing)
{
	hash.add(static_cast<uint64_t>(doing.op) | static_cast<uint64_t>(doing.argument) << 8 |
		 static_cast<uint64_t>(doing.step) << 16 | static_cast<uint64_t>(doing.life) << 24 |
		 static_cast<uint64_t>(doing.watch) << 32 |
		 static_cast<uint64_t>(doing.log.size - doing.since) << 40 |
		 static_cast<uint64_t>(doing.saw_full) << 48 |
		 static_cast<uint64_t>(doing.was_closed) << 49 |
		 static_cast<uint64_t>(doing.saw_closed) << 50);
	if (doing.op == Op::none)
		return;
	if (doing.op >= Op::deactivate && doing.log.size)
		add(hash, doing.kernel);
	hash.add(static_cast<uint64_t>(doing.local.t) << 32 | doing.local.lap);
	hash.add(static_cast<uint64_t>(doing.local.index) << 32 | doing.local.head);
	hash.add(static_cast<uint64_t>(doing.local.revokes) << 48 |
		 static_cast<uint64_t>(doing.local.seen) << 40 |
		 static_cast<uint64_t>(doing.local.sender) << 32 | doing.local.claim);
	hash.add(doing.watched);
	hash.add(doing.since != 0);
	for (unsigned i = doing.since; i < doing.log.size; i++)
		hash.add(doing.log.value[i]);
}

} // namespace

Key key_of(const State &s)
{
	Hash hash;
	uint64_t before = 0, payload = 0;

	/* Bodies and tails are messages, and so is all but the words small. */
	for (unsigned i = place_word; i < place_body; i++)
		hash.add(s.memory[i]);
	for (unsigned i = place_body; i < place_head; i++)
		payload = payload << 8 | s.memory[i];
	hash.add(payload);
	hash.add(s.memory[place_head] << 16 | s.memory[place_state] << 8 | s.memory[place_reason]);
	hash.add(static_cast<uint64_t>(s.woken) | static_cast<uint64_t>(s.closed) << 1 |
		 static_cast<uint64_t>(s.reason) << 2 | static_cast<uint64_t>(s.crashes) << 8 |
		 static_cast<uint64_t>(s.acked) << 16 | static_cast<uint64_t>(s.received) << 24 |
		 static_cast<uint64_t>(s.refused) << 32 | s.claims << 40);
	hash.add(s.memory[place_busy] << 8 | s.memory[place_cancels]);
	hash.add(s.memory[place_wanted] << 24 | static_cast<uint64_t>(s.lock) << 16 |
		 static_cast<uint64_t>(s.told) << 8 | s.room);
	add(hash, s.kernel);
	hash.add(s.memory[place_revokes] << 16 | static_cast<uint64_t>(s.stops) << 8 | s.leaves);
	for (unsigned i = 0; i < senders_max; i++) {
		if (s.mapping[i] == Mapping::slots)
			continue;
		hash.add(i << 8 | static_cast<uint64_t>(s.mapping[i]));
		for (uint64_t word : s.scratch[i])
			hash.add(word);
	}
	hash.add(static_cast<uint64_t>(s.cancelled) | static_cast<uint64_t>(s.due) << 8 |
		 static_cast<uint64_t>(s.late) << 16 | static_cast<uint64_t>(s.gone) << 24);
	for (uint8_t mask : s.before)
		before = before << 8 | mask;
	hash.add(before);
	for (const Doing &doing : s.doing)
		add(hash, doing);
	for (unsigned actor = 0; actor < actors; actor++) {
		const Buffer &buffer = s.buffer[actor];

		if (buffer.size)
			hash.add(actor << 8 | buffer.size);
		for (unsigned i = 0; i < buffer.size; i++) {
			hash.add(buffer.store[i].value);
			hash.add(static_cast<uint64_t>(buffer.store[i].place) << 1 |
				 static_cast<uint64_t>(buffer.store[i].release));
		}
	}
	return hash.key();
}

const char *Explorer::explore()
{
	add(key_of(world_.start()));
	const char *wrong = visit(world_.start());

	std::reverse(path_.begin(), path_.end());
	return wrong;
}

/* The path is made on the way back, so that nothing is spent on it when all is well. */
const char *Explorer::visit(const State &s)
{
	Move move[World::moves_max];
	const unsigned count = world_.moves(s, move);

	if (!count)
		return world_.judge_end(s);
	for (unsigned i = 0; i < count; i++) {
		State next = s;
		const char *wrong = world_.make(next, move[i]);

		if (!wrong && add(key_of(next)))
			wrong = visit(next);
		if (wrong) {
			path_.push_back(world_.describe(s, move[i]));
			return wrong;
		}
	}
	return nullptr;
}

bool Explorer::add(const Key &key)
{
	const uint64_t mask = seen_.size() - 1;

	for (uint64_t i = key.high & mask;; i = (i + 1) & mask) {
		if (seen_[i] == key)
			return false;
		if (!seen_[i].low) {
			seen_[i] = key;
			if (++count_ * 4 > seen_.size() * 3)
				grow();
			return true;
		}
	}
}

void Explorer::grow()
{
	std::vector<Key> old(seen_.size() * 2);

	old.swap(seen_);
	count_ = 0;
	for (const Key &key : old)
		if (key.low)
			add(key);
}
