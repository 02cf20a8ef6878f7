// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <sys/stat.h>

using api::ALICE;
using api::BOB;
using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class SetPermission : public api::Test
{
protected:
	static int get(msgqipc_ctx *own, msgqipc_queue *queue, msgqipc_named *named)
	{
		return msgqipc_ctl(own, queue, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_GET_PERM,
				   named);
	}

	static int set(msgqipc_ctx *own, msgqipc_queue *queue, msgqipc_key key, uint32_t uid,
		       uint32_t gid, uint32_t mode)
	{
		msgqipc_named named = {};

		named.key = key;
		named.uid = uid;
		named.gid = gid;
		named.mode = mode;
		return msgqipc_ctl(own, queue, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SET_PERM,
				   &named);
	}

	static int send(const msgqipc_addr &addr)
	{
		Context own;

		return msgqipc_send(own, &addr, "x", 1) ? msgqipc_get_error() : 0;
	}

	// What a send of a fresh context of @user is told.
	static int send_as(uid_t user, const msgqipc_addr &addr)
	{
		int error = -1;
		Child child([&](Line &up) {
			api::become(user, user);
			up.say(send(addr));
		});

		error = child.line.hear<int>();
		child.finish();
		return error;
	}

	uint32_t uid = geteuid(), gid = getegid();
};

// holds: name.get-perm
TEST_F(SetPermission, IsToldByKeyAndByQueue)
{
	msgqipc_key key = api::unique_key();
	Queue named_queue(ctx, 4, key), unnamed(ctx, 4);
	msgqipc_named named = {};
	Context other;

	for (uint32_t mode : { 0777u, 0600u, 0u, 0644u }) {
		ASSERT_SUCC(set(ctx, nullptr, key, uid, gid, mode));
		memset(&named, 0xff, sizeof(named));
		ASSERT_SUCC(get(ctx, named_queue, &named));
		EXPECT_EQ(named.key, key);
		EXPECT_TRUE(api::same(named.addr, named_queue.addr));
		EXPECT_EQ(named.uid, uid);
		EXPECT_EQ(named.gid, gid);
		EXPECT_EQ(named.mode, mode);
	}
	named = {};
	named.key = key;
	ASSERT_SUCC(get(other, nullptr, &named));
	EXPECT_EQ(named.mode, 0644u);

	ASSERT_SUCC(set(ctx, unnamed, 0, uid, gid, 0640));
	ASSERT_SUCC(get(ctx, unnamed, &named));
	EXPECT_EQ(named.key, 0u);
	EXPECT_EQ(named.mode, 0640u);
	EXPECT_TRUE(api::same(named.addr, unnamed.addr));
}

TEST_F(SetPermission, IsOfTheQueueEvenWhenItsNameHasMoved)
{
	msgqipc_key key = api::unique_key();
	Queue old(ctx, 4, key);
	Queue renewed(ctx, 4, key);
	msgqipc_named named = {};

	ASSERT_SUCC(set(ctx, old, key, uid, gid, 0600));
	ASSERT_SUCC(get(ctx, old, &named));
	EXPECT_EQ(named.key, 0u);
	EXPECT_EQ(named.mode, 0600u);
	named.key = key;
	ASSERT_SUCC(get(ctx, nullptr, &named));
	EXPECT_TRUE(api::same(named.addr, renewed.addr));
	EXPECT_NE(named.mode, 0600u);
}

TEST_F(SetPermission, IsOfThatQueuesContextOnly)
{
	Context other;
	Queue queue(ctx, 4);
	msgqipc_named named = {};

	EXPECT_ERR(INVAL, get(other, queue, &named));
	EXPECT_ERR(INVAL, set(other, queue, 0, uid, gid, 0600));
}

TEST_F(SetPermission, RefusesWhatCannotBe)
{
	Queue queue(ctx, 4, api::unique_key());
	msgqipc_named before = {}, after = {};

	ASSERT_SUCC(get(ctx, queue, &before));
	for (uint32_t mode : { 01000u, 010000u, 0x80000000u, UINT32_MAX }) {
		EXPECT_ERR(INVAL, set(ctx, queue, 0, uid, gid, mode));
		EXPECT_NE(std::string(msgqipc_error_detail()).find("777"), std::string::npos);
	}
	EXPECT_ERR(INVAL, set(ctx, queue, 0, UINT32_MAX, gid, 0600));
	EXPECT_STRNE(msgqipc_error_detail(), "");
	EXPECT_ERR(INVAL, set(ctx, queue, 0, uid, UINT32_MAX, 0600));
	EXPECT_ERR(NOTFOUND, set(ctx, nullptr, api::unique_key(), uid, gid, 0600));
	EXPECT_ERR(INVAL, set(ctx, nullptr, MSGQIPC_KEY_PRIVATE, uid, gid, 0600));
	EXPECT_ERR(INVAL, get(ctx, nullptr, &after));
	ASSERT_SUCC(get(ctx, queue, &after));
	EXPECT_EQ(after.mode, before.mode);
	EXPECT_EQ(after.uid, before.uid);
	EXPECT_EQ(after.gid, before.gid);
}

TEST_F(SetPermission, DecidesAboutWhoAttachesLater)
{
	SKIP_UNLESS_ROOT();
	Queue queue(ctx, 64);

	ASSERT_SUCC(set(ctx, queue, 0, uid, gid, 0600));
	EXPECT_EQ(send_as(ALICE, queue.addr), MSGQIPC_ERR_ACCES);
	ASSERT_SUCC(set(ctx, queue, 0, uid, gid, 0602));
	EXPECT_EQ(send_as(ALICE, queue.addr), MSGQIPC_ERR_SUCC);
	ASSERT_SUCC(set(ctx, queue, 0, uid, ALICE, 0620));
	EXPECT_EQ(send_as(ALICE, queue.addr), MSGQIPC_ERR_SUCC);
	EXPECT_EQ(send_as(BOB, queue.addr), MSGQIPC_ERR_ACCES);
	ASSERT_SUCC(set(ctx, queue, 0, BOB, gid, 0600));
	EXPECT_EQ(send_as(ALICE, queue.addr), MSGQIPC_ERR_ACCES);
	EXPECT_EQ(send_as(BOB, queue.addr), MSGQIPC_ERR_SUCC);
}

TEST_F(SetPermission, LeavesWhoIsAttachedAlone)
{
	SKIP_UNLESS_ROOT();
	mode_t before = umask(0);
	Queue queue(ctx);

	umask(before);
	Child sender([&](Line &up) {
		api::become(ALICE, ALICE);
		Context own;

		EXPECT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
		up.say();
		up.hear();
		EXPECT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
		Context late;
		EXPECT_ERR(ACCES, msgqipc_send(late, &queue.addr, "x", 1));
	});
	sender.line.hear();
	ASSERT_SUCC(set(ctx, queue, 0, uid, gid, 0600));
	sender.line.say();
	sender.finish();
}

// holds: name.set-perm
TEST_F(SetPermission, IsForTheOwnerAndRoot)
{
	SKIP_UNLESS_ROOT();
	msgqipc_key key = api::unique_key();
	Child owner([&](Line &up) {
		umask(022);
		api::become(ALICE, ALICE);
		Context own;
		Queue queue(own, 4, key);

		up.say();
		up.hear_out();
	});

	owner.line.hear();
	Child([&](Line &) {
		api::become(BOB, BOB);
		Context own;
		msgqipc_named named = {};

		EXPECT_ERR(ACCES, set(own, nullptr, key, BOB, BOB, 0777));
		EXPECT_STRNE(msgqipc_error_detail(), "");
		named.key = key;
		ASSERT_SUCC(get(own, nullptr, &named));
		EXPECT_EQ(named.uid, ALICE);
		EXPECT_EQ(named.mode, 0644u);
	}).finish();
	// Root gives it away; its maker still may, and nobody looks uninvited.
	ASSERT_SUCC(set(ctx, nullptr, key, BOB, BOB, 0200));
	Child([&](Line &) {
		api::become(BOB, BOB);
		Context own;
		msgqipc_named named = {};

		named.key = key;
		EXPECT_ERR(ACCES, get(own, nullptr, &named));
		EXPECT_SUCC(set(own, nullptr, key, BOB, BOB, 0400));
		EXPECT_SUCC(get(own, nullptr, &named));
	}).finish();
	Child([&](Line &) {
		api::become(ALICE, ALICE);
		Context own;

		EXPECT_SUCC(set(own, nullptr, key, ALICE, ALICE, 0600));
	}).finish();
	owner.line.hang_up();
	owner.finish();
}

} // namespace
