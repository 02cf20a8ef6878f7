// SPDX-License-Identifier: MIT
// CPUs that go and come back under traffic. MSGQ_HOTPLUG_ROUNDS: how often.
#include <atomic>
#include <fstream>

#include <sched.h>

#include "../api/fixture.h"
#include "../api/message.h"
#include "module.h"

using api::Child;
using api::Line;
using api::Message;
using api::Shared;

namespace
{

const char *const SWITCH = "/sys/devices/system/cpu/cpu1/online";

class Hotplug : public lifecycle::Test
{
protected:
	Shared<std::atomic<bool>> over;

	void SetUp() override
	{
		lifecycle::Test::SetUp();
		if (access(SWITCH, W_OK))
			GTEST_SKIP() << "this machine has one CPU, or none to spare";
	}

	void TearDown() override
	{
		std::ofstream(SWITCH) << 1;
		lifecycle::Test::TearDown();
	}

	// Sends numbers until it is over; the one that is cut short says so.
	static void send_on(const msgqipc_addr &addr, const std::atomic<bool> &over)
	{
		api::Context own;
		Message message;
		uint64_t number = 0;

		while (!over) {
			size_t len = api::compose(message, 0, number);

			if (!msgqipc_send(own, &addr, &message, len)) {
				number++;
				continue;
			}
			ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR);
			sched_yield();
		}
		while (msgqipc_send(own, &addr, nullptr, 0))
			sched_yield();
	}

	// Receives them all, in sleep or looking.
	static void receive_on(Line &up, bool blocking)
	{
		api::Context own;
		api::Queue queue(own, 8);
		Message message;
		uint64_t number = 0;

		queue.block(blocking);
		up.say(queue.addr);
		for (;;) {
			ssize_t len = msgqipc_recv(own, queue, &message, sizeof(message));

			if (!len)
				break;
			if (len < 0) {
				ASSERT_FALSE(blocking);
				sched_yield();
				continue;
			}
			ASSERT_TRUE(api::whole(message, len));
			ASSERT_EQ(message.number, number);
			number++;
		}
		EXPECT_GT(number, 0u);
		printf("%s: %lu messages\n", blocking ? "sleeping" : "looking", number);
	}
};

// holds: hotplug.traffic
TEST_F(Hotplug, DisturbsNoTraffic)
{
	Child sleeping([](Line &up) { receive_on(up, true); });
	Child looking([](Line &up) { receive_on(up, false); });
	msgqipc_addr addr[] = { sleeping.line.hear<msgqipc_addr>(),
				looking.line.hear<msgqipc_addr>() };
	Child sender([&](Line &) { send_on(addr[0], *over); });
	Child other([&](Line &) { send_on(addr[1], *over); });
	// Each cancel, and each wait for room, has CPUs pass a barrier.
	Child canceller([&](Line &) {
		api::Context own, receiver;
		api::Queue queue(receiver, 8);
		char msg[64];

		while (!*over) {
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "gone", 4));
			ASSERT_SUCC(msgqipc_cancel(own, &queue.addr));
			ASSERT_ERR(NOTFOUND, msgqipc_recv(receiver, queue, msg, sizeof(msg)));
			ASSERT_SUCC(msgqipc_send(own, &queue.addr, "there", 5));
			ASSERT_EQ(msgqipc_recv(receiver, queue, msg, sizeof(msg)), 5);
		}
	});
	unsigned long rounds = api::setting("MSGQ_HOTPLUG_ROUNDS", 10);

	api::watch(unsigned(1 + rounds / 100));
	for (unsigned long round = 0; round < rounds; round++) {
		for (char state : { '0', '1' }) {
			std::ofstream online(SWITCH);

			online << state << std::flush;
			ASSERT_TRUE(online.good()) << "round " << round;
			usleep(20000);
		}
	}
	*over = true;
	for (Child *each : { &sender, &other, &canceller, &sleeping, &looking })
		each->finish();
}

} // namespace
