// SPDX-License-Identifier: MIT
#include "fixture.h"

#include "msgq/word.h"

#include <sys/resource.h>

using api::Queue;

namespace
{

class Crowd : public api::Test
{
protected:
	std::vector<msgqipc_ctx *> senders;

	void SetUp() override
	{
		const rlim_t needed = MSGQ_SENDERS_MAX + 100;
		rlimit limit;

		api::Test::SetUp();
		getrlimit(RLIMIT_NOFILE, &limit);
		limit.rlim_cur = needed;
		// Root may go beyond.
		if (limit.rlim_max < needed)
			limit.rlim_max = needed;
		if (setrlimit(RLIMIT_NOFILE, &limit))
			GTEST_SKIP() << "so many descriptors are not allowed: " << needed;
	}

	void TearDown() override
	{
		for (msgqipc_ctx *sender : senders)
			EXPECT_SUCC(msgqipc_destroy(sender));
	}

	msgqipc_ctx *join()
	{
		msgqipc_ctx *sender = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

		if (sender)
			senders.push_back(sender);
		return sender;
	}
};

// holds: send.senders
TEST_F(Crowd, IsLimitedAndTheNextGetsThePlaceOfWhoLeaves)
{
	Queue queue(ctx, 4);
	char msg[64];

	for (uint32_t each = 0; each < MSGQ_SENDERS_MAX; each++) {
		msgqipc_ctx *sender = join();

		ASSERT_SUCC(sender);
		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, &each, sizeof(each)));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 4);
	}
	msgqipc_ctx *late = join();

	ASSERT_SUCC(late);
	EXPECT_ERR(NORES, msgqipc_send(late, &queue.addr, "x", 1));
	EXPECT_NE(std::string(msgqipc_error_detail()).find(std::to_string(MSGQ_SENDERS_MAX)),
		  std::string::npos)
		<< msgqipc_error_detail();
	ASSERT_SUCC(msgqipc_destroy(senders.front()));
	senders.erase(senders.begin());
	EXPECT_SUCC(msgqipc_send(late, &queue.addr, "x", 1));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
}

} // namespace
