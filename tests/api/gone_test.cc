// SPDX-License-Identifier: MIT
// Gone means gone: what a process leaves behind when it ends is nothing.
#include "fixture.h"
#include "processes.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include <fcntl.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Gone : public api::Test
{
protected:
	msgqipc_key key = api::unique_key();
	msgqipc_addr addr = {};

	// For a child: a named queue that the parent has sent to.
	void own(Line &up, void (*end)(Line &))
	{
		Context ctx_of_child;
		Queue queue(ctx_of_child, 4, key);

		up.say(queue.addr);
		up.hear();
		end(up);
	}

	void attach(Child &owner)
	{
		msgqipc_addr found;

		addr = owner.line.hear<msgqipc_addr>();
		ASSERT_SUCC(api::lookup(ctx, key, &found));
		ASSERT_TRUE(api::same(found, addr));
		ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
		owner.line.say();
	}

	void expect_gone()
	{
		Context late;
		msgqipc_addr found;

		EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
		EXPECT_ERR(NOTFOUND, msgqipc_send(late, &addr, "x", 1));
		EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &found));
		EXPECT_FALSE(api::seen(ctx, addr));
		EXPECT_SUCC(msgqipc_create(ctx, key, nullptr, 1, 0, MSGQIPC_CREATE_EXCL));
	}
};

// holds: death.owner
TEST_F(Gone, IsWhatAProcessThatExitsLeaves)
{
	Child owner([&](Line &up) { own(up, [](Line &) { _exit(0); }); });

	attach(owner);
	owner.finish();
	expect_gone();
}

// holds: death.owner
TEST_F(Gone, IsWhatAProcessThatIsKilledLeaves)
{
	Child owner([&](Line &up) { own(up, [](Line &) { pause(); }); });

	attach(owner);
	owner.kill_and_wait();
	expect_gone();
}

// holds: death.owner
TEST_F(Gone, IsWhatAProcessThatExecsLeaves)
{
	Child owner([&](Line &up) {
		own(up, [](Line &line) {
			// The program that follows reads the line until it is hung up.
			dup2(line.descriptor(), STDIN_FILENO);
			execlp("cat", "cat", nullptr);
			_exit(1);
		});
	});

	attach(owner);
	// The exec happens at its own time, but happen it must.
	while (!msgqipc_send(ctx, &addr, "x", 1) || msgqipc_get_error() == MSGQIPC_ERR_RNR)
		usleep(100);
	expect_gone();
	EXPECT_EQ(kill(owner.pid(), 0), 0);
	owner.line.hang_up();
	owner.finish();
}

// The device's descriptor lives on in the grandchild.
// holds: death.forked
TEST_F(Gone, IsWhatAKilledProcessLeavesWithAForkedChildAlive)
{
	Child owner([&](Line &up) {
		own(up, [](Line &line) {
			pid_t grandchild = fork();

			if (!grandchild) {
				line.say();
				line.hear_out();
				_exit(0);
			}
			pause();
		});
	});

	attach(owner);
	owner.line.hear();
	owner.kill_and_wait();
	expect_gone();
	// It is still there to answer: a line that nobody holds refuses words.
	owner.line.say();
}

// holds: ctx.fork-end
TEST_F(Gone, IsNotWhatALivingProcessOwnsWhenItsForkedChildEnds)
{
	Child owner([&](Line &up) {
		own(up, [](Line &line) {
			pid_t grandchild = fork();

			if (!grandchild)
				_exit(0);
			waitpid(grandchild, nullptr, 0);
			line.say();
			line.hear();
		});
	});
	msgqipc_addr found;

	attach(owner);
	owner.line.hear();
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_SUCC(api::lookup(ctx, key, &found));
	owner.line.say();
	owner.finish();
	expect_gone();
}

// holds: death.owner
TEST_F(Gone, AreTheQueuesOfManyProcesses)
{
	for (int round = 0; round < 100; round++) {
		Child owner([&](Line &up) { own(up, [](Line &) { pause(); }); });

		ASSERT_NO_FATAL_FAILURE(attach(owner));
		owner.kill_and_wait();
		ASSERT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	}
	expect_gone();
}

// A dead sender is detached, and its place is free for the next.
// holds: death.place
TEST_F(Gone, AreTheSendersOfManyProcesses)
{
	Queue queue(ctx, 4);
	msgqipc_info info;
	char msg[64];

	for (int round = 0; round < 100; round++) {
		Child sender([&](Line &) {
			Context own_ctx;

			EXPECT_SUCC(msgqipc_send(own_ctx, &queue.addr, "x", 1));
		});
		sender.finish();
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 1);
	}
	ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
	EXPECT_EQ(info.senders, 0u);
	EXPECT_EQ(info.received, 100u);
}

// As a server answers clients that come and go.
// holds: death.let-go
TEST_F(Gone, AreQueuesThatWereSentToOnce)
{
	constexpr size_t LIVING = 30, ROUNDS = 1000;
	auto mappings = [] {
		std::ifstream maps("/proc/self/maps");

		return size_t(std::count(std::istreambuf_iterator<char>(maps), {}, '\n'));
	};
	Context clients;
	std::vector<Queue> living;
	size_t before, most = 0;
	char msg[64];

	for (size_t each = 0; each < LIVING; each++)
		living.emplace_back(clients, 4);
	for (const Queue &each : living)
		ASSERT_SUCC(msgqipc_send(ctx, &each.addr, "x", 1));
	before = mappings();
	for (size_t round = 0; round < ROUNDS; round++) {
		Queue queue(clients, 4);
		const Queue &other = living[round % LIVING];

		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_SUCC(msgqipc_close(clients, queue, 0));
		ASSERT_EQ(msgqipc_recv(clients, other, msg, sizeof(msg)), 1);
		ASSERT_SUCC(msgqipc_send(ctx, &other.addr, "y", 1));
		if (round % 10 == 0)
			most = std::max(most, mappings());
	}
	EXPECT_LT(most, before + 6 * LIVING);
}

} // namespace
