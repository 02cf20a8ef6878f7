/* SPDX-License-Identifier: MIT */
/* A queue whose receiver waits in each of the ways, and not long for a sender that stopped. */
#ifndef MSGQ_TESTS_API_STALLED_H
#define MSGQ_TESTS_API_STALLED_H

#include "abi.h"
#include "fixture.h"
#include "watching.h"

#include <chrono>
#include <string>
#include <vector>

namespace api
{

using Clock = std::chrono::steady_clock;

constexpr uint64_t LIMIT_NS = 30'000'000;
constexpr int64_t FOREVER_NS = 20'000'000'000;
/* The sleeping receiver's re-check, and what a busy machine needs. */
constexpr auto AT_MOST = std::chrono::milliseconds(2000);

enum Way { POLL, BLOCK, WATCH };

class StalledQueue : public ::testing::TestWithParam<Way>
{
protected:
	Context ctx;
	Queue queue;

	explicit StalledQueue(uint32_t entries = 64) : queue(ctx, entries)
	{
	}

	void SetUp() override
	{
		if (getenv("MSGQ_SOCKET") || access(MSGQ_DEVICE, F_OK))
			GTEST_SKIP() << "msgqd cannot take a queue's memory away from a sender";
		limit(LIMIT_NS);
		queue.block(GetParam() == BLOCK);
	}

	void limit(uint64_t ns) const
	{
		EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_SET_STALL, ns, nullptr));
	}

	void send(uint32_t number) const
	{
		EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, &number, sizeof(number)));
	}

	/* The next message, in the way of the test; ~0: none came. */
	uint32_t receive(int64_t within_ns = FOREVER_NS) const
	{
		auto deadline = Clock::now() + std::chrono::nanoseconds(within_ns);
		uint32_t got = ~0u;
		ssize_t len;

		if (GetParam() == BLOCK) {
			len = msgqipc_recv_timeout(ctx, queue, &got, sizeof(got), within_ns);
			return len == sizeof(got) ? got : ~0u;
		}
		while (msgqipc_recv(ctx, queue, &got, sizeof(got)) != sizeof(got)) {
			if (Clock::now() > deadline)
				return ~0u;
			if (GetParam() == WATCH) {
				api::arm(ctx);
				api::readable(ctx, int(within_ns / 1'000'000));
			}
		}
		return got;
	}

	/* Until @last: what came, it included. */
	std::vector<uint32_t> receive_to(uint32_t last) const
	{
		std::vector<uint32_t> got;

		while (got.empty() || (got.back() != last && got.back() != ~0u))
			got.push_back(receive());
		EXPECT_EQ(got.back(), last);
		return got;
	}
};

inline std::string way_name(const ::testing::TestParamInfo<Way> &way)
{
	const char *const names[] = { "Poll", "Block", "Watch" };

	return names[way.param];
}

#define EACH_WAY(suite)                                                                            \
	INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values(POLL, BLOCK, WATCH), way_name)

} // namespace api

#endif
