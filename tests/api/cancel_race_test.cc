// SPDX-License-Identifier: MIT
/*
 * After a cancel has returned, nothing is received that was sent before it
 * began, and nothing twice. Counting is for those who are told how many there
 * were: abi_cancel_test.cc, and tests/ring. MSGQ_RACES: how many cancels.
 */
#include "processes.h"
#include "sender_id.h"

#include <atomic>

#include <sched.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

class CancelRace : public api::Test
{
protected:
	static constexpr uint32_t entries = 8;

	struct Race {
		std::atomic<uint64_t> cancelled; /* nothing below this may still come */
		std::atomic<uint64_t> sent;
		std::atomic<bool> over;
	};

	static uint64_t races()
	{
		return api::setting("MSGQ_RACES", 20000);
	}

	static uint64_t jumble(uint64_t x)
	{
		x = (x ^ x >> 31) * 0x9e3779b97f4a7c15u;
		return x ^ x >> 29;
	}

	static void dawdle(uint64_t turns)
	{
		for (uint64_t turn = 0; turn < turns; turn++)
			asm volatile("");
	}

	// Sends as fast as there is room, and now and then not.
	static void send(const msgqipc_addr &addr, Race &race)
	{
		Context own;
		uint64_t number = 0;

		ASSERT_SUCC(api::set_sender_id(own, "id"));
		while (!race.over.load(std::memory_order_relaxed)) {
			dawdle(jumble(number) % 300);
			if (!msgqipc_send(own, &addr, &number, sizeof(number)))
				race.sent.store(++number, std::memory_order_release);
			else if (msgqipc_get_error() == MSGQIPC_ERR_RNR)
				sched_yield();
			else
				FAIL() << msgqipc_error_detail();
		}
	}

	static void cancel(const msgqipc_addr &addr, Race &race)
	{
		Context own;

		ASSERT_SUCC(api::set_sender_id(own, "id"));
		for (uint64_t round = 0; round < races(); round++) {
			uint64_t sent = race.sent.load(std::memory_order_acquire);

			if (msgqipc_cancel(own, &addr)) {
				ADD_FAILURE() << msgqipc_error_detail();
				break;
			}
			race.cancelled.store(sent, std::memory_order_release);
		}
		race.over.store(true, std::memory_order_release);
	}

	template <typename Receive>
	void run(Receive &&next_one)
	{
		Queue queue(ctx, entries);
		Shared<Race> race;

		api::watch(20);
		Child sender([&](Line &) {
			api::watch(20);
			send(queue.addr, *race);
		});
		Child canceller([&](Line &) {
			api::watch(20);
			cancel(queue.addr, *race);
		});
		uint64_t got =
			receive(*race, [&](uint64_t *number) { return next_one(queue, number); });
		canceller.finish();
		sender.finish();
		EXPECT_LE(got, race->sent.load());
		printf("%llu of %llu messages were received, the others cancelled\n",
		       (unsigned long long)got, (unsigned long long)race->sent.load());
	}

	// Polls, so that it is in the middle of something most of the time.
	template <typename Receive>
	static uint64_t receive(Race &race, Receive &&next_one)
	{
		uint64_t got = 0, next = 0;

		for (bool over = false;;) {
			uint64_t bound = race.cancelled.load(std::memory_order_acquire);
			uint64_t number = UINT64_MAX;
			ssize_t len;

			over = race.over.load(std::memory_order_acquire);
			len = next_one(&number);
			if (len == -1) {
				if (over)
					return got;
				continue;
			}
			EXPECT_EQ(len, ssize_t(sizeof(number)));
			EXPECT_GE(number, next) << "received twice, or out of order";
			EXPECT_GE(number, bound) << "received after its cancel had returned";
			if (::testing::Test::HasFailure())
				return got;
			next = number + 1;
			got++;
		}
	}
};

// holds: cancel.exact
TEST_F(CancelRace, NothingIsReceivedAfterItsCancelReturned)
{
	run([](const Queue &queue, uint64_t *number) {
		return msgqipc_recv(queue.ctx, queue, number, sizeof(*number));
	});
}

// With a buffer that is too small now and then, for which nothing is taken.
TEST_F(CancelRace, NeitherIsWhatDidNotFitAtFirst)
{
	uint64_t looks = 0;

	run([&](const Queue &queue, uint64_t *number) {
		char small[4];

		if (jumble(++looks) % 2)
			return msgqipc_recv(queue.ctx, queue, number, sizeof(*number));
		EXPECT_EQ(msgqipc_recv(queue.ctx, queue, small, sizeof(small)), -1);
		EXPECT_TRUE(msgqipc_get_error() == MSGQIPC_ERR_TRUNC ||
			    msgqipc_get_error() == MSGQIPC_ERR_NOTFOUND);
		return ssize_t(-1);
	});
}

} // namespace
