// SPDX-License-Identifier: MIT
// msgqctl trace shows each event of a known load, once, and counts what it lost.
#include "command.h"
#include "load.h"

namespace
{

using namespace top;

using Trace = Told;

const char ready[] = "tracing; ";

TEST_F(Trace, ShowsEachEventOnce)
{
	Command trace({ "trace", "-Jm" });

	ASSERT_TRUE(trace.says(trace.err(), ready)) << trace.said();
	Load load;
	load.run();
	load.close();
	EXPECT_EQ(trace.end(SIGTERM), 0) << trace.said();

	const std::string of = "(map(select(.key == \"" + load.name() + "\")) | ";
	const std::string by_us = ".task == " + std::to_string(getpid());
	std::string program, expected;
	auto expect = [&](const std::string &condition, int times) {
		program += (program.empty() ? "" : ", ") + of + "map(select(" + condition +
			   ")) | length)";
		expected += (expected.empty() ? "" : "\n") + std::to_string(times);
	};

	expect(".name == \"create\" and .entries == 8 and " + by_us, 1);
	expect(".name == \"activate\"", 1);
	expect(".name == \"send\" and .source == \"library\" and .len == 10", SENT);
	expect(".name == \"recv\" and .len == 10 and " + by_us, SENT);
	expect(".name == \"refused\" and .error == \"RNR\"", REFUSED);
	expect(".name == \"attach\"", 4);
	expect(".name == \"reap\" and .cancelled == 1 and .pid == " + std::to_string(load.claimer),
	       1);
	expect(".name == \"reap\" and .cancelled == 0 and .pid == " + std::to_string(load.killed),
	       1);
	expect(".name == \"wake\" and .slept == 1 and .pid == " + std::to_string(load.waker), 1);
	expect(".name == \"waited\" and .result == \"ok\"", 1);
	expect(".name == \"close\" and .depth == 0", 1);
	EXPECT_EQ(trace.jq(program), expected) << program << trace.said();
	/* None is missing, and they are as they happened, which the positions tell. */
	EXPECT_EQ(trace.jq("(map(select(.name == \"lost\")) | length), "
			   "(map(select(.name == \"recv\").position) | . == sort)"),
		  "0\ntrue");
}

TEST_F(Trace, FiltersAndCounts)
{
	Load load;
	Command trace({ "trace", "-J", "-e", "send,reap", "-k", load.name(), "-n",
			std::to_string(SENT + 1) });

	ASSERT_TRUE(trace.says(trace.err(), ready)) << trace.said();
	{
		Load other;

		other.burst(10);
		load.run();
	}
	/* It ends by itself, after a sender's last event. */
	trace.says(trace.err(), "events shown");
	EXPECT_EQ(trace.jq("([.[].name] | unique), length"),
		  "[\"reap\",\"send\"]\n" + std::to_string(SENT + 1))
		<< trace.said();
	EXPECT_EQ(trace.end(), 0);
}

TEST_F(Trace, ShowsOneQueueOrOneProcess)
{
	Load load, other;
	Command queue({ "trace", "-Jm", "-q", load.number() });
	Command process({ "trace", "-Jm", "-p", std::to_string(getpid()) });

	ASSERT_TRUE(queue.says(queue.err(), ready)) << queue.said();
	ASSERT_TRUE(process.says(process.err(), ready)) << process.said();
	load.run();
	other.burst(10);
	EXPECT_EQ(queue.end(SIGTERM), 0) << queue.said();
	EXPECT_EQ(process.end(SIGTERM), 0) << process.said();

	EXPECT_EQ(queue.jq("([.[].id] | unique), (map(select(.name == \"send\")) | length)"),
		  "[" + load.number() + "]\n" + std::to_string(SENT))
		<< queue.said();
	/* What it did, or what is about it: the sender that wakes it is somebody else. */
	EXPECT_EQ(process.jq("([.[] | select(.task != " + std::to_string(getpid()) +
			     ").name] | unique), (map(select(.name == \"send\")) | length), "
			     "(map(select(.name == \"recv\")) | length)"),
		  "[\"wake\"]\n10\n" + std::to_string(SENT + 10))
		<< process.said();
}

TEST_F(Trace, TellsWhoSendsAndWhatIsRevoked)
{
	Command trace({ "trace", "-J" });

	ASSERT_TRUE(trace.says(trace.err(), ready)) << trace.said();
	Load mediated(MSGQIPC_CREATE_MEDIATED), stalled;
	mediated.burst(3);
	stalled.stall();
	EXPECT_EQ(trace.end(SIGTERM), 0) << trace.said();
	EXPECT_EQ(trace.jq("([.[] | select(.name == \"send\" and .key == \"" + mediated.name() +
			   "\") | [.source, .result, .len]] | unique[], length), "
			   "([.[] | select(.name == \"revoke\" and .key == \"" +
			   stalled.name() + "\") | [.pid, .cancelled]][])"),
		  "[\"module\",\"ok\",10]\n3\n[" + std::to_string(stalled.claimer) + ",1]")
		<< trace.said();
}

TEST_F(Trace, CountsWhatItLost)
{
	const int messages = 3000;
	Load load;
	Command trace({ "trace", "-J", "-e", "send,recv", "-k", load.name(), "--buffer", "4" });

	ASSERT_TRUE(trace.says(trace.err(), ready)) << trace.said();
	trace.hold(true);
	load.burst(messages);
	trace.hold(false);
	EXPECT_EQ(trace.end(SIGTERM), 0) << trace.said();
	EXPECT_EQ(trace.jq("([.[] | select(.name == \"lost\").count] | add > 0), "
			   "([.[] | .count // 1] | add)"),
		  "true\n" + std::to_string(2 * messages));
}

TEST(TraceAnywhere, RefusesWhatItDoesNotKnow)
{
	Command trace({ "trace", "-e", "frob" });

	EXPECT_EQ(WEXITSTATUS(trace.end()), 2);
	EXPECT_NE(trace.said().find("'frob'"), std::string::npos) << trace.said();
	EXPECT_NE(trace.said().find("wake"), std::string::npos) << trace.said();
}

} // namespace
