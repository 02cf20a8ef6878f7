/* SPDX-License-Identifier: MIT */
/*
 * Visits all states of a case, each once, depth first. States are told apart
 * by 128 bits of hash: that two of some millions fall together is less likely
 * than a broken machine.
 */
#ifndef MSGQ_TESTS_MODEL_EXPLORER_H
#define MSGQ_TESTS_MODEL_EXPLORER_H

#include <cstdint>
#include <string>
#include <vector>

#include "world.h"

struct Key {
	uint64_t high, low;
	bool operator==(const Key &) const = default;
};

Key key_of(const State &s);

class Explorer
{
public:
	explicit Explorer(const Case &c) : world_(c), seen_(1u << 16)
	{
	}

	/* What is wrong, or nullptr. */
	const char *explore();

	uint64_t states() const
	{
		return count_;
	}
	/* The moves that lead to what is wrong. */
	const std::vector<std::string> &path() const
	{
		return path_;
	}

private:
	const char *visit(const State &s);
	/* False when it was there already. */
	bool add(const Key &key);
	void grow();

	World world_;
	std::vector<Key> seen_;
	uint64_t count_ = 0;
	std::vector<std::string> path_;
};

#endif
