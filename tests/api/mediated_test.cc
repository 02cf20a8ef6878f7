// SPDX-License-Identifier: MIT
// What is different with a mediated queue; that all else is the same is for
// the other tests to say, with MSGQ_TEST_MEDIATED.
#include "mediated.h"
#include "message.h"
#include "processes.h"
#include "sender_id.h"
#include "watching.h"

#include "msgq/ring.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

using api::Child;
using api::Context;
using api::Line;
using Queue = api::MediatedQueue;

namespace
{

// This process's mappings of queues: how many bytes, and of those it can write the first.
struct Mapped {
	size_t bytes = 0;
	void *writable = nullptr;

	Mapped()
	{
		FILE *maps = fopen("/proc/self/maps", "r");
		char line[512], rights[8], path[256];
		unsigned long begin, end;

		while (maps && fgets(line, sizeof(line), maps)) {
			*path = 0;
			if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &begin, &end, rights,
				   path) < 3 ||
			    !strchr(rights, 's') || !strstr(path, "msgq"))
				continue;
			bytes += end - begin;
			if (strchr(rights, 'w') && !writable)
				writable = reinterpret_cast<void *>(begin);
		}
		if (maps)
			fclose(maps);
	}
};

uint64_t now_ns()
{
	timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return uint64_t(now.tv_sec) * 1000000000u + uint64_t(now.tv_nsec);
}

class Mediated : public api::Test
{
protected:
	char msg[64];

	// The id that peek tells of message @index.
	static std::string id_of(const Queue &queue, size_t index)
	{
		msgqipc_sendid id = {};
		char ignored[64];

		EXPECT_SUCC(msgqipc_load(MSGQIPC_API_V2)
				    ->v2->peek(queue.ctx, queue.queue, &id, ignored,
					       sizeof(ignored), index));
		return { reinterpret_cast<char *>(id.spc), id.len };
	}

	// Sleeps @times until a child's message comes, by @sleep; half of the times, or less, took
	// so long that only looking again can have found it.
	template <typename F>
	void expect_woken(const Queue &queue, F &&sleep)
	{
		constexpr int TIMES = 21;
		constexpr uint64_t SOON_NS = 50000000;
		Child sender([&](Line &up) {
			Context own;

			for (int each = 0; each < TIMES; each++) {
				uint64_t now;

				up.hear();
				usleep(10000);
				now = now_ns();
				ASSERT_SUCC(msgqipc_send(own, &queue.addr, &now, sizeof(now)));
			}
		});
		std::vector<uint64_t> took;

		for (int each = 0; each < TIMES; each++) {
			uint64_t sent = 0;

			sender.line.say();
			sleep(&sent);
			took.push_back(now_ns() - sent);
		}
		std::sort(took.begin(), took.end());
		EXPECT_LT(took[TIMES / 2], SOON_NS);
		sender.finish();
	}
};

// holds: mediated.answers
TEST_F(Mediated, AnswersAsAnyOther)
{
	Queue queue(ctx, 3);
	Context other;
	char bytes[65];

	for (size_t at = 0; at < sizeof(bytes); at++)
		bytes[at] = char(at + 1);
	for (size_t len = 0; len <= 64; len++) {
		ASSERT_SUCC(msgqipc_send(other, &queue.addr, bytes, len));
		memset(msg, 0, sizeof(msg));
		ASSERT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), ssize_t(len));
		EXPECT_FALSE(memcmp(msg, bytes, len)) << len;
	}
	EXPECT_ERR(SIZE, msgqipc_send(other, &queue.addr, bytes, 65));
	EXPECT_ERR(INVAL, msgqipc_send(other, &queue.addr, nullptr, 1));
	for (int each = 0; each < 3; each++) {
		EXPECT_SUCC(msgqipc_poke(other, &queue.addr));
		EXPECT_SUCC(msgqipc_send(each % 2 ? ctx : other, &queue.addr, &each, 4));
	}
	EXPECT_ERR(RNR, msgqipc_send(other, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
	EXPECT_ERR(RNR, msgqipc_poke(other, &queue.addr));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(other, &queue.addr, "x", 1));
	EXPECT_ERR(INACTIVE, msgqipc_poke(other, &queue.addr));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_ERR(RNR, msgqipc_send(other, &queue.addr, "x", 1));
	for (int each = 0; each < 3; each++) {
		int got;

		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, 4), 4);
		EXPECT_EQ(got, each);
	}
	EXPECT_SUCC(msgqipc_poke(other, &queue.addr));
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	for (int again = 0; again < 3; again++) {
		EXPECT_ERR(NOTFOUND, msgqipc_send(other, &queue.addr, "x", 1));
		EXPECT_ERR(NOTFOUND, msgqipc_poke(other, &queue.addr));
	}
}

// The last target is remembered, and a mediated one is not.
// holds: mediated.answers
TEST_F(Mediated, IsSentToInTurnsWithOthers)
{
	Queue mediated(ctx, 4), direct(ctx, 4, 0), another(ctx, 4);
	Context sender;
	const Queue *queues[] = { &mediated, &direct, &another };

	for (int each = 0; each < 300; each++) {
		const Queue &queue = *queues[each * 7 / 3 % 3];
		int got = -1;

		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, &each, sizeof(each)));
		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), ssize_t(sizeof(got)));
		ASSERT_EQ(got, each);
	}
}

// holds: mediated.unmapped
TEST_F(Mediated, IsNotMappedBySenders)
{
	Queue mediated(ctx), direct(ctx, 16, 0);
	Child([&](Line &) {
		Context own;
		size_t before = Mapped().bytes;

		ASSERT_SUCC(msgqipc_poke(own, &mediated.addr));
		ASSERT_SUCC(msgqipc_send(own, &mediated.addr, "x", 1));
		EXPECT_EQ(Mapped().bytes, before);
		ASSERT_SUCC(msgqipc_send(own, &direct.addr, "x", 1));
		EXPECT_GT(Mapped().bytes, before);
	}).finish();
}

// holds: mediated.identity
TEST_F(Mediated, TellsTheIdOfTheSenderWhereADirectOneTellsWhatItIsTold)
{
	for (bool direct : { true, false }) {
		Queue queue(ctx, 16, direct ? 0 : MSGQIPC_CREATE_MEDIATED);
		Context honest;

		SCOPED_TRACE(direct ? "direct" : "mediated");
		ASSERT_SUCC(api::set_sender_id(honest, "honest"));
		ASSERT_SUCC(msgqipc_send(honest, &queue.addr, "x", 1));
		Child liar([&](Line &up) {
			Context own;

			ASSERT_SUCC(api::set_sender_id(own, "liar"));
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "x", 1));
			auto *slot = static_cast<msgq_slot *>(Mapped().writable);

			EXPECT_EQ(!slot, !direct);
			if (slot)
				slot[1].word = (slot[1].word & ~uint64_t(MSGQ_SENDERS_MAX - 1)) |
					       msgq_word_sender(slot[0].word);
			up.say();
			up.hear_out();
		});

		liar.line.hear();
		EXPECT_EQ(id_of(queue, 0), "honest");
		EXPECT_EQ(id_of(queue, 1), direct ? "honest" : "liar");
		liar.line.hang_up();
		liar.finish();
	}
}

// holds: mediated.wakes
TEST_F(Mediated, WakesAReceiver)
{
	Queue queue(ctx);

	expect_woken(queue, [&](uint64_t *sent) {
		EXPECT_EQ(msgqipc_recv_timeout(ctx, queue, sent, sizeof(*sent), -1), 8);
	});
}

// holds: mediated.wakes
TEST_F(Mediated, WakesWhoIsArmed)
{
	Queue queue(ctx);

	expect_woken(queue, [&](uint64_t *sent) {
		while (msgqipc_recv(ctx, queue, sent, sizeof(*sent)) != 8) {
			api::arm(ctx);
			EXPECT_TRUE(api::readable(ctx, 10000));
		}
	});
}

// holds: mediated.cansend
TEST_F(Mediated, TellsWhenItCanBeSentToAgain)
{
	Queue queue(ctx, 2);
	Context sender;

	for (int each = 0; each < 2; each++)
		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
	ASSERT_SUCC(api::listen(sender, queue.addr));
	for (int again = 0; again < 3; again++) {
		EXPECT_TRUE(api::silent(sender));
		ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
		EXPECT_TRUE(api::told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
		EXPECT_ERR(RNR, msgqipc_send(sender, &queue.addr, "x", 1));
	}
	ASSERT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	EXPECT_TRUE(api::told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_ERR(INACTIVE, msgqipc_send(sender, &queue.addr, "x", 1));
	EXPECT_TRUE(api::silent(sender));
	ASSERT_SUCC(msgqipc_activate(ctx, queue));
	EXPECT_TRUE(api::told(sender, MSGQIPC_EVT_CANSEND, queue.addr));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	EXPECT_TRUE(api::told(sender, MSGQIPC_EVT_CLOSED, queue.addr));
}

// holds: mediated.cancel
TEST_F(Mediated, IsCancelledFromById)
{
	Queue queue(ctx, 8);
	Context one, two;

	ASSERT_SUCC(api::set_sender_id(one, "one"));
	for (int each = 0; each < 6; each++)
		ASSERT_SUCC(msgqipc_send(each % 2 ? one : two, &queue.addr, &each, sizeof(each)));
	ASSERT_SUCC(api::set_sender_id(one, "other"));
	ASSERT_SUCC(msgqipc_send(one, &queue.addr, "other", 5));
	ASSERT_SUCC(api::set_sender_id(one, "one"));
	ASSERT_SUCC(msgqipc_cancel(one, &queue.addr));
	for (int each = 0; each < 6; each += 2) {
		int got;

		ASSERT_EQ(msgqipc_recv(ctx, queue, &got, sizeof(got)), 4);
		EXPECT_EQ(got, each);
	}
	EXPECT_EQ(msgqipc_recv(ctx, queue, msg, sizeof(msg)), 5);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

// holds: mediated.once
TEST_F(Mediated, LosesDoublesAndTearsNothing)
{
	constexpr uint32_t SENDERS = 4;
	const uint64_t each = api::setting("MSGQ_MEDIATED_EACH", 20000);
	Queue queue(ctx, 7);
	std::unique_ptr<Child> senders[SENDERS];
	uint64_t next[SENDERS] = {}, total = 0;

	for (uint32_t name = 0; name < SENDERS; name++)
		senders[name] = std::make_unique<Child>([&, name](Line &) {
			Context own;
			api::Message message;

			for (uint64_t number = 0; number < each;) {
				size_t len = api::compose(message, name, number);

				if (!msgqipc_send(own, &queue.addr, &message, len))
					number++;
				else if (msgqipc_get_error() == MSGQIPC_ERR_RNR)
					sched_yield();
				else
					FAIL() << msgqipc_strerror(msgqipc_get_error());
			}
		});
	while (total < SENDERS * each) {
		api::Message message;
		ssize_t len =
			msgqipc_recv_timeout(ctx, queue, &message, sizeof(message), 20000000000);

		ASSERT_SUCC(len);
		ASSERT_TRUE(message.sender < SENDERS && api::whole(message, len));
		ASSERT_EQ(message.number, next[message.sender]++);
		total++;
	}
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	for (auto &sender : senders)
		sender->finish();
}

// holds: mediated.list
TEST_F(Mediated, IsToldByLists)
{
	Queue mediated(ctx), direct(ctx, 16, 0);
	msgqipc_info info = {};

	ASSERT_TRUE(api::seen(ctx, mediated.addr, &info));
	EXPECT_EQ(info.mediated, 1u);
	ASSERT_TRUE(api::seen(ctx, direct.addr, &info));
	EXPECT_EQ(info.mediated, 0u);
}

} // namespace
