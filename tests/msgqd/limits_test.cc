// SPDX-License-Identifier: MIT
/* The limits of users, which msgqd's options set. */
#include "served.h"

#include <algorithm>
#include <fstream>
#include <functional>

#include <grp.h>
#include <sys/stat.h>

#include <msgqipc.h>

namespace
{

class Limits : public Served
{
protected:
	static constexpr uid_t USER = 31001;

	Limits()
	{
		options = { "--user-queues", "3",     "--user-contexts",    "2",
			    "--user-bytes",  "60000", "--user-attachments", "2" };
	}

	void SetUp() override
	{
		Served::SetUp();
		ASSERT_EQ(chmod(directory, 0755), 0);
	}

	/* In a process of a user that is not root. Its failures are the test's. */
	static void as_user(const std::function<void()> &body)
	{
		pid_t child = fork();

		if (!child) {
			if (!geteuid() && (setgroups(0, nullptr) || setgid(USER) || setuid(USER)))
				_exit(2);
			body();
			fflush(nullptr);
			_exit(HasFailure() ? 1 : 0);
		}
		EXPECT_EQ(ended(child), 0);
	}

	static msgqipc_ctx *ini()
	{
		return msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
	}

	/* The call before it was refused for the limit that @option sets to @value. */
	static void expect_nores(const std::string &option, const std::string &value)
	{
		std::string detail = msgqipc_error_detail();

		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NORES) << detail;
		EXPECT_NE(detail.find("msgqd " + option), std::string::npos) << detail;
		EXPECT_NE(detail.find("accepted: " + value + " "), std::string::npos) << detail;
	}

	/* Without the asking connection's own context. */
	void expect_used(uint64_t contexts, uint64_t queues, uint64_t attachments)
	{
		as_user([&] {
			Connection asker(path);
			msgq_limits limits{};

			asker.greet();
			ASSERT_EQ(asker.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
			EXPECT_EQ(limits.uid, geteuid());
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_CONTEXTS].used, contexts + 1);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_CONTEXTS].max, 2u);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_QUEUES].used, queues);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_QUEUES].max, 3u);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_BYTES].used, queues * 3 * 4096);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_BYTES].max, 60000u);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_ATTACHMENTS].used, attachments);
			EXPECT_EQ(limits.limit[MSGQ_LIMIT_ATTACHMENTS].max, 2u);
		});
	}
};

// holds: limit.nores
TEST_F(Limits, AreNoresAndNamed)
{
	as_user([] {
		msgqipc_ctx *ctx = ini();
		msgqipc_addr addr[3];

		ASSERT_NE(ctx, nullptr);
		EXPECT_EQ(msgqipc_create(ctx, 0, addr, 10000, 0, 0), nullptr);
		expect_nores("--user-bytes", "60000");
		for (msgqipc_addr &each : addr) {
			msgqipc_queue *queue = msgqipc_create(ctx, 0, &each, 1, 0, 0);

			ASSERT_NE(queue, nullptr);
			ASSERT_EQ(msgqipc_activate(ctx, queue), 0);
		}
		EXPECT_EQ(msgqipc_create(ctx, 0, addr, 1, 0, 0), nullptr);
		expect_nores("--user-queues", "3");
		EXPECT_EQ(msgqipc_send(ctx, &addr[0], "x", 1), 0);
		EXPECT_EQ(msgqipc_send(ctx, &addr[1], "x", 1), 0);
		EXPECT_EQ(msgqipc_send(ctx, &addr[2], "x", 1), -1);
		expect_nores("--user-attachments", "2");
		EXPECT_EQ(msgqipc_destroy(ctx), 0);
	});
}

/* Again and again: the daemon is sometimes quicker than the library's first request. */
// holds: limit.nores
TEST_F(Limits, OfContextsAreToldToWhoConnects)
{
	as_user([] {
		msgqipc_ctx *one = ini(), *two = ini();

		ASSERT_TRUE(one && two);
		for (int i = 0; i < 500; i++) {
			ASSERT_EQ(ini(), nullptr);
			expect_nores("--user-contexts", "2");
			ASSERT_FALSE(HasFailure()) << i;
		}
		EXPECT_EQ(msgqipc_destroy(one), 0);
		one = ini();
		EXPECT_NE(one, nullptr) << msgqipc_error_detail();
		EXPECT_EQ(msgqipc_destroy(one), 0);
		EXPECT_EQ(msgqipc_destroy(two), 0);
	});
}

/* Of a connection that is turned down the daemon keeps nothing. */
TEST_F(Limits, TurnDownWhoeverHasTooManyConnections)
{
	as_user([this] {
		Connection one(path), two(path);

		one.greet();
		two.greet();
		for (int i = 0; i < 10; i++) {
			Connection third(path);
			msgq_hello hello{};

			/* Says nothing by itself. */
			EXPECT_EQ(third.raw({}).header.error, -EDQUOT);
			EXPECT_EQ(third.ask(MSGQ_IOC_HELLO, hello).bytes, 0);
		}
	});
}

// holds: limit.root
TEST_F(Limits, DoNotHoldRoot)
{
	if (geteuid())
		GTEST_SKIP() << "only root can connect as root";
	msgqipc_ctx *ctx[3];

	for (msgqipc_ctx *&each : ctx) {
		each = ini();
		ASSERT_NE(each, nullptr) << msgqipc_error_detail();
	}
	for (int i = 0; i < 5; i++)
		EXPECT_NE(msgqipc_create(ctx[0], 0, nullptr, 1000, 0, 0), nullptr);
	for (msgqipc_ctx *each : ctx)
		EXPECT_EQ(msgqipc_destroy(each), 0);
}

// holds: limit.back
TEST_F(Limits, AreGivenBackByKill)
{
	int ready[2];
	char byte;

	ASSERT_EQ(pipe(ready), 0);
	pid_t child = fork();
	if (!child) {
		if (!geteuid() && (setgroups(0, nullptr) || setgid(USER) || setuid(USER)))
			_exit(2);
		msgqipc_ctx *ctx = ini();
		msgqipc_addr addr;

		for (int i = 0; i < 2; i++) {
			msgqipc_queue *queue = msgqipc_create(ctx, 0, &addr, 1, 0, 0);

			msgqipc_activate(ctx, queue);
			msgqipc_send(ctx, &addr, "x", 1);
		}
		byte = msgqipc_get_error() == MSGQIPC_ERR_SUCC;
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(read(ready[0], &byte, 1), 1);
	EXPECT_TRUE(byte);
	expect_used(1, 2, 2);
	kill(child, SIGKILL);
	waitpid(child, nullptr, 0);
	expect_used(0, 0, 0);
	close(ready[0]);
	close(ready[1]);
}

/* None of the options given: a user has room, of the same size as with the module. */
class DefaultLimits : public Limits
{
protected:
	DefaultLimits()
	{
		options.clear();
	}
};

TEST_F(DefaultLimits, LeaveRoom)
{
	as_user([this] {
		Connection asker(path);
		msgq_limits limits{};

		asker.greet();
		ASSERT_EQ(asker.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
		for (int i = 0; i < 4; i++)
			EXPECT_GT(limits.limit[i].max, 10000u) << i;
	});
}

/* Three for each queue; with those of one user there are some left for the others. */
TEST_F(DefaultLimits, LeaveMappings)
{
	as_user([this] {
		std::ifstream file("/proc/sys/vm/max_map_count");
		uint64_t mappings = 0;
		Connection asker(path);
		msgq_limits limits{};

		file >> mappings;
		asker.greet();
		ASSERT_EQ(asker.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
		EXPECT_EQ(limits.limit[MSGQ_LIMIT_QUEUES].max,
			  std::min<uint64_t>(65536, mappings / 6));
	});
}

class ManyQueues : public Limits
{
protected:
	ManyQueues()
	{
		options = { "--user-queues", "4000000000" };
	}
};

TEST_F(ManyQueues, AreWhatWasAskedFor)
{
	as_user([this] {
		Connection asker(path);
		msgq_limits limits{};

		asker.greet();
		ASSERT_EQ(asker.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
		EXPECT_EQ(limits.limit[MSGQ_LIMIT_QUEUES].max, 4000000000u);
	});
}

} // namespace
