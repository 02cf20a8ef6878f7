// SPDX-License-Identifier: MIT
#include "fixture.h"

using api::Context;
using api::Queue;

namespace
{

class Poke : public api::Test
{
};

// holds: poke.nothing
TEST_F(Poke, StoresNothing)
{
	Queue queue(ctx, 2);
	msgqipc_info info;
	char msg[64];

	for (int each = 0; each < 100; each++)
		ASSERT_SUCC(msgqipc_poke(ctx, &queue.addr));
	ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
	EXPECT_EQ(info.depth, 0u);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_SUCC(msgqipc_poke(ctx, &queue.addr));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
}

// holds: poke.answers
TEST_F(Poke, AnswersAsASendWould)
{
	Context fresh;
	Queue queue(ctx, 1);
	char msg[64];

	EXPECT_SUCC(msgqipc_poke(fresh, &queue.addr));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_poke(ctx, &queue.addr));
	EXPECT_ERR(RNR, msgqipc_poke(fresh, &queue.addr));
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_SUCC(msgqipc_poke(ctx, &queue.addr));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_poke(ctx, &queue.addr));
	EXPECT_ERR(INACTIVE, msgqipc_poke(fresh, &queue.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_ERR(NOTFOUND, msgqipc_poke(ctx, &queue.addr));
	EXPECT_ERR(NOTFOUND, msgqipc_poke(fresh, &queue.addr));
}

// holds: load.same-code
TEST_F(Poke, OfTheVectorIsTheSame)
{
	Queue queue(ctx, 1);
	const msgqipc_v2 *v2 = msgqipc_load(MSGQIPC_API_V2)->v2;

	EXPECT_SUCC(v2->poke(ctx, &queue.addr));
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, v2->poke(ctx, &queue.addr));
}

// holds: poke.v1
TEST_F(Poke, IsNotSupportedByTheFirstVersion)
{
	Context first(MSGQIPC_API_V1);
	Queue queue(first);

	EXPECT_ERR(NOTSUPP, msgqipc_poke(first, &queue.addr));
	EXPECT_SUCC(msgqipc_poke(ctx, &queue.addr));
}

} // namespace
