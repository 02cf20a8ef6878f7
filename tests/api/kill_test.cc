// SPDX-License-Identifier: MIT
// MSGQ_TEST_KILLS: how many senders are killed.
#include "fixture.h"
#include "message.h"
#include "processes.h"

#include <atomic>
#include <memory>
#include <random>
#include <sched.h>

using api::Child;
using api::Context;
using api::Line;
using api::Message;
using api::Queue;
using api::Shared;

namespace
{

constexpr uint32_t SENDERS = 3;
// What every sender gets through after each kill.
constexpr uint64_t PROGRESS = 10;

class Kill : public ::testing::TestWithParam<uint32_t>
{
protected:
	struct Sender {
		uint32_t name = 0;
		uint64_t received = 0;
		Shared<std::atomic<uint64_t>> acknowledged;
		std::unique_ptr<Child> process;
	};

	Context ctx;
	Queue queue{ ctx, GetParam() };
	std::unique_ptr<Sender> senders[SENDERS];
	// Of those that were killed: their last messages may still be in the queue.
	std::vector<std::unique_ptr<Sender>> dead;
	uint32_t names = 0;

	void SetUp() override
	{
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
		api::watch(5);
	}

	void start(std::unique_ptr<Sender> &slot)
	{
		slot = std::make_unique<Sender>();
		slot->name = names++;
		slot->process = std::make_unique<Child>([&](Line &) {
			Context own;
			Message message;

			api::watch(5);
			for (uint64_t number = 0;;) {
				size_t len = api::compose(message, slot->name, number);

				if (!msgqipc_send(own, &queue.addr, &message, len))
					slot->acknowledged->store(++number);
				else if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
					FAIL() << msgqipc_strerror(msgqipc_get_error());
				else
					sched_yield();
			}
		});
	}

	Sender *find(uint32_t name)
	{
		for (auto &sender : senders)
			if (sender->name == name)
				return sender.get();
		for (auto &sender : dead)
			if (sender->name == name)
				return sender.get();
		return nullptr;
	}

	// False when there was nothing to receive.
	bool receive()
	{
		Message message;
		ssize_t len = msgqipc_recv(ctx, queue, &message, sizeof(message));
		Sender *sender;

		if (len < 0) {
			EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND)
				<< msgqipc_strerror(msgqipc_get_error());
			sched_yield();
			return false;
		}
		sender = find(message.sender);
		if (!sender || !api::whole(message, len)) {
			ADD_FAILURE() << "a torn message of length " << len;
			return true;
		}
		EXPECT_EQ(message.number, sender->received) << "of sender " << sender->name;
		sender->received++;
		return true;
	}

	// The same where there is room for few: who gets it is not shared out fairly.
	void expect_progress()
	{
		for (uint64_t left = PROGRESS; left && !HasFailure();)
			left -= receive();
	}

	// A dead sender's open claim would end this for ever.
	void expect_progress(const Sender &of)
	{
		for (uint64_t until = of.received + PROGRESS; of.received < until && !HasFailure();)
			receive();
	}

	void kill_one(std::unique_ptr<Sender> &victim)
	{
		victim->process->kill_and_wait();
		dead.push_back(std::move(victim));
		start(victim);
	}
};

// holds: death.sender, death.capacity
TEST_P(Kill, OfASenderNeitherWedgesNorTearsNorLosesNorDoubles)
{
	std::mt19937_64 random(GetParam());
	unsigned long rounds = api::setting("MSGQ_TEST_KILLS", 100);

	// Few die with a claim open where there is room for few, and each takes long.
	if (GetParam() < 16)
		rounds = rounds / 4 + 1;

	for (auto &sender : senders)
		start(sender);
	for (unsigned long round = 0; round < rounds && !HasFailure(); round++) {
		SCOPED_TRACE(round);
		for (uint64_t some = random() % (8 * GetParam() + 50); some && !HasFailure();)
			some -= receive();
		// Senders that find the queue full die elsewhere than those in full flight.
		if (round % 4 == 0)
			sched_yield();
		kill_one(senders[random() % SENDERS]);
		if (GetParam() < 16) {
			expect_progress();
			continue;
		}
		for (auto &sender : senders)
			expect_progress(*sender);
	}
	for (auto &sender : senders) {
		sender->process->kill_and_wait();
		dead.push_back(std::move(sender));
		sender = std::make_unique<Sender>();
		sender->name = names++;
	}
	while (receive() && !HasFailure())
		;
	EXPECT_EQ(dead.size(), rounds + SENDERS);
	for (auto &sender : dead) {
		EXPECT_GE(sender->received, *sender->acknowledged) << sender->name;
		EXPECT_LE(sender->received, *sender->acknowledged + 1) << sender->name;
	}
	// Nothing that they had claimed is missing from the capacity.
	for (uint32_t each = 0; each < GetParam(); each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
}

INSTANTIATE_TEST_SUITE_P(Entries, Kill, ::testing::Values(1, 3, 256),
			 ::testing::PrintToStringParamName());

class KilledReceiver : public api::Test
{
};

// holds: death.owner
TEST_F(KilledReceiver, IsToldToEverySender)
{
	std::mt19937_64 random(7);

	for (int round = 0; round < 20; round++) {
		Child receiver([&](Line &up) {
			Context own;
			Queue queue(own, round % 2 ? 2 : 64);
			char msg[64];

			// Half of them are killed in their sleep or on the way there.
			queue.block(round % 4 < 2);
			up.say(queue.addr);
			for (;;)
				msgqipc_recv(own, queue, msg, sizeof(msg));
		});
		msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();
		Shared<std::atomic<uint64_t>> sent;
		std::vector<std::unique_ptr<Child>> senders;

		for (uint32_t each = 0; each < SENDERS; each++)
			senders.push_back(std::make_unique<Child>([&](Line &) {
				Context own;

				for (;;) {
					if (!msgqipc_send(own, &addr, "x", 1)) {
						++*sent;
						continue;
					}
					if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
						break;
					sched_yield();
				}
				EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
				EXPECT_ERR(NOTFOUND, msgqipc_send(own, &addr, "x", 1));
			}));
		for (uint64_t until = random() % 5000; *sent < until;)
			sched_yield();
		receiver.kill_and_wait();
		for (auto &sender : senders)
			sender->finish();
	}
}

} // namespace
