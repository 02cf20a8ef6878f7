// SPDX-License-Identifier: MIT
// Threads that end while their process goes on, in whatever way they do.
#include "fixture.h"
#include "processes.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <thread>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

constexpr uint32_t ENTRIES = 4;

enum End { RETURN, PTHREAD_EXIT, SYSTEM_CALL };

const char *const names[] = { "Returns", "CallsPthreadExit", "IsEndedByTheKernel" };

class LoneThread : public ::testing::TestWithParam<End>
{
protected:
	Context ctx;

	struct Left {
		End how;
		msgqipc_key key;
		msgqipc_addr addr;
	};

	// Leaves a context behind, with a queue and an attachment.
	static void *leave(void *arg)
	{
		auto *left = static_cast<Left *>(arg);
		msgqipc_ctx *own = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

		EXPECT_SUCC(own);
		Queue queue(own, ENTRIES, left->key);
		left->addr = queue.addr;
		EXPECT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
		if (left->how == PTHREAD_EXIT)
			pthread_exit(nullptr);
		// A join does not wait for it in the C library, but for the kernel's word.
		if (left->how == SYSTEM_CALL)
			syscall(SYS_exit, 0);
		return nullptr;
	}

	void SetUp() override
	{
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
	}
};

// holds: ctx.thread-queues
TEST_P(LoneThread, LeavesItsQueuesToTheEndOfItsProcess)
{
	msgqipc_key key = api::unique_key();
	Child process([&](Line &up) {
		Left left = { GetParam(), key, {} };
		pthread_t thread;

		ASSERT_EQ(pthread_create(&thread, nullptr, leave, &left), 0);
		ASSERT_EQ(pthread_join(thread, nullptr), 0);
		up.say(left.addr);
		up.hear();
	});
	msgqipc_addr addr = process.line.hear<msgqipc_addr>(), found;

	ASSERT_SUCC(api::lookup(ctx, key, &found));
	EXPECT_TRUE(api::same(found, addr));
	for (uint32_t each = 1; each < ENTRIES; each++)
		EXPECT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &addr, "x", 1));
	process.line.say();
	process.finish();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
	EXPECT_ERR(NOTFOUND, api::lookup(ctx, key, &found));
}

INSTANTIATE_TEST_SUITE_P(That, LoneThread, ::testing::Values(RETURN, PTHREAD_EXIT, SYSTEM_CALL),
			 [](const auto &how) { return names[how.param]; });

// A process is not dead while one of its threads lives.
// holds: ctx.thread-queues
TEST(FirstThread, LeavesTheOthersTheirQueues)
{
	Context ctx;
	Child process([](Line &up) {
		std::thread other([&up] {
			Context own;
			Queue queue(own, ENTRIES);
			char msg[64];

			// By the time of the word, the first thread is a zombie.
			while (api::state_of(getpid()) != 'Z')
				usleep(100);
			queue.block();
			up.say(queue.addr);
			EXPECT_EQ(msgqipc_recv_timeout(own, queue, msg, sizeof(msg), -1), 5);
			up.say();
			up.hear();
			_exit(::testing::Test::HasFailure());
		});
		other.detach();
		syscall(SYS_exit, 0);
	});
	msgqipc_addr addr = process.line.hear<msgqipc_addr>();

	EXPECT_SUCC(msgqipc_send(ctx, &addr, "hello", 5));
	process.line.hear();
	EXPECT_SUCC(msgqipc_send(ctx, &addr, "hello", 5));
	process.line.say();
	process.finish();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
}

} // namespace
