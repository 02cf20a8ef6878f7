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

class Create : public api::Test
{
protected:
	uint32_t mode_under(mode_t mask)
	{
		mode_t before = umask(mask);
		msgqipc_named named = {};

		named.key = api::unique_key();
		EXPECT_SUCC(msgqipc_create(ctx, named.key, nullptr, 1, 0, 0));
		umask(before);
		EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP,
					&named));
		return named.mode;
	}
};

// holds: create.zero
TEST_F(Create, RefusesAQueueOfNoEntries)
{
	EXPECT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 0, 0, 0));
}

// holds: create.max, ctl.max-messages
TEST_F(Create, RefusesMoreEntriesThanTheMaximum)
{
	uint64_t max = 0;

	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_MAX_MESSAGES, 0, &max));
	EXPECT_ERR(SIZE, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, max + 1, 0, 0));
	EXPECT_ERR(SIZE, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, UINT32_MAX, 0, 0));
}

// holds: create.flags
TEST_F(Create, RefusesUnknownFlags)
{
	for (uint32_t flag = 4; flag; flag <<= 1) {
		if (flag == MSGQIPC_CREATE_MEDIATED)
			continue;
		SCOPED_TRACE(flag);
		EXPECT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, flag));
		EXPECT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0,
						 flag | MSGQIPC_CREATE_EXCL));
	}
}

// holds: create.known-flags, create.private
TEST_F(Create, TakesEveryKnownFlag)
{
	EXPECT_SUCC(msgqipc_create(ctx, api::unique_key(), nullptr, 1, 0,
				   MSGQIPC_CREATE_BIND_CPU | MSGQIPC_CREATE_EXCL));
	EXPECT_SUCC(msgqipc_create(ctx, api::unique_key(), nullptr, 1, 0, MSGQIPC_CREATE_MEDIATED));
	EXPECT_SUCC(msgqipc_create(ctx, api::unique_key(), nullptr, 1, 0,
				   MSGQIPC_CREATE_MEDIATED | MSGQIPC_CREATE_BIND_CPU |
					   MSGQIPC_CREATE_EXCL));
	EXPECT_SUCC(msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
	EXPECT_SUCC(msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
}

// holds: create.addr-null
TEST_F(Create, DoesWithoutAnAddress)
{
	msgqipc_key key = api::unique_key();
	msgqipc_queue *queue = msgqipc_create(ctx, key, nullptr, 1, 0, 0);
	msgqipc_addr addr;

	ASSERT_SUCC(queue);
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	ASSERT_SUCC(api::lookup(ctx, key, &addr));
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
}

// holds: create.inactive, send.inactive
TEST_F(Create, LeavesTheQueueInactive)
{
	msgqipc_addr addr;
	char msg[64];
	msgqipc_queue *queue = msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, &addr, 4, 0, 0);

	ASSERT_SUCC(queue);
	ASSERT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr));
	EXPECT_ERR(INACTIVE, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(INACTIVE, msgqipc_poke(ctx, &addr));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: create.mode
TEST_F(Create, GivesTheModeThatTheUmaskLeaves)
{
	EXPECT_EQ(mode_under(0), 0666u);
	EXPECT_EQ(mode_under(022), 0644u);
	EXPECT_EQ(mode_under(027), 0640u);
	EXPECT_EQ(mode_under(0777), 0u);
}

// holds: create.excl
TEST_F(Create, WithExclRefusesANameThatExists)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	Context other;
	msgqipc_addr found;

	EXPECT_ERR(EXISTS, msgqipc_create(ctx, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
	EXPECT_ERR(EXISTS, msgqipc_create(other, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, queue.addr));
}

// holds: create.excl-free, close.name
TEST_F(Create, WithExclTakesANameThatWasClosed)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);

	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_SUCC(msgqipc_create(ctx, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
}

// holds: create.takeover
TEST_F(Create, MovesTheNameToTheNewQueue)
{
	msgqipc_key key = api::unique_key();
	Context restarted;
	Queue old(ctx, 4, key);
	Queue renewed(restarted, 4, key);
	msgqipc_addr found;
	char msg[64];

	ASSERT_FALSE(api::same(old.addr, renewed.addr));
	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, renewed.addr));
	EXPECT_SUCC(msgqipc_send(ctx, &found, "to the new", 10));
	EXPECT_EQ(msgqipc_recv(restarted, renewed, msg, sizeof(msg)), 10);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, old, msg, sizeof(msg)));
}

// holds: create.old-addr
TEST_F(Create, LeavesTheOldQueueItsAddress)
{
	msgqipc_key key = api::unique_key();
	Queue old(ctx, 4, key);
	Context sender;
	char msg[64];

	EXPECT_SUCC(msgqipc_send(sender, &old.addr, "before", 6));
	Queue renewed(ctx, 4, key);
	EXPECT_SUCC(msgqipc_send(sender, &old.addr, "after it", 8));
	EXPECT_EQ(msgqipc_recv(ctx, old, msg, sizeof(msg)), 6);
	EXPECT_EQ(msgqipc_recv(ctx, old, msg, sizeof(msg)), 8);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, renewed, msg, sizeof(msg)));
}

// holds: create.old-close
TEST_F(Create, KeepsTheNewNameWhenTheOldQueueCloses)
{
	msgqipc_key key = api::unique_key();
	Queue old(ctx, 4, key);
	Queue renewed(ctx, 4, key);
	msgqipc_addr found;

	ASSERT_SUCC(msgqipc_close(ctx, old, 0));
	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, renewed.addr));
	EXPECT_SUCC(msgqipc_send(ctx, &found, "x", 1));
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &old.addr, "x", 1));
}

// holds: create.no-return
TEST_F(Create, DoesNotGiveTheNameBackToTheOldQueue)
{
	msgqipc_key key = api::unique_key();
	Queue old(ctx, 4, key);
	Queue renewed(ctx, 4, key);
	msgqipc_addr found;

	ASSERT_SUCC(msgqipc_close(ctx, renewed, 0));
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &found));
	EXPECT_SUCC(msgqipc_send(ctx, &old.addr, "x", 1));
}

// holds: create.foreign-name
TEST_F(Create, DoesNotTakeAnotherUsersName)
{
	SKIP_UNLESS_ROOT();
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	msgqipc_addr found;

	Child([&](Line &) {
		api::become(api::NOBODY, api::NOBODY);
		Context own;

		EXPECT_ERR(ACCES, msgqipc_create(own, key, nullptr, 1, 0, 0));
		EXPECT_STRNE(msgqipc_error_detail(), "");
		EXPECT_ERR(EXISTS, msgqipc_create(own, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
		EXPECT_SUCC(msgqipc_create(own, api::unique_key(), nullptr, 1, 0, 0));
	}).finish();
	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, queue.addr));
}

// holds: create.addr-kept
TEST_F(Create, StoresNoAddressWhenItFails)
{
	msgqipc_addr addr, before;

	memset(&addr, 0xa5, sizeof(addr));
	before = addr;
	EXPECT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, &addr, 0, 0, 0));
	EXPECT_TRUE(api::same(addr, before));
}

// holds: create.many
TEST_F(Create, MakesManyQueuesAtTheSameTime)
{
	std::vector<Queue> queues;
	char msg[64];

	for (uint32_t each = 0; each < 500; each++)
		queues.emplace_back(static_cast<msgqipc_ctx *>(ctx), 1 + each % 5);
	for (uint32_t each = 0; each < queues.size(); each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queues[each].addr, &each, sizeof(each)));
	for (uint32_t each = 0; each < queues.size(); each++) {
		ASSERT_EQ(msgqipc_recv(ctx, queues[each], msg, sizeof(msg)), 4);
		ASSERT_FALSE(memcmp(msg, &each, sizeof(each)));
	}
}

} // namespace
