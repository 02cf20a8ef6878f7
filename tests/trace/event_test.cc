// SPDX-License-Identifier: MIT
/* Each event says what has happened. */
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <msgq/keeper.h>

#include "../api/abi.h"
#include "../api/asleep.h"
#include "../api/fixture.h"
#include "../api/limits.h"
#include "../api/mediated.h"
#include "../api/processes.h"
#include "tracefs.h"

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using trace::Event;
using trace::Tracing;

namespace
{

constexpr int64_t PATIENCE_NS = 10'000'000'000;

std::string text(uint64_t number)
{
	return std::to_string(number);
}

std::string id_of(const msgqipc_addr &addr)
{
	msgq_address address;

	memcpy(&address, &addr, sizeof(address));
	return text(address.id);
}

class Events : public api::Test
{
protected:
	void SetUp() override
	{
		api::watch();
		ASSERT_TRUE(trace::mounted());
		tracing.emplace();
		api::Test::SetUp();
	}
	void TearDown() override
	{
		alarm(0);
	}

	/* The one event of that name for that queue. */
	Event one(const std::string &name, const msgqipc_addr &addr)
	{
		std::vector<Event> seen = tracing->seen(name, "id", id_of(addr));

		EXPECT_EQ(seen.size(), 1u) << name;
		return seen.empty() ? Event{} : seen[0];
	}

	static void send(msgqipc_ctx *ctx, const msgqipc_addr &addr, int count)
	{
		for (int i = 0; i < count; i++)
			ASSERT_SUCC(msgqipc_send(ctx, &addr, "x", 1));
	}

	/* Leaves a claim at the head of the queue open, which is empty and was never used. */
	static void leave_open(const api::Device &device, const msgqipc_addr &addr)
	{
		msgq_address address;
		msgq_attach attach;
		__u64 word = 0;

		memcpy(&address, &addr, sizeof(address));
		attach = device.attach(address);
		void *slots = device.map(attach.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE);
		ASSERT_NE(slots, MAP_FAILED);
		ASSERT_TRUE(msgq_cas(&static_cast<msgq_slot *>(slots)->word, &word,
				     msgq_word(1, MSGQ_CLAIMED, 0, attach.sender)));
	}

	std::optional<Tracing> tracing;
};

TEST_F(Events, TellOfTheLifeOfAQueue)
{
	const msgqipc_key key = api::unique_key();
	char message[64], hex[32];
	Queue queue(ctx, 10, key);

	snprintf(hex, sizeof(hex), "%#llx", static_cast<unsigned long long>(key));
	Event create = one("msgq_create", queue.addr);
	EXPECT_EQ(create["key"], hex);
	EXPECT_EQ(create["entries"], "10");
	EXPECT_EQ(create["uid"], "0");
	EXPECT_EQ(create["pid"], text(getpid()));
	EXPECT_EQ(create.number("flags"), 0u);
	EXPECT_GE(create.number("bytes"), 3u * 4096);
	EXPECT_EQ(one("msgq_activate", queue.addr)["key"], hex);

	send(ctx, queue.addr, 5);
	for (int i = 0; i < 3; i++)
		ASSERT_SUCC(msgqipc_recv(ctx, queue, message, sizeof(message)));
	ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
	EXPECT_EQ(one("msgq_deactivate", queue.addr)["pid"], text(getpid()));

	/* It keeps the key that it was made with. */
	ASSERT_SUCC(api::unlink(ctx, key));
	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	Event close = one("msgq_close", queue.addr);
	EXPECT_EQ(close["key"], hex);
	EXPECT_EQ(close["depth"], "2");
	EXPECT_EQ(close["received"], "3");
	EXPECT_EQ(close["pid"], text(getpid()));
}

TEST_F(Events, TellOfSendersThatComeAndGo)
{
	Queue queue(ctx);
	Child child([&](Line &) {
		Context own;
		msgqipc_sendid sendid = {};

		send(own, queue.addr, 1);
		sendid.len = 1;
		ASSERT_SUCC(msgqipc_ctl(own, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &sendid));
		send(own, queue.addr, 1);
	});

	child.finish();
	Event attach = one("msgq_attach", queue.addr), renew = one("msgq_renew", queue.addr);
	EXPECT_EQ(attach["pid"], text(child.pid()));
	EXPECT_EQ(attach["uid"], "0");
	EXPECT_EQ(renew["pid"], text(child.pid()));
	EXPECT_EQ(renew["old"], attach["index"]);
	EXPECT_NE(renew["index"], attach["index"]);
	EXPECT_EQ(one("msgq_detach", queue.addr)["index"], renew["index"]);
	/* It has said so itself. */
	EXPECT_EQ(tracing->seen("msgq_reap", "id", id_of(queue.addr)).size(), 0u);
}

TEST_F(Events, TellOfSendersThatDie)
{
	Queue queue(ctx);
	Child child([&](Line &up) {
		const api::Device device = api::Device::greeted();

		leave_open(device, queue.addr);
		up.say();
		pause();
	});

	child.line.hear();
	child.kill_and_wait();
	Event reap = one("msgq_reap", queue.addr);
	EXPECT_EQ(reap["pid"], text(child.pid()));
	EXPECT_EQ(reap["cancelled"], "1");
	EXPECT_EQ(one("msgq_detach", queue.addr)["index"], reap["index"]);
}

TEST_F(Events, TellOfClaimsThatAreRevoked)
{
	Queue queue(ctx);
	char message[64];
	Child child([&](Line &up) {
		const api::Device device = api::Device::greeted();

		leave_open(device, queue.addr);
		up.say();
		up.hear_out();
	});

	child.line.hear();
	ASSERT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_SET_STALL, 10'000'000, nullptr));
	EXPECT_ERR(NOTFOUND,
		   msgqipc_recv_timeout(ctx, queue, message, sizeof(message), 2'000'000'000));
	Event revoke = one("msgq_revoke", queue.addr);
	EXPECT_EQ(revoke["pid"], text(child.pid()));
	EXPECT_EQ(revoke["cancelled"], "1");
	child.line.hang_up();
	child.wait();
}

TEST_F(Events, TellOfWaitingAndWaking)
{
	Queue queue(ctx);
	char message[64];

	EXPECT_ERR(NOTFOUND,
		   msgqipc_recv_timeout(ctx, queue, message, sizeof(message), 50'000'000));
	Event wait = one("msgq_wait", queue.addr), waited = one("msgq_waited", queue.addr);
	EXPECT_EQ(wait["pid"], text(getpid()));
	EXPECT_LE(wait.number("timeout_ns"), 50'000'000u);
	EXPECT_GE(wait.number("timeout_ns"), 1u);
	EXPECT_EQ(waited["result"], "timeout");
	EXPECT_GE(waited.number("waited_ns"), wait.number("timeout_ns"));

	Child child([&](Line &) {
		Context own;

		api::await_asleep(own, queue.addr);
		send(own, queue.addr, 1);
		pause();
	});
	ASSERT_SUCC(msgqipc_recv_timeout(ctx, queue, message, sizeof(message), PATIENCE_NS));
	EXPECT_EQ(tracing->seen("msgq_waited", "result", "ok").size(), 1u);
	std::vector<Event> wakes = tracing->seen("msgq_wake", "pid", text(child.pid()));
	ASSERT_EQ(wakes.size(), 1u);
	EXPECT_EQ(wakes[0]["id"], id_of(queue.addr));
	EXPECT_EQ(wakes[0]["owner"], text(getpid()));
	EXPECT_EQ(wakes[0]["slept"], "1");
	child.kill_and_wait();
}

TEST_F(Events, TellOfEvents)
{
	Queue queue(ctx, 4);
	msgqipc_event event[4];
	Child child([&](Line &line) {
		Context own;
		msgqipc_addr addr = queue.addr;

		ASSERT_SUCC(msgqipc_ctl(own, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &addr));
		send(own, queue.addr, 4);
		ASSERT_ERR(RNR, msgqipc_send(own, &addr, "x", 1));
		line.say();
		line.hear_out();
	});
	char message[64];

	child.line.hear();
	ASSERT_SUCC(msgqipc_recv(ctx, queue, message, sizeof(message)));
	std::vector<Event> told = tracing->seen("msgq_event", "pid", text(child.pid()));
	ASSERT_GE(told.size(), 1u);
	EXPECT_EQ(told.back()["event"], "cansend");
	EXPECT_EQ(told.back()["id"], id_of(queue.addr));

	for (int i = 0; i < 3; i++)
		ASSERT_SUCC(msgqipc_recv(ctx, queue, message, sizeof(message)));
	EXPECT_EQ(msgqipc_get_events(ctx, event, 4), 0);
	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
	EXPECT_EQ(tracing->seen("msgq_arm", "pid", text(getpid())).size(), 1u);
	EXPECT_EQ(tracing->seen("msgq_arm", "flags", "watch").size(), 1u);
	ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	told = tracing->seen("msgq_event", "pid", text(getpid()));
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0]["event"], "readable");

	ASSERT_SUCC(msgqipc_close(ctx, queue, 0));
	told = tracing->seen("msgq_event", "event", "closed");
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0]["pid"], text(child.pid()));
	child.line.hang_up();
	child.finish();
}

TEST_F(Events, TellOfMessagesThatAreCancelled)
{
	Queue queue(ctx);

	send(ctx, queue.addr, 3);
	ASSERT_SUCC(msgqipc_cancel(ctx, &queue.addr));
	Event cancel = one("msgq_cancel", queue.addr);
	EXPECT_EQ(cancel["pid"], text(getpid()));
	EXPECT_EQ(cancel["cancelled"], "3");
}

TEST_F(Events, TellOfSendsThatTheKernelDoes)
{
	api::MediatedQueue queue(ctx, 2);

	send(ctx, queue.addr, 2);
	ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "xyz", 3));
	ASSERT_ERR(RNR, msgqipc_poke(ctx, &queue.addr));
	std::vector<Event> sends = tracing->seen("msgq_send", "id", id_of(queue.addr));
	ASSERT_EQ(sends.size(), 3u);
	EXPECT_EQ(sends[0]["position"], "1");
	EXPECT_EQ(sends[1]["position"], "2");
	EXPECT_EQ(sends[1]["result"], "ok");
	EXPECT_EQ(sends[1]["len"], "1");
	EXPECT_EQ(sends[1]["pid"], text(getpid()));
	EXPECT_EQ(sends[2]["position"], "0");
	EXPECT_EQ(sends[2]["len"], "3");
	EXPECT_EQ(sends[2]["result"], "full");
}

TEST_F(Events, TellOfLimitsThatRefuse)
{
	constexpr uid_t USER = 12345;
	const api::Parameter limit("user_queues", 1);
	Child child([&](Line &) {
		api::become(USER, USER);
		Context own;
		Queue queue(own);

		EXPECT_ERR(NORES, msgqipc_create(own, 0, nullptr, 1, 0, 0));
	});

	child.finish();
	std::vector<Event> refused = tracing->seen("msgq_quota", "uid", text(USER));
	ASSERT_EQ(refused.size(), 1u);
	EXPECT_EQ(refused[0]["limit"], "queues");
	EXPECT_EQ(refused[0]["max"], "1");
	EXPECT_EQ(refused[0]["used"], "1");
	EXPECT_EQ(refused[0]["pid"], text(child.pid()));
}

} // namespace
