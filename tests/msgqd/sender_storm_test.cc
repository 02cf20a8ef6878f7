// SPDX-License-Identifier: MIT
/* Killed senders. MSGQ_STORM_SENDERS: how many. */
#include "storm.h"
#include "victim.h"

#include <array>
#include <atomic>

#include <sched.h>

#include "../api/fixture.h"
#include "../api/message.h"

using api::Message;
using api::Shared;

namespace
{

class SenderStorm : public Storm
{
protected:
	static constexpr int SEATS = 4;
	static constexpr uint32_t PROBE = UINT32_MAX;

	struct Seat {
		pid_t pid = -1;
		uint32_t life = 0;
		uint64_t received = 0;
	};

	Seat seats[SEATS];
	/* What each was told: written after a send has returned 0. */
	Shared<std::array<std::atomic<uint64_t>, SEATS>> told;
	uint32_t lives = 0;
	uint64_t probes = 0, probed = 0;
	unsigned long silent = 0, untold = 0;

	/* All of a sender's life, again and again, until it is over. */
	[[noreturn]] static void send_on(msgqipc_addr addr, uint32_t life,
					 std::atomic<uint64_t> &told)
	{
		Message message;
		uint64_t number = 0;

		for (;;) {
			msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
			uint64_t until = number + (life * 7919u + number) % 300;

			while (ctx && number < until) {
				size_t len = api::compose(message, life, number);

				if (!msgqipc_send(ctx, &addr, &message, len))
					told.store(++number);
				else if (msgqipc_get_error() == MSGQIPC_ERR_RNR)
					sched_yield();
				else
					break;
			}
			if (!ctx || number < until || msgqipc_destroy(ctx)) {
				std::cerr << "sender: " << msgqipc_error_detail() << '\n';
				_exit(1);
			}
		}
	}

	void start(int at, const msgqipc_addr &addr)
	{
		Seat &seat = seats[at];

		seat = {};
		seat.life = lives++;
		(*told)[at] = 0;
		seat.pid = victim::start(victim::lifetime(random, 23),
					 [&] { send_on(addr, seat.life, (*told)[at]); });
		ASSERT_GT(seat.pid, 0);
	}

	/* False when there was nothing to receive. */
	bool receive(msgqipc_ctx *ctx, msgqipc_queue *queue)
	{
		Message message;
		ssize_t len = msgqipc_recv(ctx, queue, &message, sizeof(message));

		if (len < 0) {
			EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
			return false;
		}
		if (!api::whole(message, len)) {
			ADD_FAILURE() << "a torn message of length " << len;
			return true;
		}
		if (message.sender == PROBE) {
			EXPECT_EQ(message.number, probed++);
			return true;
		}
		for (Seat &seat : seats) {
			if (seat.pid < 0 || seat.life != message.sender)
				continue;
			EXPECT_EQ(message.number, seat.received) << "of life " << seat.life;
			seat.received++;
			return true;
		}
		ADD_FAILURE() << "a message of life " << message.sender << " came late, or twice";
		return true;
	}

	/* Once a fresh sender got through, so has all that was sent before. */
	void probe(msgqipc_ctx *ctx, const api::Queue &queue)
	{
		api::Context fresh;
		Message message;
		size_t len = api::compose(message, PROBE, probes++);

		while (msgqipc_send(fresh, &queue.addr, &message, len) && !HasFailure()) {
			EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR) << msgqipc_error_detail();
			receive(ctx, queue);
		}
		while (probed < probes && !HasFailure())
			receive(ctx, queue);
	}

	/* Empties the seat of whoever died; -1 when nobody did. */
	int bury(msgqipc_ctx *ctx, const api::Queue &queue)
	{
		int status;
		pid_t dead = waitpid(-1, &status, WNOHANG);

		if (dead <= 0)
			return -1;
		for (int at = 0; at < SEATS; at++) {
			uint64_t acknowledged = (*told)[at];
			Seat &seat = seats[at];

			if (seat.pid != dead)
				continue;
			EXPECT_TRUE(victim::died_of_it(status)) << status;
			probe(ctx, queue);
			EXPECT_GE(seat.received, acknowledged) << "lost, of life " << seat.life;
			EXPECT_LE(seat.received, acknowledged + 1) << "of life " << seat.life;
			silent += !seat.received;
			untold += seat.received > acknowledged;
			seat.pid = -1;
			return at;
		}
		ADD_FAILURE() << "msgqd ended with " << status;
		return -1;
	}
};

TEST_F(SenderStorm, LosesDoublesAndTearsNothingAndNeverWedgesTheQueue)
{
	unsigned long kills = count("MSGQ_STORM_SENDERS", 2000);
	api::Context ctx;
	api::Queue queue(ctx, 64);

	storm(kills, [&](unsigned long number) {
		unsigned long born = 0, buried = 0;

		for (int at = 0; at < SEATS; at++, born++)
			start(at, queue.addr);
		while (buried < number && !HasFailure()) {
			int at = bury(ctx, queue);

			if (at >= 0 && ++buried && born < number) {
				start(at, queue.addr);
				born++;
			}
			for (int some = 0; some < 64; some++) {
				if (!receive(ctx, queue)) {
					sched_yield();
					break;
				}
			}
		}
	});
	std::cout << "           " << silent << " before their first message, " << untold
		  << " between a message and its acknowledgement\n";
	EXPECT_LT(silent, lives) << "none lived long enough to send";
	for (Seat &seat : seats) {
		if (seat.pid > 0)
			kill(seat.pid, SIGKILL);
	}
}

} // namespace
