// SPDX-License-Identifier: MIT
// What events cost goes by the queues that are sent to, not by all.
#include "watching.h"

#include <algorithm>
#include <chrono>
#include <sys/resource.h>

using api::Context;

namespace
{

class EventCost : public api::Test
{
protected:
	static constexpr size_t ACTIVE = 10;
	std::vector<msgqipc_addr> addrs;
	Context sender;

	bool create(size_t count)
	{
		while (addrs.size() < count) {
			msgqipc_addr addr;
			msgqipc_queue *queue =
				msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, &addr, 1, 0, 0);

			if (!queue || msgqipc_activate(ctx, queue))
				return false;
			addrs.push_back(addr);
		}
		// New queues are active until they were looked at once.
		return !msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr);
	}

	// Nanoseconds for ARM, ten messages, and the events of them; the best of many.
	double measure()
	{
		double best = 1e18;

		for (int round = 0; round < 300; round++) {
			msgqipc_event event[ACTIVE];
			int count = 0;
			char msg[64];
			auto start = std::chrono::steady_clock::now();
			std::chrono::duration<double, std::nano> took;

			for (size_t i = 0; i < ACTIVE; i++)
				EXPECT_SUCC(msgqipc_send(sender, &addrs[i * addrs.size() / ACTIVE],
							 "x", 1));
			count = msgqipc_get_events(ctx, event, ACTIVE);
			EXPECT_EQ(count, int(ACTIVE));
			for (int i = 0; i < count; i++)
				EXPECT_EQ(msgqipc_recv(ctx, event[i].queue, msg, sizeof(msg)), 1);
			EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
			took = std::chrono::steady_clock::now() - start;
			best = std::min(best, took.count());
		}
		return best;
	}
};

TEST_F(EventCost, GoesByTheActiveQueues)
{
	size_t wanted = 10000;
	rlimit limit = {};
	double few, many;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	// A daemon takes seven descriptors for each, and has the same limit as a rule.
	if (getenv("MSGQ_SOCKET"))
		wanted = std::min<size_t>(wanted, limit.rlim_max / 8);
	ASSERT_TRUE(create(ACTIVE)) << msgqipc_error_detail();
	few = measure();
	if (!create(wanted))
		GTEST_SKIP() << wanted
			     << " queues are not to be had here: " << msgqipc_error_detail();
	many = measure();
	printf("ten messages and their events: %.1f us of %zu queues, %.1f us of %zu: ratio %.2f\n",
	       few / 1000, ACTIVE, many / 1000, addrs.size(), many / few);
	EXPECT_LT(many / few, 4);
}

} // namespace
