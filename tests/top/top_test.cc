// SPDX-License-Identifier: MIT
// msgqctl top tells of a known load exactly what it was.
#include <sched.h>

#include "command.h"
#include "load.h"

namespace
{

using namespace top;

using Top = Traced;
using TopProbed = Told;

/* For jq: one queue's row of a frame, and one sender's. */
std::string row(const Load &load)
{
	return "(.queues[] | select(.key == \"" + load.name() + "\"))";
}

std::string sender(pid_t pid)
{
	return "(.senders[] | select(.pid == " + std::to_string(pid) + "))";
}

TEST_F(TopProbed, TellsWhatWasSent)
{
	Command top({ "top", "-bJ", "-d", "0.2" });

	ASSERT_TRUE(top.says(top.out(), "\n")) << top.said();
	Load load;
	load.run();
	load.close();
	EXPECT_EQ(top.end(SIGTERM), 0) << top.said();

	const std::string sent = std::to_string(SENT), refused = std::to_string(REFUSED);

	EXPECT_EQ(top.jq(".[-1] | [.tracepoints, (.probes | length), .unseen, .lost], "
			 "(" +
			 row(load) +
			 " | [.state, .pid, .sent, .received, .refused, .reaped, "
			 ".revoked, .wakes_of_sleepers, .waits, ([.waits_below_us[]] | add)]), "
			 "(" +
			 sender(load.filler) +
			 " | [.sent, .bytes, .refused, .reaped]), "
			 "(" +
			 sender(load.killed) +
			 " | [.sent, .bytes, .refused, .reaped]), "
			 "(" +
			 sender(load.claimer) +
			 " | [.sent, .reaped]), "
			 "(" +
			 sender(load.waker) + " | [.sent, .wakes > 0])"),
		  "[true,1,[],0]\n"
		  "[\"gone\"," +
			  std::to_string(getpid()) + "," + sent + "," + sent + "," + refused +
			  ",1,0,1,1,1]\n"
			  "[8,80," +
			  refused +
			  ",0]\n"
			  "[3,30,0,0]\n"
			  "[0,1]\n"
			  "[1,true]")
		<< top.said();
}

TEST_F(Top, TellsOfQueuesThatTheKernelSendsTo)
{
	constexpr int MESSAGES = 20;
	Command top({ "top", "-bJ", "-d", "0.2" });

	ASSERT_TRUE(top.says(top.out(), "\n")) << top.said();
	Load load(MSGQIPC_CREATE_MEDIATED);
	load.burst(MESSAGES);
	EXPECT_EQ(top.end(SIGTERM), 0) << top.said();
	/* Once, though the library's probes tell of them as well. */
	EXPECT_EQ(top.jq(".[-1] | (" + row(load) + " | [.sent, .received, .refused]), (" +
			 sender(getpid()) + " | [.sent, .bytes])"),
		  "[20,20,0]\n[20,200]")
		<< top.said();
}

TEST_F(Top, TellsOfClaimsThatAreRevoked)
{
	Command top({ "top", "-bJ", "-d", "0.2" });

	ASSERT_TRUE(top.says(top.out(), "\n")) << top.said();
	Load load;
	load.stall();
	EXPECT_EQ(top.end(SIGTERM), 0) << top.said();
	/* Its receiver has slept for long, and now and then looked: nobody woke it for that. */
	EXPECT_EQ(top.jq(".[-1] | " + row(load) + " | [.sent, .reaped, .revoked, .wakes <= 3]"),
		  "[0,1,1,true]")
		<< top.said();
}

TEST_F(TopProbed, ShowsNothingOfOtherNamespaces)
{
	Command top({ "top", "-bJ", "-d", "0.2" });
	int status = -1;

	ASSERT_TRUE(top.says(top.out(), "\n")) << top.said();
	pid_t child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNET))
			_exit(1);
		Load load;
		load.burst(10);
		_exit(testing::Test::HasFailure());
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(status, 0);
	Load load;
	load.burst(1);
	EXPECT_EQ(top.end(SIGTERM), 0) << top.said();
	EXPECT_EQ(top.jq(".[-1] | ([.queues[].sent] | add), [.senders[].pid]"),
		  "1\n[" + std::to_string(getpid()) + "]")
		<< top.said();
}

TEST_F(Top, WithoutProbesTellsWhatTheListDoes)
{
	Command top({ "top", "-bJ", "-d", "0.2", "--no-probes" });

	ASSERT_TRUE(top.says(top.out(), "\n")) << top.said();
	Load load;
	load.run();
	EXPECT_EQ(top.end(SIGTERM), 0) << top.said();

	EXPECT_EQ(top.jq(".[-1] | [.tracepoints, .probes, (.unseen | length)], "
			 "(" +
			 row(load) +
			 " | [.state, .sent, .received, .refused, .reaped, .waits]), "
			 "([.senders[].sent] | add)"),
		  "[true,[],1]\n"
		  "[\"active\"," +
			  std::to_string(SENT) + "," + std::to_string(SENT) + "," +
			  std::to_string(REFUSED) + ",1,1]\n0")
		<< top.said();
}

TEST_F(Top, OfALibraryWithoutProbesSaysSo)
{
	Command top({ "top", "-b", "-n", "1", "-l", "/bin/sh" });

	EXPECT_EQ(top.end(), 0);
	EXPECT_NE(top.said().find("Cannot see send, refused, recv of /"), std::string::npos)
		<< top.said();
	EXPECT_NE(top.said().find("no such probe"), std::string::npos) << top.said();
}

TEST(TopAnywhere, WithoutRightsShowsTheList)
{
	constexpr int UNREACHABLE = 77;
	Load load;

	if (getuid() != 0)
		GTEST_SKIP() << "takes root, to be somebody else";
	pid_t child = fork();

	if (child == 0) {
		const char *build = getenv("BUILD");
		/* The library is found by the whole path. */
		char *whole = realpath(build ? build : "build", nullptr);
		[[maybe_unused]] int error = setgid(65534) || setuid(65534);

		if (!whole || access(whole, X_OK))
			_exit(UNREACHABLE);
		Command top({ "top", "-bJ", "-n", "1" });
		bool right = top.end() == 0 &&
			     top.jq(".[-1] | [.tracepoints, .probes], " + row(load) + ".depth") ==
				     "[false,[]]\n0" &&
			     top.said().find("be root") != std::string::npos;

		if (!right)
			fputs(top.said().c_str(), stderr);
		_exit(right ? 0 : 1);
	}
	int status = -1;
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == UNREACHABLE)
		GTEST_SKIP() << "somebody else may not look into the directory of the build";
	EXPECT_EQ(status, 0);
}

} // namespace
