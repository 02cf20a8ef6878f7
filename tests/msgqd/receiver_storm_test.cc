// SPDX-License-Identifier: MIT
/* Killed receivers. MSGQ_STORM_RECEIVERS: how many. */
#include "storm.h"
#include "victim.h"

#include <atomic>
#include <vector>

#include <sched.h>

#include "../api/fixture.h"

using api::Shared;

namespace
{

class ReceiverStorm : public Storm
{
protected:
	static constexpr int SEATS = 3, SENDERS = 3, QUEUES = 8;

	/* What a receiver has lived to tell: its queues so far. */
	struct Seat {
		std::atomic<int> queues;
		msgqipc_addr addr[QUEUES];
	};
	struct Scene {
		Seat seats[SEATS];
		std::atomic<unsigned long> begun, ended; /* rounds */
		std::atomic<bool> over;
		std::atomic<unsigned long> done[SENDERS];
	};

	Shared<Scene> scene;
	msgqipc_key keys[SEATS] = { api::unique_key(), api::unique_key(), api::unique_key() };
	std::vector<pid_t> senders;
	unsigned long round = 0, queueless = 0;

	/* Makes queues under one name, one after the other, and stays with the last. */
	static void receive_on(Seat &seat, msgqipc_key key, uint64_t odd)
	{
		api::Context ctx;
		char msg[64];

		for (int made = 0; made < QUEUES; made++) {
			api::Queue queue(ctx, made % 2 ? 2 : 64, key);
			uint64_t until = made + 1 < QUEUES ? (odd >> made * 8) % 256 : UINT64_MAX;

			if (!queue.queue)
				return;
			/* Half of them die in their sleep, or on the way there. */
			queue.block(odd >> made & 1);
			seat.addr[made] = queue.addr;
			seat.queues = made + 1;
			for (uint64_t got = 0; got < until;)
				got += msgqipc_recv(ctx, queue, msg, sizeof(msg)) >= 0;
			if (msgqipc_close(ctx, queue, 0))
				return;
		}
	}

	/* True when it has been told of the queue's end. */
	static bool try_one(msgqipc_ctx *ctx, const msgqipc_addr &addr, bool ended)
	{
		if (msgqipc_send(ctx, &addr, "x", 1)) {
			if (msgqipc_get_error() == MSGQIPC_ERR_NOTFOUND)
				return true;
			if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
				ended = true;
			sched_yield();
		}
		if (ended) {
			std::cerr << "sender: not told of the end: error " << msgqipc_get_error()
				  << ' ' << msgqipc_error_detail() << '\n';
			_exit(1);
		}
		return false;
	}

	/* Sends to every queue that there is, until it hears that it has gone. */
	static void send_on(Scene &scene, int self)
	{
		api::Context ctx;

		for (unsigned long current = 1;; current++) {
			bool gone[SEATS][QUEUES] = {};
			bool ended = false;

			while (scene.begun < current && !scene.over)
				usleep(50);
			if (scene.over)
				break;
			/* Once more after the end: nobody is left out, and nobody is spared. */
			for (bool last = false; !last;) {
				last = ended;
				ended = scene.ended >= current;
				for (int at = 0; at < SEATS; at++)
					for (int made = 0; made < scene.seats[at].queues; made++)
						if (!gone[at][made])
							gone[at][made] = try_one(
								ctx, scene.seats[at].addr[made],
								last);
			}
			scene.done[self] = current;
		}
	}

	void bury(pid_t (&receivers)[SEATS])
	{
		for (pid_t receiver : receivers) {
			int status = 0;

			EXPECT_EQ(waitpid(receiver, &status, 0), receiver);
			EXPECT_TRUE(victim::died_of_it(status)) << status;
		}
	}

	void expect_names_free(msgqipc_ctx *ctx)
	{
		for (msgqipc_key key : keys) {
			msgqipc_addr addr;

			EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &addr));
			api::Queue queue(ctx, 1, key);
			EXPECT_SUCC(msgqipc_close(ctx, queue, 0));
		}
	}

	void play(msgqipc_ctx *ctx)
	{
		pid_t receivers[SEATS];

		for (Seat &seat : scene->seats)
			seat.queues = 0;
		for (int at = 0; at < SEATS; at++) {
			uint64_t odd = random();

			receivers[at] = victim::start(victim::lifetime(random, 25), [&, at, odd] {
				receive_on(scene->seats[at], keys[at], odd);
			});
		}
		scene->begun = ++round;
		bury(receivers);
		expect_names_free(ctx);
		scene->ended = round;
		for (auto &done : scene->done)
			while (done < round && !HasFailure()) {
				EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), 0) << "a sender has ended";
				sched_yield();
			}
		for (Seat &seat : scene->seats)
			queueless += !seat.queues;
	}
};

TEST_F(ReceiverStorm, IsToldToEverySenderAndFreesTheNames)
{
	unsigned long kills = count("MSGQ_STORM_RECEIVERS", 200);
	api::Context ctx;

	for (int self = 0; self < SENDERS; self++)
		senders.push_back(victim::bystander([&, self] { send_on(*scene, self); }));
	storm(kills, [&](unsigned long number) {
		for (unsigned long dead = 0; dead < number && !HasFailure(); dead += SEATS)
			play(ctx);
	});
	scene->over = true;
	for (pid_t sender : senders)
		EXPECT_EQ(ended(sender), 0);
	EXPECT_LT(queueless, round * SEATS) << "none lived long enough to make a queue";
	std::cout << "           " << queueless << " before their first queue\n";
}

} // namespace
