// SPDX-License-Identifier: MIT
// Processes that the kernel kills for want of memory, in a control group.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sched.h>
#include <sys/mman.h>

#include "../api/fixture.h"
#include "../api/message.h"
#include "module.h"

using api::Child;
using api::Line;
using api::Message;
using api::Shared;

namespace
{

const std::string ROOT = "/sys/fs/cgroup";
const std::string GROUP = ROOT + "/msgq-test";
constexpr size_t ALLOWED = 24 << 20;

class Oom : public lifecycle::Test
{
protected:
	void SetUp() override
	{
		lifecycle::Test::SetUp();
		std::ofstream(ROOT + "/cgroup.subtree_control") << "+memory";
		std::error_code error;
		std::filesystem::create_directory(GROUP, error);
		if (access((GROUP + "/memory.max").c_str(), W_OK))
			GTEST_SKIP() << "no memory control group is to be had";
		std::ofstream(GROUP + "/memory.max") << ALLOWED;
	}

	void TearDown() override
	{
		rmdir(GROUP.c_str());
		lifecycle::Test::TearDown();
	}

	static void enter()
	{
		std::ofstream procs(GROUP + "/cgroup.procs");

		procs << getpid() << std::flush;
		ASSERT_TRUE(procs.good());
	}

	static unsigned long kills()
	{
		std::ifstream events(GROUP + "/memory.events");
		std::string name;
		unsigned long count = 0;

		while (events >> name >> count)
			if (name == "oom_kill")
				return count;
		return 0;
	}

	[[noreturn]] static void eat()
	{
		for (;;) {
			constexpr size_t bite = 1 << 16;
			void *at = mmap(nullptr, bite, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			if (at == MAP_FAILED)
				_exit(1);
			memset(at, 1, bite);
		}
	}
};

// holds: death.sender, death.capacity
TEST_F(Oom, OfASenderLosesNothingOfWhatItSent)
{
	constexpr uint32_t ENTRIES = 64;
	api::Context ctx;
	api::Queue queue(ctx, ENTRIES);
	unsigned long before = kills();

	for (uint32_t round = 0; round < 3; round++) {
		Shared<std::atomic<uint64_t>> told(0u);
		Child sender([&](Line &) {
			ASSERT_NO_FATAL_FAILURE(enter());
			std::thread eater(eat);
			api::Context own;
			Message message;

			for (uint64_t number = 0;;) {
				size_t len = api::compose(message, round, number);

				if (!msgqipc_send(own, &queue.addr, &message, len))
					told->store(++number);
				else
					sched_yield();
			}
		});
		uint64_t received = 0;
		Message message;
		int status = 0;
		const auto receive = [&] {
			ssize_t len = msgqipc_recv(ctx, queue, &message, sizeof(message));

			if (len < 0)
				return false;
			EXPECT_TRUE(api::whole(message, len));
			EXPECT_EQ(message.sender, round);
			EXPECT_EQ(message.number, received);
			received++;
			return true;
		};
		while (!waitpid(sender.pid(), &status, WNOHANG))
			if (!receive())
				sched_yield();
		sender.ended(status);
		EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
		while (receive())
			;
		EXPECT_GT(received, 0u);
		EXPECT_GE(received, *told);
		EXPECT_LE(received, *told + 1);
		for (uint32_t each = 0; each < ENTRIES; each++)
			ASSERT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
		ASSERT_ERR(RNR, msgqipc_send(ctx, &queue.addr, "x", 1));
		while (msgqipc_recv(ctx, queue, &message, sizeof(message)) == 1)
			;
	}
	EXPECT_EQ(kills(), before + 3);
}

// holds: death.owner
TEST_F(Oom, OfAReceiverIsToldToItsSenders)
{
	unsigned long before = kills();

	for (bool blocking : { false, true }) {
		Child receiver([&](Line &up) {
			ASSERT_NO_FATAL_FAILURE(enter());
			api::Context own;
			api::Queue queue(own, 4096);
			char msg[64];

			queue.block(blocking);
			up.say(queue.addr);
			up.hear();
			std::thread eater(eat);
			for (;;)
				msgqipc_recv(own, queue, msg, sizeof(msg));
		});
		msgqipc_addr addr = receiver.line.hear<msgqipc_addr>();
		api::Context ctx;
		uint64_t sent = 0;

		receiver.line.say();
		for (;;) {
			if (!msgqipc_send(ctx, &addr, "x", 1)) {
				sent++;
				continue;
			}
			if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
				break;
			sched_yield();
		}
		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
		EXPECT_GT(sent, 0u);
		EXPECT_EQ(receiver.wait(), SIGKILL);
	}
	EXPECT_EQ(kills(), before + 2);
}

} // namespace
