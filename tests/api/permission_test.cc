// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <sys/stat.h>

using api::ALICE;
using api::BOB;
using api::Child;
using api::Context;
using api::Line;
using api::NOBODY;
using api::Queue;

namespace
{

constexpr gid_t STAFF = 32001, GUESTS = 32002;

struct Named {
	msgqipc_key key;
	msgqipc_addr addr;
};

// A queue of ALICE, group STAFF, whose mode the umask @mask leaves.
class Permission : public ::testing::Test
{
protected:
	void SetUp() override
	{
		SKIP_UNLESS_ROOT();
	}

	static void own(Line &up, mode_t mask)
	{
		umask(mask);
		api::become(ALICE, STAFF);
		Context ctx;
		Named named = { api::unique_key(), {} };
		Queue queue(ctx, 16, named.key);

		named.addr = queue.addr;
		up.say(named);
		up.hear_out();
	}

	struct Verdict {
		int send, poke, lookup;
		bool listed;
	};

	// What the queue is to a process of @uid.
	static void expect(mode_t mask, uid_t uid, gid_t gid, std::vector<gid_t> groups,
			   Verdict expected)
	{
		Child owner([&](Line &up) { own(up, mask); });
		Named named = owner.line.hear<Named>();

		Child([&](Line &) {
			// Root stays as it is, with its capabilities.
			if (uid)
				api::become(uid, gid, groups);
			Context ctx;
			msgqipc_addr found;

			EXPECT_EQ(api::lookup(ctx, named.key, &found) ? msgqipc_get_error() : 0,
				  expected.lookup);
			EXPECT_EQ(api::seen(ctx, named.addr), expected.listed);
			EXPECT_EQ(msgqipc_poke(ctx, &named.addr) ? msgqipc_get_error() : 0,
				  expected.poke);
			EXPECT_EQ(msgqipc_send(ctx, &named.addr, "x", 1) ? msgqipc_get_error() : 0,
				  expected.send);
			EXPECT_EQ(!expected.send, !*msgqipc_error_detail());
		}).finish();
		owner.line.hang_up();
		owner.finish();
	}

	static constexpr int SUCC = MSGQIPC_ERR_SUCC, ACCES = MSGQIPC_ERR_ACCES;
	static constexpr Verdict ALL = { SUCC, SUCC, SUCC, true };
	static constexpr Verdict NONE = { ACCES, ACCES, ACCES, false };
	static constexpr Verdict LOOK = { ACCES, ACCES, SUCC, true };
	static constexpr Verdict SEND = { SUCC, SUCC, SUCC, false };
};

// holds: perm.classes, send.acces
TEST_F(Permission, OfThePrivateModeShutsOthersOut)
{
	expect(077, NOBODY, NOBODY, {}, NONE);
	expect(077, BOB, STAFF, {}, NONE);
}

// holds: perm.classes, perm.send, perm.look, poke.acces
TEST_F(Permission, OfTheOwnerIsInTheFirstBits)
{
	expect(077, ALICE, GUESTS, {}, ALL);
	expect(0277, ALICE, GUESTS, {}, LOOK);
	expect(0477, ALICE, GUESTS, {}, SEND);
	// The first class that fits decides, as for files.
	expect(0600, ALICE, STAFF, {}, NONE);
}

// holds: perm.classes, perm.send, perm.look
TEST_F(Permission, OfTheGroupIsInTheMiddleBits)
{
	expect(007, BOB, STAFF, {}, ALL);
	expect(007, BOB, GUESTS, { STAFF }, ALL);
	expect(007, BOB, GUESTS, {}, NONE);
	expect(027, BOB, STAFF, {}, LOOK);
	expect(047, BOB, STAFF, {}, SEND);
	expect(060, BOB, STAFF, {}, NONE);
}

// holds: perm.classes, perm.send, perm.look
TEST_F(Permission, OfOthersIsInTheLastBits)
{
	expect(0, NOBODY, NOBODY, {}, ALL);
	expect(02, NOBODY, NOBODY, {}, LOOK);
	expect(04, NOBODY, NOBODY, {}, SEND);
	expect(06, NOBODY, NOBODY, {}, NONE);
}

// holds: perm.root
TEST_F(Permission, OfRootIsWhole)
{
	expect(077, 0, 0, {}, ALL);
	expect(0777, 0, 0, {}, ALL);
}

// holds: error.detail
TEST_F(Permission, IsAskedForInDetail)
{
	Child owner([&](Line &up) { own(up, 026); });
	Named named = owner.line.hear<Named>();

	Child([&](Line &) {
		api::become(NOBODY, NOBODY);
		Context ctx;
		msgqipc_addr found;

		ASSERT_ERR(ACCES, msgqipc_send(ctx, &named.addr, "x", 1));
		EXPECT_NE(std::string(msgqipc_error_detail()).find("640"), std::string::npos)
			<< msgqipc_error_detail();
		ASSERT_ERR(ACCES, api::lookup(ctx, named.key, &found));
		EXPECT_STRNE(msgqipc_error_detail(), "");
	}).finish();
}

// holds: send.acces
TEST_F(Permission, IsNotGainedByAskingAgain)
{
	Child owner([&](Line &up) { own(up, 077); });
	Named named = owner.line.hear<Named>();

	Child([&](Line &) {
		api::become(NOBODY, NOBODY);
		Context ctx;

		for (int again = 0; again < 3; again++)
			EXPECT_ERR(ACCES, msgqipc_send(ctx, &named.addr, "x", 1));
	}).finish();
}

// holds: ini.everybody
TEST_F(Permission, ToUseTheDeviceIsEverybodys)
{
	Child([&](Line &) {
		api::become(NOBODY, NOBODY);
		Context ctx;
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
		Queue queue(ctx);
		char msg[64];

		EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
	}).finish();
}

} // namespace
