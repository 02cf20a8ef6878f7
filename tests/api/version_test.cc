// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <thread>

using api::Context;
using api::Queue;

namespace
{

class Version : public ::testing::TestWithParam<uint16_t>
{
};

// holds: load.versions, load.v1
TEST_P(Version, LoadsItsVector)
{
	uint16_t version = GetParam();
	msgqipc_api *loaded = msgqipc_load(version);

	ASSERT_SUCC(loaded);
	EXPECT_EQ(loaded->version, version);
	ASSERT_NE(loaded->v1, nullptr);
	EXPECT_NE(loaded->v1->ini, nullptr);
	EXPECT_NE(loaded->v1->destroy, nullptr);
	EXPECT_NE(loaded->v1->create, nullptr);
	EXPECT_NE(loaded->v1->activate, nullptr);
	EXPECT_NE(loaded->v1->deactivate, nullptr);
	EXPECT_NE(loaded->v1->close, nullptr);
	EXPECT_NE(loaded->v1->recv, nullptr);
	EXPECT_NE(loaded->v1->peek, nullptr);
	EXPECT_NE(loaded->v1->send, nullptr);
	EXPECT_NE(loaded->v1->cancel, nullptr);
	EXPECT_NE(loaded->v1->get_events, nullptr);
	EXPECT_NE(loaded->v1->ctl, nullptr);
}

// holds: load.static
TEST_P(Version, IsTheSameForEveryCaller)
{
	msgqipc_api *here = msgqipc_load(GetParam()), *there = nullptr;

	std::thread([&] { there = msgqipc_load(GetParam()); }).join();
	EXPECT_EQ(here, there);
}

// holds: load.ctx-api
TEST_P(Version, IsWhatItsContextsTell)
{
	Context ctx(GetParam());

	ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
	EXPECT_EQ(msgqipc_ctx_api(ctx), msgqipc_load(GetParam()));
}

// A message goes once through, each step by the vector on one side.
// holds: load.same-code
TEST_P(Version, VectorAndFunctionsAreTheSameCode)
{
	const msgqipc_api *loaded = msgqipc_load(GetParam());
	const msgqipc_v1 *v = loaded->v1;
	msgqipc_ctx *ctx = v->ini(loaded);
	msgqipc_addr addr, other;
	msgqipc_queue *queue;
	char msg[64] = {};
	uint64_t size = 0;

	ASSERT_SUCC(ctx);
	queue = v->create(ctx, MSGQIPC_KEY_PRIVATE, &addr, 2, 0, 0);
	ASSERT_SUCC(queue);
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &addr, "a", 1));
	EXPECT_ERR(INACTIVE, v->send(ctx, &addr, "a", 1));
	EXPECT_SUCC(v->activate(ctx, queue));
	EXPECT_SUCC(v->send(ctx, &addr, "by vector", 9));
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "by name", 7));
	EXPECT_ERR(RNR, v->send(ctx, &addr, "c", 1));
	EXPECT_EQ(v->peek(ctx, queue, nullptr, msg, sizeof(msg), 1), 7);
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 9);
	EXPECT_STREQ(msg, "by vector");
	EXPECT_EQ(v->recv(ctx, queue, msg, sizeof(msg)), 7);
	EXPECT_SUCC(v->ctl(ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, &size));
	EXPECT_EQ(size, 7u);
	EXPECT_SUCC(v->ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr));
	EXPECT_ERR(NOTFOUND, v->recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_SUCC(v->deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &addr, "a", 1));
	EXPECT_SUCC(v->close(ctx, queue, 0));
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "a", 1));
	EXPECT_ERR(INVAL, v->create(ctx, MSGQIPC_KEY_PRIVATE, &other, 0, 0, 0));
	EXPECT_SUCC(v->destroy(ctx));
}

INSTANTIATE_TEST_SUITE_P(Each, Version, ::testing::Values(MSGQIPC_API_V1, MSGQIPC_API_V2));

// holds: load.unknown
TEST(Versions, ThatDoNotExistAreNotSupported)
{
	for (unsigned version : { 0u, 3u, 4u, 256u, 257u, 65535u }) {
		SCOPED_TRACE(version);
		EXPECT_ERR(NOTSUPP, msgqipc_load(static_cast<uint16_t>(version)));
	}
}

// holds: load.v1
TEST(Versions, FirstHasNoSecondVector)
{
	ASSERT_NE(msgqipc_load(MSGQIPC_API_V1), nullptr);
	EXPECT_EQ(msgqipc_load(MSGQIPC_API_V1)->v2, nullptr);
}

// holds: load.v2
TEST(Versions, SecondHasPokeAndOtherwiseTheFirst)
{
	const msgqipc_api *loaded = msgqipc_load(MSGQIPC_API_V2);

	ASSERT_NE(loaded, nullptr);
	ASSERT_NE(loaded->v2, nullptr);
	EXPECT_NE(loaded->v2->poke, nullptr);
	EXPECT_EQ(loaded->v2->ini, loaded->v1->ini);
	EXPECT_EQ(loaded->v2->destroy, loaded->v1->destroy);
	EXPECT_EQ(loaded->v2->create, loaded->v1->create);
	EXPECT_EQ(loaded->v2->activate, loaded->v1->activate);
	EXPECT_EQ(loaded->v2->deactivate, loaded->v1->deactivate);
	EXPECT_EQ(loaded->v2->close, loaded->v1->close);
	EXPECT_EQ(loaded->v2->recv, loaded->v1->recv);
	EXPECT_EQ(loaded->v2->peek, loaded->v1->peek);
	EXPECT_EQ(loaded->v2->send, loaded->v1->send);
	EXPECT_EQ(loaded->v2->cancel, loaded->v1->cancel);
	EXPECT_EQ(loaded->v2->get_events, loaded->v1->get_events);
	EXPECT_EQ(loaded->v2->ctl, loaded->v1->ctl);
}

// holds: load.mixed
TEST(Versions, ContextsOfBothShareQueues)
{
	Context first(MSGQIPC_API_V1), second(MSGQIPC_API_V2);
	Queue queue(first);
	char msg[64];

	EXPECT_SUCC(msgqipc_send(second, &queue.addr, "x", 1));
	EXPECT_SUCC(msgqipc_poke(second, &queue.addr));
	EXPECT_EQ(msgqipc_recv(first, queue, msg, sizeof(msg)), 1);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(first, queue, msg, sizeof(msg)));
}

} // namespace
