// SPDX-License-Identifier: MIT
// Processes in namespaces of pids and of users of their own.
#include "fixture.h"
#include "processes.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

constexpr uint32_t OVERFLOW_ID = 65534;

class Container : public api::Test
{
protected:
	void SetUp() override
	{
		api::Test::SetUp();
		SKIP_UNLESS_ROOT();
		for (int kind : { CLONE_NEWPID, CLONE_NEWUSER }) {
			Child trial([&](Line &) { _exit(unshare(kind) ? 77 : 0); });

			if (trial.wait())
				GTEST_SKIP() << "a namespace of its own was refused";
		}
	}

	// As the first process of a namespace of pids.
	template <typename F>
	static void as_first(Line &up, F &&body)
	{
		int status = -1;

		ASSERT_EQ(unshare(CLONE_NEWPID), 0);
		pid_t first = fork();
		if (!first) {
			ASSERT_EQ(getpid(), 1);
			body(up);
			_exit(::testing::Test::HasFailure());
		}
		ASSERT_EQ(waitpid(first, &status, 0), first);
		_exit(status ? 1 : 0);
	}

	static void write_to(const char *path, const std::string &text)
	{
		int fd = open(path, O_WRONLY);

		ASSERT_GE(fd, 0) << path;
		ASSERT_EQ(write(fd, text.data(), text.size()), ssize_t(text.size())) << path;
		close(fd);
	}

	// Becomes the root of a namespace of users, whose only one is @uid.
	static void become_root_over(uid_t uid)
	{
		ASSERT_EQ(prctl(PR_SET_DUMPABLE, 1), 0);
		ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
		write_to("/proc/self/setgroups", "deny");
		write_to("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
		write_to("/proc/self/gid_map", "0 " + std::to_string(uid) + " 1");
		ASSERT_EQ(geteuid(), 0u);
	}
};

// holds: pidns.messages, pidns.pid
TEST_F(Container, OfPidsSendsAndReceivesAsOthersDo)
{
	Queue outer(ctx, 4);
	Child inner([&](Line &up) {
		as_first(up, [&](Line &line) {
			Context own;
			Queue queue(own, 4);
			msgqipc_info info;
			char msg[64];

			ASSERT_SUCC(msgqipc_send(own, &outer.addr, "inside", 6));
			line.say(queue.addr);
			line.hear();
			EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 7);
			if (api::by_module(own)) {
				ASSERT_TRUE(api::seen(own, queue.addr, &info));
				EXPECT_EQ(info.pid, 1u);
				ASSERT_TRUE(api::seen(own, outer.addr, &info));
				EXPECT_EQ(info.pid, 0u);
			}
			line.say();
			line.hear();
		});
	});
	msgqipc_addr addr = inner.line.hear<msgqipc_addr>();
	msgqipc_info info;
	char msg[64];

	EXPECT_EQ(msgqipc_recv(ctx, outer, msg, sizeof(msg)), 6);
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "outside", 7));
	inner.line.say();
	inner.line.hear();
	ASSERT_TRUE(api::seen(ctx, addr, &info));
	EXPECT_GT(info.pid, 1u);
	inner.line.say();
	inner.finish();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
}

// Its first process ends, and the kernel kills all others with it.
// holds: death.owner
TEST_F(Container, OfPidsThatIsTornDownLeavesNothing)
{
	Child inner([](Line &up) {
		as_first(up, [](Line &line) {
			pid_t second = fork();

			if (!second) {
				Context own;
				Queue queue(own, 4);

				line.say(queue.addr);
				pause();
			}
			line.hear();
		});
	});
	msgqipc_addr addr = inner.line.hear<msgqipc_addr>();

	ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	inner.line.say();
	// The first is waited for when all others are gone.
	inner.finish();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
}

// holds: userns.rights, userns.ids
TEST_F(Container, OfUsersGivesItsRootNoRightsOverOthers)
{
	mode_t before = umask(077);
	Queue shut(ctx, 4);
	umask(0);
	Queue open(ctx, 4);
	umask(before);
	Child alice([&](Line &up) {
		api::become(api::ALICE, api::ALICE);
		ASSERT_NO_FATAL_FAILURE(become_root_over(api::ALICE));
		Context own;
		Queue queue(own, 4);
		msgqipc_info info;

		EXPECT_ERR(ACCES, msgqipc_send(own, &shut.addr, "x", 1));
		EXPECT_FALSE(api::seen(own, shut.addr));
		EXPECT_SUCC(msgqipc_send(own, &open.addr, "x", 1));
		if (api::by_module(own)) {
			ASSERT_TRUE(api::seen(own, open.addr, &info));
			EXPECT_EQ(info.uid, OVERFLOW_ID);
			ASSERT_TRUE(api::seen(own, queue.addr, &info));
			EXPECT_EQ(info.uid, 0u);
		}
		up.say(queue.addr);
		up.hear();
	});
	msgqipc_addr addr = alice.line.hear<msgqipc_addr>();
	msgqipc_info info;

	EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	ASSERT_TRUE(api::seen(ctx, addr, &info));
	EXPECT_EQ(info.uid, uint32_t(api::ALICE));
	alice.line.say();
	alice.finish();
}

} // namespace
