/* SPDX-License-Identifier: MIT */
#ifndef MSGQCTL_QUANTILE_H
#define MSGQCTL_QUANTILE_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

/* Of which @part of all are less; reorders them. 0: there are none. */
inline uint64_t quantile(std::vector<uint64_t> &samples, double part)
{
	if (samples.empty())
		return 0;
	auto at = samples.begin() +
		  static_cast<std::ptrdiff_t>(part * static_cast<double>(samples.size() - 1));

	std::nth_element(samples.begin(), at, samples.end());
	return *at;
}

#endif
