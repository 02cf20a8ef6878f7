// SPDX-License-Identifier: MIT
// A sender that is stopped in the middle of a send does not stop the queue.
#include "abi.h"
#include "processes.h"
#include "watching.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <sys/ptrace.h>
#include <vector>

#include "msgq/keeper.h"

using api::Child;
using api::Context;
using api::Device;
using api::Line;
using api::Queue;
using api::Shared;

namespace
{

using Clock = std::chrono::steady_clock;

constexpr uint64_t LIMIT_NS = 30'000'000;
constexpr int64_t FOREVER_NS = 20'000'000'000;
// The sleeping receiver's re-check, and what a busy machine needs.
constexpr auto AT_MOST = std::chrono::milliseconds(2000);

// How the claims of a queue stand, seen as one of its senders sees it.
class Claims
{
	Device device;
	msgq_ring ring = {};

public:
	explicit Claims(const msgqipc_addr &addr) : device(Device::greeted())
	{
		msgq_address address;
		msgq_attach attach;
		void *area[MSGQ_AREAS];

		memcpy(&address, &addr, sizeof(address));
		attach = device.attach(address);
		for (int i = 0; i <= MSGQ_AREA_SLOTS; i++)
			area[i] = device.map(attach.area[i], PROT_READ);
		ring = msgq_ring_over(
			area[MSGQ_AREA_KEEPER], area[MSGQ_AREA_CONSUMER], area[MSGQ_AREA_SLOTS],
			static_cast<msgq_keeper_page *>(area[MSGQ_AREA_KEEPER])->capacity);
	}

	uint64_t revokes() const
	{
		return ring.keeper->revokes;
	}

	uint64_t made() const
	{
		return msgq_keeper_boundary(&ring).t;
	}

	// Is the latest one open?
	bool open() const
	{
		msgq_pos last = msgq_pos_at(&ring, made() - 1);

		return msgq_word_state(msgq_word_at(&ring, last)) == MSGQ_CLAIMED;
	}
};

// A process that sends one message, and can be run instruction by instruction.
class Stepped
{
	struct State {
		std::atomic<int> stage{ 0 };
		std::atomic<int> error{ -1 };
	};
	Shared<State> state;
	std::unique_ptr<Child> child;

public:
	Stepped(const msgqipc_addr &addr, uint32_t number)
	{
		child = std::make_unique<Child>([&, number](Line &) {
			Context own;

			// What the first one takes more is over by then.
			EXPECT_SUCC(msgqipc_poke(own, &addr));
			if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr))
				_exit(3);
			raise(SIGSTOP);
			state->stage = 1;
			state->error = msgqipc_send(own, &addr, &number, sizeof(number))
					       ? msgqipc_get_error()
					       : MSGQIPC_ERR_SUCC;
			state->stage = 2;
		});
	}

	// False where no process may trace its child.
	bool traced()
	{
		int status = 0;

		if (waitpid(child->pid(), &status, 0) == child->pid() && WIFSTOPPED(status))
			return true;
		child->ended(status);
		return false;
	}

	bool step()
	{
		int status = 0;

		EXPECT_EQ(ptrace(PTRACE_SINGLESTEP, child->pid(), nullptr, nullptr), 0);
		EXPECT_EQ(waitpid(child->pid(), &status, 0), child->pid());
		EXPECT_TRUE(WIFSTOPPED(status));
		return WIFSTOPPED(status);
	}

	bool sending() const
	{
		return state->stage == 1;
	}

	bool done() const
	{
		return state->stage == 2;
	}

	void until_sending()
	{
		while (!sending() && step())
			;
	}

	void until_claimed(const Claims &claims)
	{
		const uint64_t before = claims.made();

		until_sending();
		while (claims.made() == before && !done() && step())
			;
		EXPECT_TRUE(claims.open());
	}

	void let_go()
	{
		EXPECT_EQ(ptrace(PTRACE_DETACH, child->pid(), nullptr, nullptr), 0);
	}

	// What send() has told, in the end.
	int error()
	{
		child->finish();
		return state->error;
	}

	void kill()
	{
		::kill(child->pid(), SIGKILL);
		child->wait();
	}
};

enum Way { POLL, BLOCK, WATCH };

class Stalled : public ::testing::TestWithParam<Way>
{
protected:
	Context ctx;
	Queue queue{ ctx, 64 };

	void SetUp() override
	{
		if (getenv("MSGQ_SOCKET") || access(MSGQ_DEVICE, F_OK))
			GTEST_SKIP() << "msgqd cannot take a queue's memory away from a sender";
		limit(LIMIT_NS);
		queue.block(GetParam() == BLOCK);
	}

	void limit(uint64_t ns) const
	{
		EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_SET_STALL, ns, nullptr));
	}

	void send(uint32_t number) const
	{
		EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, &number, sizeof(number)));
	}

	// The next message, in the way of the test; ~0: none came.
	uint32_t receive(int64_t within_ns = FOREVER_NS) const
	{
		auto deadline = Clock::now() + std::chrono::nanoseconds(within_ns);
		uint32_t got = ~0u;
		ssize_t len;

		if (GetParam() == BLOCK) {
			len = msgqipc_recv_timeout(ctx, queue, &got, sizeof(got), within_ns);
			return len == sizeof(got) ? got : ~0u;
		}
		while (msgqipc_recv(ctx, queue, &got, sizeof(got)) != sizeof(got)) {
			if (Clock::now() > deadline)
				return ~0u;
			if (GetParam() == WATCH) {
				api::arm(ctx);
				api::readable(ctx, int(within_ns / 1'000'000));
			}
		}
		return got;
	}
};

const char *const names[] = { "Poll", "Block", "Watch" };

INSTANTIATE_TEST_SUITE_P(, Stalled, ::testing::Values(POLL, BLOCK, WATCH),
			 [](const auto &way) { return names[way.param]; });

// Wherever it stops, what is sent after it comes, and it is sent once itself.
// holds: stall.passed-over stall.sends-again
TEST_P(Stalled, SenderIsPassedOver)
{
	unsigned revoked = 0, stops = 0;
	bool done = false;

	for (unsigned steps = 0; !done; steps += GetParam() == POLL ? 3 : 17, stops++) {
		Claims claims(queue.addr);
		const uint64_t revokes = claims.revokes();
		Stepped sender(queue.addr, 7);
		std::vector<uint32_t> got;

		if (!sender.traced())
			GTEST_SKIP() << "this system lets no process trace its child";
		sender.until_sending();
		for (unsigned left = steps; left && !sender.done() && sender.step();)
			left--;
		done = sender.done();
		send(8);
		auto start = Clock::now();
		while (got.empty() || got.back() != 8)
			got.push_back(receive());
		EXPECT_LT(Clock::now() - start, AT_MOST) << "after " << steps << " steps";

		sender.let_go();
		EXPECT_EQ(sender.error(), MSGQIPC_ERR_SUCC) << "after " << steps << " steps";
		send(9);
		while (got.back() != 9)
			got.push_back(receive());
		EXPECT_EQ(got.size(), 3u) << "after " << steps << " steps";
		EXPECT_EQ(std::count(got.begin(), got.end(), 7u), 1)
			<< "after " << steps << " steps";
		revoked += claims.revokes() != revokes;
	}
	printf("stopped at %u instructions, in %u of them with a claim to revoke\n", stops,
	       revoked);
	EXPECT_GT(revoked, 0u);
}

} // namespace
