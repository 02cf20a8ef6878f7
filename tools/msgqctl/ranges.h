/* SPDX-License-Identifier: MIT */
/* Which bytes of a file are there: ranges that neither touch nor overlap. */
#ifndef MSGQCTL_RANGES_H
#define MSGQCTL_RANGES_H

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

class Ranges
{
public:
	/* Returns how many of the bytes were there already. */
	uint64_t add(uint64_t begin, uint64_t end)
	{
		/* Nearly always what comes is what comes next. */
		if (!at_.empty()) {
			auto last = std::prev(at_.end());

			if (begin == last->second) {
				last->second = end;
				return 0;
			}
		}
		return insert(begin, end);
	}

	/* What is missing before @end. */
	uint64_t missing(uint64_t end) const
	{
		uint64_t there = 0;

		for (auto [from, to] : at_)
			there += std::min(to, end) - std::min(from, end);
		return end - there;
	}

	/* What is missing between the first byte and the last. */
	uint64_t gaps() const
	{
		return at_.empty() ? 0 : missing(std::prev(at_.end())->second) - begin();
	}

	/* The end of the first range: up to there nothing is missing. */
	uint64_t next() const
	{
		return at_.empty() ? 0 : at_.begin()->second;
	}
	uint64_t begin() const
	{
		return at_.empty() ? 0 : at_.begin()->first;
	}
	bool empty() const
	{
		return at_.empty();
	}

	auto all() const -> const std::map<uint64_t, uint64_t> &
	{
		return at_;
	}

private:
	uint64_t insert(uint64_t begin, uint64_t end)
	{
		uint64_t twice = 0, from = begin, to = end;
		auto it = at_.upper_bound(begin);

		if (it != at_.begin() && std::prev(it)->second >= begin)
			--it;
		while (it != at_.end() && it->first <= end) {
			uint64_t low = std::max(it->first, begin);
			uint64_t high = std::min(it->second, end);

			if (high > low)
				twice += high - low;
			from = std::min(from, it->first);
			to = std::max(to, it->second);
			it = at_.erase(it);
		}
		if (to > from)
			at_[from] = to;
		return twice;
	}

	std::map<uint64_t, uint64_t> at_;
};

#endif
