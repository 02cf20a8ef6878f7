// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <sys/stat.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Name : public api::Test
{
};

// holds: name.lookup
TEST_F(Name, LeadsToItsQueue)
{
	msgqipc_key key = api::unique_key();
	mode_t before = umask(022);
	Queue queue(ctx, 4, key);
	msgqipc_named named;
	Context other;

	umask(before);
	memset(&named, 0xff, sizeof(named));
	named.key = key;
	ASSERT_SUCC(
		msgqipc_ctl(other, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP, &named));
	EXPECT_EQ(named.key, key);
	EXPECT_TRUE(api::same(named.addr, queue.addr));
	EXPECT_EQ(named.uid, geteuid());
	EXPECT_EQ(named.gid, getegid());
	EXPECT_EQ(named.mode, 0644u);
}

// holds: name.lookup
TEST_F(Name, IsSeenByOtherProcesses)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	char msg[64];

	Child([&](Line &) {
		Context own;
		msgqipc_addr addr;

		ASSERT_SUCC(api::lookup(own, key, &addr));
		EXPECT_SUCC(msgqipc_send(own, &addr, "hello", 5));
	}).finish();
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 5);
}

// holds: name.unknown
TEST_F(Name, IsNotFoundWhenUnknown)
{
	msgqipc_addr addr;

	EXPECT_ERR(NOTFOUND, api::lookup(ctx, api::unique_key(), &addr));
	EXPECT_ERR(NOTFOUND, api::unlink(ctx, api::unique_key()));
}

// holds: name.private
TEST_F(Name, IsNeverThePrivateKey)
{
	Queue queue(ctx);
	msgqipc_addr addr;

	EXPECT_ERR(INVAL, api::lookup(ctx, MSGQIPC_KEY_PRIVATE, &addr));
	EXPECT_ERR(INVAL, api::unlink(ctx, MSGQIPC_KEY_PRIVATE));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
}

// holds: name.any
TEST_F(Name, MayBeAnyOtherKey)
{
	msgqipc_key key = api::unique_key();

	// Keys that differ in one bit, up to the highest, are different names.
	for (unsigned bit : { 0, 1, 31, 32, 63 }) {
		msgqipc_key other = key ^ msgqipc_key(1) << bit;
		Queue queue(ctx, 1, other);
		msgqipc_addr addr;

		ASSERT_SUCC(api::lookup(ctx, other, &addr));
		EXPECT_TRUE(api::same(addr, queue.addr));
		EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &addr));
	}
}

// holds: name.unlink
TEST_F(Name, UnlinkedLeavesTheQueue)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	msgqipc_addr addr;
	char msg[64];

	ASSERT_SUCC(api::unlink(ctx, key));
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &addr));
	EXPECT_ERR(NOTFOUND, api::unlink(ctx, key));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
	EXPECT_SUCC(msgqipc_create(ctx, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
}

// holds: name.unlink
TEST_F(Name, UnlinkedAndTakenAnewIsNotTheFirstQueuesToLose)
{
	msgqipc_key key = api::unique_key();
	Queue first(ctx, 4, key);

	ASSERT_SUCC(api::unlink(ctx, key));
	Queue second(ctx, 4, key);
	msgqipc_addr addr;
	ASSERT_SUCC(msgqipc_close(ctx, first, 0));
	ASSERT_SUCC(api::lookup(ctx, key, &addr));
	EXPECT_TRUE(api::same(addr, second.addr));
}

// holds: name.unlink-owner
TEST_F(Name, MayBeUnlinkedByAnotherProcessOfItsUser)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	msgqipc_addr addr;

	Child([&](Line &) {
		Context own;

		EXPECT_SUCC(api::unlink(own, key));
	}).finish();
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &addr));
}

// holds: name.unlink-owner
TEST_F(Name, MayNotBeUnlinkedByAnotherUser)
{
	SKIP_UNLESS_ROOT();
	msgqipc_key key = api::unique_key();
	mode_t before = umask(0);
	Queue queue(ctx, 4, key);
	msgqipc_addr addr;

	umask(before);
	Child([&](Line &) {
		api::become(api::NOBODY, api::NOBODY);
		Context own;

		EXPECT_ERR(ACCES, api::unlink(own, key));
		EXPECT_STRNE(msgqipc_error_detail(), "");
		EXPECT_SUCC(api::lookup(own, key, &addr));
	}).finish();
	ASSERT_SUCC(api::lookup(ctx, key, &addr));
	EXPECT_TRUE(api::same(addr, queue.addr));
}

} // namespace
