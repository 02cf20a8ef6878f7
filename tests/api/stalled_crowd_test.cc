// SPDX-License-Identifier: MIT
// Many senders, all stopped in the middle of a send.
#include "stalled.h"

#include "halted.h"

#include <memory>

#include <sys/resource.h>

namespace
{

using namespace api;

// MSGQ_STOPPED: how many.
uint32_t crowd()
{
	const char *set = getenv("MSGQ_STOPPED");

	return set ? uint32_t(strtoul(set, nullptr, 0)) : 24;
}

class StalledCrowd : public StalledQueue
{
protected:
	StalledCrowd() : StalledQueue(2 * crowd() + 2)
	{
	}
};

EACH_WAY(StalledCrowd);

// All are passed over in the time of one. Every third is killed meanwhile, and
// the others' messages come, once each.
// holds: stall.crowd
TEST_P(StalledCrowd, IsPassedOverAtOnce)
{
	const uint32_t count = crowd();
	const rlimit descriptors = { 2 * count + 256, 2 * count + 256 };
	std::vector<std::unique_ptr<Halted>> senders;
	std::vector<unsigned> came(count);

	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
	limit(0);
	for (uint32_t i = 0; i < count; i++) {
		senders.push_back(std::make_unique<Halted>(queue.addr, i));
		senders[i]->await();
	}
	send(count);
	limit(LIMIT_NS);
	auto start = Clock::now();
	EXPECT_EQ(receive(), count);
	auto took = Clock::now() - start;

	printf("%u stopped senders were passed over in %.0f ms\n", count,
	       std::chrono::duration<double>(took).count() * 1e3);
	EXPECT_LT(took, AT_MOST);

	for (uint32_t i = 0; i < count; i++) {
		if (i % 3)
			senders[i]->let_go();
		else
			senders[i]->kill();
	}
	for (uint32_t i = 0; i < count; i++) {
		if (i % 3) {
			EXPECT_EQ(senders[i]->error(), MSGQIPC_ERR_SUCC) << i;
		}
	}
	send(count + 1);
	for (uint32_t one : receive_to(count + 1)) {
		if (one < count)
			came[one]++;
	}
	for (uint32_t i = 0; i < count; i++)
		EXPECT_EQ(came[i], i % 3 ? 1u : 0u) << i;
	EXPECT_EQ(receive(100'000'000), ~0u);
}

} // namespace
