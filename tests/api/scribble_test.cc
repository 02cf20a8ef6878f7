// SPDX-License-Identifier: MIT
// What the calls answer when a sender has written to the ring what it should
// not have; tests/ring has all the ways in which it can.
#include "fixture.h"
#include "processes.h"

#include <cstdio>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class Scribble : public api::Test
{
protected:
	Queue queue{ ctx, 8 };
	char msg[64];

	// All that a sender can write to is the slots of the queue.
	static size_t overwrite_shared_memory()
	{
		FILE *maps = fopen("/proc/self/maps", "r");
		char line[512], rights[8], path[256];
		unsigned long begin, end;
		size_t bytes = 0;

		while (maps && fgets(line, sizeof(line), maps)) {
			*path = 0;
			if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &begin, &end, rights,
				   path) < 3 ||
			    strcmp(rights, "rw-s") != 0 || !strstr(path, "msgq"))
				continue;
			memset(reinterpret_cast<void *>(begin), 0xa5, end - begin);
			bytes += end - begin;
		}
		if (maps)
			fclose(maps);
		return bytes;
	}

	void SetUp() override
	{
		api::Test::SetUp();
		Child([&](Line &) {
			Context own;

			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
			EXPECT_GT(overwrite_shared_memory(), 8u * 64u);
		}).finish();
	}
};

// holds: recv.failure
TEST_F(Scribble, IsToldToTheReceiver)
{
	EXPECT_ERR(FAILURE, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_ERR(FAILURE, msgqipc_peek(ctx, queue, msg, sizeof(msg), 0));
	queue.block();
	EXPECT_ERR(FAILURE, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_ERR(FAILURE, msgqipc_recv_timeout(ctx, queue, msg, sizeof(msg), -1));
	EXPECT_SUCC(msgqipc_close(ctx, queue, 0));
}

// holds: deactivate.failure
TEST_F(Scribble, IsToldToWhoDeactivates)
{
	EXPECT_ERR(FAILURE, msgqipc_deactivate(ctx, queue));
	EXPECT_SUCC(msgqipc_close(ctx, queue, 0));
}

// holds: send.failure
TEST_F(Scribble, LetsSendsEndAndOtherQueuesBe)
{
	Context late;
	Queue other(ctx);

	for (int again = 0; again < 3; again++) {
		EXPECT_TRUE(msgqipc_send(late, &queue.addr, "x", 1));
		EXPECT_TRUE(msgqipc_poke(late, &queue.addr));
	}
	EXPECT_SUCC(msgqipc_send(late, &other.addr, "x", 1));
	EXPECT_EQ(msgqipc_recv(ctx, other, msg, sizeof(msg)), 1);
}

} // namespace
