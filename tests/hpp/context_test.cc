// SPDX-License-Identifier: MIT
#include "fixture.h"

using msgqipc::bytes;
using msgqipc::Context;
using msgqipc::Queue;

namespace
{

static_assert(!std::is_copy_constructible_v<Context> && !std::is_copy_assignable_v<Context>);
static_assert(std::is_nothrow_move_constructible_v<Context>);
static_assert(std::is_nothrow_move_assignable_v<Context>);

class Contexts : public hpp::Test
{
};

TEST_F(Contexts, OfAVersionThatDoesNotExistAreNotSupported)
{
	EXPECT_REFUSED(notsupp, Context::open(99));
	EXPECT_DONE(Context::open(MSGQIPC_API_V1));
}

TEST_F(Contexts, MoveAndLeaveNothingBehind)
{
	Context taken = std::move(ctx);

	EXPECT_TRUE(taken);
	EXPECT_FALSE(ctx);
	EXPECT_DONE(taken.max_messages());
	EXPECT_REFUSED(inval, ctx.max_messages());
	EXPECT_REFUSED(inval, ctx.create(1));
	EXPECT_DONE(ctx.destroy());
	ctx = std::move(taken);
	EXPECT_TRUE(ctx);
	EXPECT_DONE(ctx.max_messages());
}

TEST_F(Contexts, CloseWhatTheyHadWhenAnotherIsAssigned)
{
	auto first = Context::open(), second = Context::open();
	msgqipc::Address address;

	ASSERT_DONE(first);
	// Owned by no Queue, so that it is the context's end that closes it.
	ASSERT_TRUE(msgqipc_create(first->raw(), 0, &address, 1, 0, 0));
	EXPECT_REFUSED(inactive, ctx.poke(address));
	*first = std::move(*second);
	EXPECT_REFUSED(notfound, ctx.poke(address));
	EXPECT_TRUE(*first);
}

TEST_F(Contexts, FindQueuesByName)
{
	msgqipc::Key key = hpp::unique_key();
	Queue named = queue(4, { .key = key });
	auto found = ctx.lookup(key);

	ASSERT_DONE(found);
	EXPECT_EQ(*found, named.address());
	EXPECT_REFUSED(exists, ctx.create(4, { .key = key, .flags = MSGQIPC_CREATE_EXCL }));
	EXPECT_DONE(ctx.unlink(key));
	EXPECT_REFUSED(notfound, ctx.lookup(key));
	EXPECT_REFUSED(inval, ctx.lookup(msgqipc::private_key));
}

TEST_F(Contexts, TellLimitsAndHost)
{
	auto most = ctx.max_messages();
	auto host = ctx.host();

	ASSERT_DONE(most);
	EXPECT_REFUSED(size, ctx.create(static_cast<uint32_t>(*most) + 1));
	ASSERT_DONE(host);
	EXPECT_STREQ(host->release, MSGQ_VERSION);
}

TEST_F(Contexts, TellWhatTheUserHas)
{
	auto before = ctx.limits();
	Queue one = queue(4);
	auto after = ctx.limits();

	ASSERT_DONE(before);
	ASSERT_DONE(after);
	EXPECT_EQ(after->queues.used, before->queues.used + 1);
	EXPECT_EQ(after->bytes.used > before->bytes.used, true);
}

TEST_F(Contexts, LookIntoAQueue)
{
	Queue one = queue(4);

	ASSERT_DONE(ctx.send(one.address(), msgqipc::bytes("text")));
	auto seen = ctx.peek(one.address(), 0);
	ASSERT_DONE(seen);
	EXPECT_EQ(seen->state, uint32_t(MSGQIPC_PEEK_MESSAGE));
	EXPECT_EQ(std::string(reinterpret_cast<char *>(seen->msg), seen->len), "text");
	auto next = ctx.peek(one.address(), seen->position + 1);
	ASSERT_DONE(next);
	EXPECT_EQ(next->state, uint32_t(MSGQIPC_PEEK_NOTHING));
	EXPECT_REFUSED(notfound, ctx.peek(msgqipc::Address(), 0));
}

TEST_F(Contexts, TellWhyASendFailed)
{
	Queue small = queue(1);

	EXPECT_DONE(ctx.poke(small.address()));
	EXPECT_DONE(ctx.send(small.address(), bytes("x")));
	EXPECT_REFUSED(rnr, ctx.send(small.address(), bytes("x")));
	EXPECT_REFUSED(rnr, ctx.poke(small.address()));
	EXPECT_REFUSED(size, ctx.send(small.address(), bytes(std::string(65, 'x'))));
	EXPECT_STRNE(msgqipc::detail(), "");
}

} // namespace
