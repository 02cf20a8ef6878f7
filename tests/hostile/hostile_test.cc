// SPDX-License-Identifier: MIT
// Those whom a queue lets write to it, and who write what they should not.
// MSGQ_HOSTILE_SECONDS: for how long each.
#include <chrono>
#include <memory>

#include "attack.h"
#include "honest.h"

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

constexpr uint32_t HOSTILES = 2, SENDERS = 2;

class Hostile : public ::testing::TestWithParam<uint32_t>
{
protected:
	const unsigned seconds = unsigned(api::setting("MSGQ_HOSTILE_SECONDS", 2));
	const std::chrono::steady_clock::time_point end =
		std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
	Shared<std::atomic<bool>> over;
	Shared<std::atomic<uint64_t>> scribbles, sends;
	Shared<hostile::Target> target;

	void SetUp() override
	{
		alarm(60 + 2 * seconds);
	}

	void TearDown() override
	{
		alarm(0);
	}

	bool go_on() const
	{
		return !HasFailure() && std::chrono::steady_clock::now() < end;
	}

	// The context that was attacked is as good as new.
	static void expect_useful(msgqipc_ctx *ctx)
	{
		Context other;
		Queue fresh(ctx, 4);
		char msg[64];

		for (int each = 0; each < 4; each++)
			ASSERT_SUCC(msgqipc_send(other, &fresh.addr, &each, sizeof(each)));
		ASSERT_ERR(RNR, msgqipc_send(other, &fresh.addr, "x", 1));
		for (int each = 0; each < 4; each++) {
			ASSERT_EQ(msgqipc_recv(ctx, fresh, msg, sizeof(msg)), 4);
			ASSERT_EQ(memcmp(msg, &each, sizeof(each)), 0);
		}
		ASSERT_SUCC(msgqipc_close(ctx, fresh, 0));
	}
};

// holds: trust.scribble, send.failure
TEST_P(Hostile, SendersHarmNobodyButTheUsersOfTheirQueue)
{
	hostile::Pair bystanders(*over);
	std::vector<std::unique_ptr<Child>> hostiles, senders;
	auto ctx = std::make_unique<Context>();
	hostile::Owned owned(*ctx, GetParam(), *target);

	for (uint32_t each = 0; each < HOSTILES; each++)
		hostiles.push_back(std::make_unique<Child>([&, each](Line &) {
			Context own;

			hostile::attack(each, own, *target, *scribbles);
		}));
	for (uint32_t each = 0; each < SENDERS; each++)
		senders.push_back(std::make_unique<Child>(
			[&](Line &) { hostile::send_bravely(*target, *over, *sends); }));
	uint64_t rounds = 0;
	for (; go_on(); rounds++) {
		if (rounds % 64 == 0)
			hostile::bound();
		ASSERT_NO_FATAL_FAILURE(hostile::receive_bravely(owned, rounds));
	}
	for (auto &each : hostiles)
		each->kill_and_wait();
	*over = true;
	for (auto &each : senders)
		each->finish();
	bystanders.finish();
	printf("%u entries, %lu queues: %lu scribbles, %lu sends and %lu receives met them, %lu "
	       "did not\n",
	       GetParam(), target->queues(), scribbles->load(), sends->load(), rounds,
	       bystanders.messages());
	EXPECT_GT(*scribbles, 0u);
	EXPECT_GT(*sends, 0u);
	// Broken or not, it ends as any other does.
	if (msgqipc_deactivate(*ctx, owned.queue())) {
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_FAILURE);
	}
	EXPECT_SUCC(msgqipc_close(*ctx, owned.queue(), 0));
	Context late;
	msgqipc_addr addr = target->get();
	EXPECT_ERR(NOTFOUND, msgqipc_send(late, &addr, "x", 1));
	expect_useful(*ctx);
}

// holds: trust.scribble
TEST_P(Hostile, ReceiverHarmsNobodyButItsSenders)
{
	hostile::Pair bystanders(*over);
	std::vector<std::unique_ptr<Child>> senders;
	Child owner([&](Line &up) {
		Context own;
		hostile::Owned owned(own, GetParam(), *target);

		up.say();
		hostile::attack(GetParam(), own, *target, *scribbles, &owned);
	});
	owner.line.hear();

	for (uint32_t each = 0; each < SENDERS; each++)
		senders.push_back(std::make_unique<Child>(
			[&](Line &) { hostile::send_bravely(*target, *over, *sends); }));
	while (go_on())
		usleep(10000);
	owner.kill_and_wait();
	Context late;
	msgqipc_addr addr = target->get();
	EXPECT_ERR(NOTFOUND, msgqipc_send(late, &addr, "x", 1));
	*over = true;
	for (auto &each : senders)
		each->finish();
	bystanders.finish();
	printf("%u entries, %lu queues: %lu scribbles, %lu sends met them, %lu did not\n",
	       GetParam(), target->queues(), scribbles->load(), sends->load(),
	       bystanders.messages());
	EXPECT_GT(*scribbles, 0u);
	EXPECT_GT(*sends, 0u);
	expect_useful(late);
}

INSTANTIATE_TEST_SUITE_P(Entries, Hostile, ::testing::Values(1u, 7u, 1000u));

} // namespace
