// SPDX-License-Identifier: MIT
#include "fixture.h"
#include "processes.h"

#include <ctime>
#include <map>
#include <sys/stat.h>

using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

class List : public api::Test
{
};

// holds: list.fields
TEST_F(List, TellsAllThereIsToKnow)
{
	msgqipc_key key = api::unique_key();
	mode_t before = umask(027);
	Queue queue(ctx, 7, key, 0xc0ffee1234567890u);
	Context one, two;
	msgqipc_info info;
	uint64_t now = uint64_t(time(nullptr)) * 1000000000u;
	char msg[64];

	umask(before);
	ASSERT_SUCC(msgqipc_send(one, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_send(two, &queue.addr, "x", 1));
	for (int each = 0; each < 3; each++)
		ASSERT_SUCC(msgqipc_send(one, &queue.addr, "x", 1));
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));

	ASSERT_TRUE(api::seen(one, queue.addr, &info));
	EXPECT_EQ(info.key, key);
	EXPECT_EQ(info.cookie, 0xc0ffee1234567890u);
	EXPECT_EQ(info.entries, 7u);
	EXPECT_EQ(info.depth, 3u);
	EXPECT_EQ(info.received, 2u);
	EXPECT_EQ(info.active, 1u);
	EXPECT_EQ(info.senders, 2u);
	EXPECT_EQ(info.waiting, 0u);
	EXPECT_EQ(info.pid, uint32_t(getpid()));
	EXPECT_EQ(info.uid, geteuid());
	EXPECT_EQ(info.gid, getegid());
	EXPECT_EQ(info.creator_uid, geteuid());
	EXPECT_EQ(info.creator_gid, getegid());
	EXPECT_EQ(info.mode, 0640u);
	EXPECT_GE(info.bytes, 7u * 72u);
	// An hour's slack tells a clock since the epoch from all others.
	EXPECT_GT(info.created_ns, now - 3600000000000u);
	EXPECT_LT(info.created_ns, now + 3600000000000u);
}

// holds: list.follows
TEST_F(List, FollowsWhatHappensToAQueue)
{
	msgqipc_key key = api::unique_key();
	Queue queue(ctx, 4, key);
	msgqipc_info info;
	{
		Context passing;

		ASSERT_SUCC(msgqipc_send(passing, &queue.addr, "x", 1));
		ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
		EXPECT_EQ(info.senders, 1u);
	}
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	ASSERT_SUCC(api::unlink(ctx, key));
	ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
	EXPECT_EQ(info.senders, 0u);
	EXPECT_EQ(info.active, 0u);
	EXPECT_EQ(info.key, 0u);
	EXPECT_EQ(info.depth, 1u);
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_FALSE(api::seen(ctx, queue.addr));
}

// holds: list.fields
TEST_F(List, CountsAFullQueueAsFull)
{
	Queue queue(ctx, 3);
	msgqipc_info info;

	for (int each = 0; each < 3; each++)
		ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	ASSERT_TRUE(api::seen(ctx, queue.addr, &info));
	EXPECT_EQ(info.depth, 3u);
}

// holds: list.fields
TEST_F(List, ShowsAReceiverThatSleeps)
{
	Child receiver([&](Line &up) {
		Context own;
		Queue queue(own);
		char msg[64];

		queue.block();
		up.say(queue.addr);
		EXPECT_EQ(msgqipc_recv(own, queue, msg, sizeof(msg)), 1);
		up.say();
		up.hear();
	});
	msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();
	msgqipc_info info;

	api::await_sleeper(ctx, addr);
	ASSERT_TRUE(api::seen(ctx, addr, &info));
	EXPECT_EQ(info.pid, uint32_t(receiver.pid()));
	ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	receiver.line.hear();
	ASSERT_TRUE(api::seen(ctx, addr, &info));
	EXPECT_EQ(info.waiting, 0u);
	receiver.line.say();
	receiver.finish();
}

// holds: list.pages
TEST_F(List, OfAHundredQueuesComesInPagesOfAnySize)
{
	std::map<uint64_t, uint32_t> entries;
	uint64_t cookies = api::unique_key() & ~0xffull;

	for (uint32_t each = 0; each < 100; each++) {
		ASSERT_SUCC(msgqipc_create(ctx, each % 2 ? api::unique_key() : 0, nullptr, each + 1,
					   cookies + each, 0));
		entries[cookies + each] = each + 1;
	}
	for (uint32_t room : { 1u, 7u, 99u, 1000u }) {
		std::map<uint64_t, int> times;

		SCOPED_TRACE(room);
		for (const msgqipc_info &info : api::list(ctx, room)) {
			if (!entries.count(info.cookie))
				continue;
			times[info.cookie]++;
			EXPECT_EQ(info.entries, entries[info.cookie]);
			EXPECT_EQ(info.key != 0, (info.cookie - cookies) % 2 == 1);
		}
		EXPECT_EQ(times.size(), 100u);
		for (auto [cookie, count] : times)
			EXPECT_EQ(count, 1) << cookie - cookies;
	}
}

// holds: list.room
TEST_F(List, WritesNoMoreThanThereIsRoomFor)
{
	Queue one(ctx), two(ctx);
	msgqipc_info page[3];
	msgqipc_list request = { page, 2, 0 };
	uint8_t canary[sizeof(page[2])];

	memset(page, 0xc5, sizeof(page));
	memset(canary, 0xc5, sizeof(canary));
	ASSERT_SUCC(
		msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &request));
	EXPECT_EQ(request.count, 2u);
	EXPECT_FALSE(memcmp(&page[2], canary, sizeof(canary)));
}

// holds: list.pages
TEST_F(List, GoesOnPastQueuesThatCloseMeanwhile)
{
	std::vector<Queue> queues;
	msgqipc_info page[2];
	msgqipc_list request = { page, 2, 0 };
	bool last = false;

	for (int each = 0; each < 10; each++)
		queues.emplace_back(static_cast<msgqipc_ctx *>(ctx), 1u);
	do {
		request.info = page;
		request.count = 2;
		ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST,
					&request));
		for (uint32_t each = 0; each < request.count; each++) {
			last |= api::same(page[each].addr, queues.back().addr);
			if (!api::same(page[each].addr, queues[0].addr))
				continue;
			for (size_t middle = 0; middle < 9; middle++)
				ASSERT_SUCC(msgqipc_close(ctx, queues[middle], 0));
		}
	} while (request.count);
	EXPECT_TRUE(last);
}

} // namespace
