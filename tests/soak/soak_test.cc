// SPDX-License-Identifier: MIT
// Everything at once, for as long as wanted: kills, stops, hostile peers,
// namespaces, cancel, queues that close and open, events; and all that is
// honest is exact. MSGQ_SOAK_SECONDS: for how long; MSGQ_SOAK_SEED: another course of it.
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <vector>

#include <uapi/linux/msgq.h>

#include "cast.h"
#include "doing.h"
#include "kernel_memory.h"

using api::Child;
using api::Context;
using api::Line;
using api::Shared;

namespace
{

using Clock = std::chrono::steady_clock;

class Soak : public ::testing::Test
{
protected:
	const unsigned seconds = unsigned(api::setting("MSGQ_SOAK_SECONDS", 6));
	Shared<soak::Scene> scene;
	std::mt19937_64 random{ api::setting("MSGQ_SOAK_SEED", 42) };
	std::vector<std::unique_ptr<Child>> steady;
	std::unique_ptr<Child> senders[soak::SEATS], stranger, hostile[2];
	msgqipc_addr counted = {};
	uint64_t lives[soak::SEATS] = {};

	void SetUp() override
	{
		alarm(120 + 2 * seconds);
	}

	void TearDown() override
	{
		alarm(0);
	}

	template <typename F>
	msgqipc_addr start_receiver(F body)
	{
		steady.push_back(std::make_unique<Child>([&, body](Line &up) {
			alarm(120 + 2 * seconds);
			body(up, *scene);
		}));
		return steady.back()->line.hear<msgqipc_addr>();
	}

	template <typename F>
	std::unique_ptr<Child> start(F body)
	{
		return std::make_unique<Child>([&, body](Line &up) {
			alarm(120 + 2 * seconds);
			body(up);
		});
	}

	void seat(uint32_t at)
	{
		uint64_t life = ++lives[at];

		scene->told[at][life % soak::LIVES] = 0;
		senders[at] = start([this, at, life](Line &) {
			soak::send_until_killed(*scene, counted, at, life);
		});
	}

	void kill_a_sender()
	{
		uint32_t at = uint32_t(random() % soak::SEATS);

		senders[at]->kill_and_wait();
		seat(at);
		scene->kills++;
	}

	/*
	 * At any point of what it does, a claim included, and its successors wait
	 * with it: mostly not for long, but at times for longer than it takes until
	 * its claim is revoked.
	 */
	void stop_someone()
	{
		static constexpr unsigned SHORT_US = 20'000, LONG_US = 3 * MSGQ_STALL_NS / 1000;
		const unsigned longest_us = random() % 8 ? SHORT_US : LONG_US;
		size_t which = random() % (soak::SEATS + steady.size());
		pid_t pid = which < soak::SEATS ? senders[which]->pid()
						: steady[which - soak::SEATS]->pid();

		EXPECT_EQ(kill(pid, SIGSTOP), 0);
		usleep(unsigned(random() % longest_us));
		EXPECT_EQ(kill(pid, SIGCONT), 0);
		scene->stops++;
	}

	void change_stranger()
	{
		if (stranger)
			stranger->kill_and_wait();
		stranger = start([](Line &) { soak::live_in_a_namespace(); });
		scene->namespaces++;
	}

	void change_hostile()
	{
		auto &seat = hostile[random() % 2];
		uint64_t seed = random();

		if (seat)
			seat->kill_and_wait();
		seat = start([this, seed](Line &) {
			Context own;

			hostile::attack(seed, own, scene->attacked, scene->scribbles);
		});
		scene->hostiles++;
	}

	void act()
	{
		switch (random() % 16) {
		case 0:
			change_stranger();
			break;
		case 1:
		case 2:
			change_hostile();
			break;
		case 3:
		case 4:
		case 5:
			kill_a_sender();
			break;
		default:
			stop_someone();
		}
	}

	/* That each goes on: an end without progress would be no success. */
	void expect_progress(uint64_t (&last)[soak::PROGRESS])
	{
		for (size_t each = 0; each < soak::PROGRESS; each++) {
			uint64_t now = scene->progress[each];

			EXPECT_GT(now, last[each]) << soak::name(each) << " stands still";
			last[each] = now;
		}
		// Twice, to tell who turns in circles from who sleeps.
		for (int look = 0; HasFailure() && look < 2; look++) {
			for (size_t each = 0; each < steady.size(); each++)
				std::cout << "the one that was started as number " << each << ":\n"
					  << soak::doing(steady[each]->pid());
			sleep(1);
		}
	}

	void play(unsigned for_seconds)
	{
		uint64_t last[soak::PROGRESS] = {};
		const Clock::time_point end = Clock::now() + std::chrono::seconds(for_seconds);
		Clock::time_point look = Clock::now() + std::chrono::seconds(20);

		scene->over = false;
		for (soak::Course *each : { &scene->cancelled, &scene->switched }) {
			each->sent = each->received = 0;
			each->done = false;
		}
		scene->cancelling = scene->taken = 0;
		for (uint32_t at = 0; at < soak::SEATS; at++)
			scene->first[at] = lives[at] + 1;
		for (size_t each = 0; each < soak::PROGRESS; each++)
			last[each] = scene->progress[each];
		counted = start_receiver(soak::receive_counted);
		start_receiver(soak::receive_attacked);
		msgqipc_addr cancelled = start_receiver(soak::receive_cancelled),
			     switched = start_receiver(soak::receive_switched);
		steady.push_back(
			start([=, this](Line &) { soak::send_and_cancel(*scene, cancelled); }));
		steady.push_back(
			start([=, this](Line &) { soak::send_switched(*scene, switched); }));
		steady.push_back(start([this](Line &) {
			hostile::send_bravely(scene->attacked, scene->over,
					      scene->progress[soak::ATTACKED_SENDS]);
		}));
		for (uint32_t at = 0; at < soak::SEATS; at++)
			seat(at);
		change_hostile();
		while (Clock::now() < end && !HasFailure()) {
			act();
			usleep(unsigned(random() % 20000));
			if (Clock::now() > look) {
				expect_progress(last);
				look += std::chrono::seconds(20);
			}
			for (size_t each = 0; each < steady.size(); each++) {
				int status = 0;

				ASSERT_EQ(waitpid(steady[each]->pid(), &status, WNOHANG), 0)
					<< "the one that was started as number " << each
					<< " ended, with status " << status;
			}
		}
		for (auto *each : { &stranger, &hostile[0], &hostile[1] })
			if (*each) {
				(*each)->kill_and_wait();
				each->reset();
			}
		for (auto &each : senders) {
			each->kill_and_wait();
			each.reset();
		}
		scene->over = true;
		// Senders were started last, and are to end first.
		while (!steady.empty()) {
			steady.back()->finish();
			steady.pop_back();
		}
		expect_progress(last);
	}
};

// holds: death.sender, trust.scribble, recv.once, cancel.exact
TEST_F(Soak, LosesNothingAndGrowsByNothing)
{
	// What the kernel keeps at hand it has after a while.
	play(2 + seconds / 10);
	soak::KernelMemory before;
	play(seconds);
	soak::KernelMemory after;

	scene->report();
	std::cout << "objects before: " << before.text() << "\nobjects after:  " << after.text()
		  << '\n';
	before.expect_flat(after);
}

} // namespace
