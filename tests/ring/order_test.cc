/* SPDX-License-Identifier: MIT */
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "arena.h"
#include "child.h"
#include "letter.h"
#include "shared.h"
#include "watchdog.h"

namespace
{

constexpr uint32_t senders_max = 8;

struct Flow {
	uint32_t senders;
	uint32_t capacity;
	uint64_t total; /* fewer where nearly every message is a change of processes */
};

class Order : public testing::TestWithParam<Flow>
{
};

// holds: recv.once, send.fifo
TEST_P(Order, NoneIsLostDoubledTornOrOutOfItsSendersOrder)
{
	const auto [senders, capacity, total] = GetParam();
	const uint64_t each = total / senders;
	Watchdog watchdog("a flow of messages");
	Arena arena(capacity);
	std::vector<Child> children;

	for (uint32_t index = 0; index < senders; index++)
		children.emplace_back([&, index] {
			msgq_sender s = arena.sender(index);
			Patience patience;

			for (uint64_t number = 0; number < each; number++) {
				const Letter letter(index, number);
				msgq_send_result result;

				while ((result = ring_send(&s, letter.bytes, letter.len)) ==
				       MSGQ_FULL)
					patience.miss();
				if (result != MSGQ_SENT)
					return 1;
			}
			return 0;
		});

	msgq_receiver r = arena.receiver();
	uint64_t next[senders_max] = {};
	Patience patience;
	Letter letter;

	for (uint64_t got = 0; got < each * senders;) {
		const auto result = ring_recv(&r, letter.bytes, 64, &letter.len);

		if (result == MSGQ_EMPTY) {
			patience.miss();
			continue;
		}
		ASSERT_EQ(result, MSGQ_GOT);
		ASSERT_TRUE(letter.whole());
		ASSERT_LT(letter.sender(), senders);
		ASSERT_EQ(letter.number(), next[letter.sender()]++);
		got++;
	}
	for (Child &child : children)
		EXPECT_EQ(child.wait(), 0);
	EXPECT_EQ(ring_recv(&r, letter.bytes, 64, &letter.len), MSGQ_EMPTY);
	EXPECT_EQ(msgq_keeper_depth(arena.ring()), 0u);
	for (uint32_t index = 0; index < senders; index++)
		EXPECT_EQ(next[index], each);
}

struct Stamped {
	uint32_t sender;
	uint32_t number;
	uint64_t begun;
};

constexpr uint64_t stamped_max = 100000;

struct Times {
	std::atomic<uint64_t> clock;
	std::atomic<uint64_t> returned[senders_max][stamped_max];
};

// holds: send.total-order
TEST_P(Order, WhatWasSentBeforeAnotherSendBeganIsReceivedBeforeIt)
{
	const auto [senders, capacity, total] = GetParam();
	const uint32_t each = static_cast<uint32_t>(std::min(total / 3 / senders, stamped_max));
	Watchdog watchdog("the total order");
	Arena arena(capacity);
	Shared<Times> times;
	std::vector<Child> children;

	for (uint32_t index = 0; index < senders; index++)
		children.emplace_back([&, index] {
			msgq_sender s = arena.sender(index);
			Patience patience;

			for (uint32_t number = 0; number < each; number++) {
				Stamped stamped = { index, number, times->clock.fetch_add(1) };
				msgq_send_result result;

				while ((result = ring_send(&s, &stamped, sizeof(stamped))) ==
				       MSGQ_FULL) {
					patience.miss();
					stamped.begun = times->clock.fetch_add(1);
				}
				if (result != MSGQ_SENT)
					return 1;
				times->returned[index][number] = times->clock.fetch_add(1);
			}
			return 0;
		});

	msgq_receiver r = arena.receiver();
	std::vector<Stamped> received;
	Patience patience;

	received.reserve(size_t{ senders } * each);
	while (received.size() < size_t{ senders } * each) {
		Stamped stamped;
		uint32_t len;
		const auto result = ring_recv(&r, &stamped, sizeof(stamped), &len);

		if (result == MSGQ_EMPTY) {
			patience.miss();
			continue;
		}
		ASSERT_EQ(result, MSGQ_GOT);
		ASSERT_EQ(len, sizeof(stamped));
		ASSERT_LT(stamped.sender, senders);
		ASSERT_LT(stamped.number, each);
		received.push_back(stamped);
	}
	for (Child &child : children)
		ASSERT_EQ(child.wait(), 0);

	/* Nobody may have returned before someone began who was received earlier. */
	uint64_t latest_begun = 0;
	for (const Stamped &stamped : received) {
		ASSERT_GT(times->returned[stamped.sender][stamped.number], latest_begun);
		latest_begun = std::max(latest_begun, stamped.begun);
	}
}

INSTANTIATE_TEST_SUITE_P(Flows, Order,
			 testing::Values(Flow{ 1, 64, 1000000 }, Flow{ 2, 1, 60000 },
					 Flow{ 2, 1000, 1000000 }, Flow{ 8, 3, 60000 },
					 Flow{ 8, 1000, 1000000 }),
			 [](const auto &which) {
				 return std::to_string(which.param.senders) + "SendersTo" +
					std::to_string(which.param.capacity) + "Entries";
			 });

} // namespace
