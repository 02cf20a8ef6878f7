// SPDX-License-Identifier: MIT
/* The scripts of tools/bpftrace say how many of what there was. */
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mount.h>

#include "../api/asleep.h"
#include "../api/fixture.h"
#include "../api/kernel_version.h"
#include "../api/mediated.h"
#include "../api/processes.h"
#include "script.h"
#include "tracefs.h"

using api::Child;
using api::Context;
using api::Line;
using api::Queue;
using trace::Script;

namespace
{

/* The load: who sends how many of how many bytes, and how many are too many. */
constexpr int ENTRIES = 16, REFUSED = 5, STREAM = 400, WAKES = 3, MEDIATED = 4;
constexpr size_t LONG = 60, SHORT = 8;
/* How long what was sent first lies there. */
constexpr useconds_t LAIN_US = 50000;

/* bpftrace reads the names of all functions, of which the scripts use none. */
void forget_functions()
{
	static const char *const nothing = "/tmp/no-functions";

	close(open(nothing, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	for (const char *list : { "/sys/kernel/tracing/available_filter_functions",
				  "/sys/kernel/debug/tracing/available_filter_functions" })
		mount(nothing, list, nullptr, MS_BIND, nullptr);
}

std::string id_of(const msgqipc_addr &addr)
{
	return std::to_string(static_cast<uint32_t>(addr.opaque[0]));
}

/* "@map[key]: number", the last of them. */
int value(const std::string &output, const std::string &key)
{
	const size_t at = output.rfind("\n" + key + ": ");

	return at == std::string::npos ? -1 : std::stoi(output.substr(at + key.size() + 3));
}

/* All of them together. */
int total(const std::string &output, const std::string &key)
{
	int sum = 0;

	for (size_t at = 0; (at = output.find("\n" + key + ": ", at)) != std::string::npos; at++)
		sum += std::stoi(output.substr(at + key.size() + 3));
	return sum;
}

/* The largest of all of them. */
int largest(const std::string &output, const std::string &key)
{
	int most = -1;

	for (size_t at = 0; (at = output.find("\n" + key + ": ", at)) != std::string::npos; at++)
		most = std::max(most, std::stoi(output.substr(at + key.size() + 3)));
	return most;
}

/* A histogram of microseconds: from which on, how many. */
std::map<uint64_t, int> histogram(const std::string &output, const std::string &key)
{
	static const std::regex row("\\[(\\d+)([KM]?)[,\\]][^|]*?(\\d+) \\|");
	std::istringstream lines(output);
	std::map<uint64_t, int> counts;
	std::string line;
	std::smatch match;

	while (std::getline(lines, line) && line.find(key + ": ") != 0)
		;
	while (std::getline(lines, line) && std::regex_search(line, match, row)) {
		const uint64_t scale = match[2] == "K" ? 1024 : match[2] == "M" ? 1048576 : 1;

		counts[std::stoull(match[1]) * scale] = std::stoi(match[3]);
	}
	return counts;
}

/* Those that took no less than @least. */
int many(const std::map<uint64_t, int> &counts, uint64_t least = 0)
{
	return std::accumulate(counts.lower_bound(least), counts.end(), 0,
			       [](int sum, const auto &each) { return sum + each.second; });
}

void receive(msgqipc_ctx *ctx, msgqipc_queue *queue, int count)
{
	char message[64];

	for (int i = 0; i < count; i++)
		ASSERT_GE(
			msgqipc_recv_timeout(ctx, queue, message, sizeof(message), 60'000'000'000),
			0);
}

void send(msgqipc_ctx *ctx, const msgqipc_addr &addr, int count, size_t len)
{
	const char message[64] = {};

	for (int i = 0; i < count; i++)
		ASSERT_SUCC(msgqipc_send(ctx, &addr, message, len));
}

/* Fills the queue, and tries some more. */
void flood(const msgqipc_addr &addr)
{
	const char message[64] = {};
	Context own;

	send(own, addr, ENTRIES, LONG);
	for (int i = 0; i < REFUSED; i++)
		ASSERT_ERR(RNR, msgqipc_send(own, &addr, message, LONG));
}

/* Sends to who sleeps, again and again. */
void wake(const msgqipc_addr &addr)
{
	Context own;

	for (int i = 0; i < WAKES; i++) {
		api::await_asleep(own, addr);
		send(own, addr, 1, SHORT);
	}
}

/* Starting one takes seconds: all look at the same load. */
TEST(Scripts, SayHowManyOfWhatThereWas)
{
	const std::string library = trace::library();

	if (access("/sys/kernel/btf/vmlinux", F_OK))
		GTEST_SKIP() << "bpftrace takes a kernel with CONFIG_DEBUG_INFO_BTF";
	if (api::kernel_before(5, 11))
		GTEST_SKIP() << "before Linux 5.11 bpftrace is not told a module's types";
	api::watch(5);
	ASSERT_TRUE(trace::mounted());
	trace::hurry();
	forget_functions();
	Script depth("depth", library), sojourn("sojourn", library), rnr("rnr", library),
		senders("senders", library), wakeup("wakeup"), reaps("reaps");
	for (Script *script : { &depth, &sojourn, &rnr, &senders, &wakeup, &reaps })
		ASSERT_NO_FATAL_FAILURE(script->await());

	const trace::Tracing tracing;
	Context ctx;
	Queue queue(ctx, ENTRIES);
	api::MediatedQueue mediated(ctx);
	const std::string id = id_of(queue.addr), name = "trace, " + id;

	/* What is sent while senders prints is in no line of it. */
	senders.await_line();
	Child flooding([&](Line &) { flood(queue.addr); });
	flooding.finish();
	/* A line of depth with the queue full. */
	usleep(1200000);
	receive(ctx, queue, ENTRIES);

	senders.await_line();
	Child streaming([&](Line &) {
		Context own;

		for (int i = 0; i < STREAM; i++) {
			while (msgqipc_send(own, &queue.addr, "streamed", SHORT))
				usleep(1000);
		}
	});
	receive(ctx, queue, STREAM);
	streaming.finish();

	Child waking([&](Line &) { wake(queue.addr); });
	receive(ctx, queue, WAKES);
	waking.finish();

	Child killed([&](Line &up) {
		Context own;

		send(own, queue.addr, 1, SHORT);
		up.say();
		pause();
	});
	killed.line.hear();
	killed.kill_and_wait();
	receive(ctx, queue, 1);

	send(ctx, mediated.addr, MEDIATED, SHORT);
	usleep(LAIN_US);
	receive(ctx, mediated, MEDIATED);
	/* Of all that are shown every second, another line. */
	usleep(1200000);

	std::string out = depth.end();
	EXPECT_EQ(largest(out, "@high[" + id + "]"), ENTRIES) << out;
	EXPECT_EQ(largest(out, "@depth[" + id + "]"), ENTRIES) << out;
	EXPECT_EQ(value(out, "@depth[" + id + "]"), 0) << out;
	EXPECT_EQ(largest(out, "@high[" + id_of(mediated.addr) + "]"), MEDIATED) << out;

	out = sojourn.end();
	auto usecs = histogram(out, "@usecs[" + id + "]");
	EXPECT_EQ(many(usecs), ENTRIES + STREAM + WAKES + 1) << out;
	/* All that lay there for more than a second, a power of two below it. */
	EXPECT_GE(many(usecs, 1 << 19), ENTRIES) << out;
	usecs = histogram(out, "@usecs[" + id_of(mediated.addr) + "]");
	EXPECT_EQ(many(usecs, 1 << 15), MEDIATED) << out;

	out = rnr.end();
	const auto by = [&](const std::string &map, const Child &child) {
		return "@" + map + "[" + std::to_string(child.pid()) + ", " + name + "]";
	};
	EXPECT_EQ(value(out, by("rnr", flooding)), REFUSED) << out;
	EXPECT_EQ(value(out, by("sent", flooding)), ENTRIES) << out;
	EXPECT_EQ(value(out, by("rnr", killed)), -1) << out;

	out = senders.end();
	EXPECT_EQ(total(out, by("messages", flooding)), ENTRIES) << out;
	EXPECT_EQ(total(out, by("bytes", flooding)), ENTRIES * int(LONG)) << out;
	EXPECT_EQ(total(out, by("messages", streaming)), STREAM) << out;
	EXPECT_EQ(total(out, by("bytes", streaming)), STREAM * int(SHORT)) << out;
	EXPECT_EQ(total(out, by("messages", waking)), WAKES) << out;
	EXPECT_EQ(total(out, by("messages", killed)), 1) << out;

	out = wakeup.end();
	const std::string receiver = id + ", " + std::to_string(getpid());
	/* Some may come when it is up, to look for itself. */
	const auto wakes = tracing.seen("msgq_wake", "pid", std::to_string(waking.pid()));
	const auto slept = std::count_if(wakes.begin(), wakes.end(),
					 [](const auto &wake) { return wake["slept"] == "1"; });
	EXPECT_GT(slept, 0);
	EXPECT_GE(many(histogram(out, "@usecs[" + receiver + "]")), slept) << out;
	EXPECT_EQ(value(out, "@woken_by[" + receiver + ", " + std::to_string(waking.pid()) + "]"),
		  slept)
		<< out;

	out = reaps.end();
	EXPECT_EQ(value(out, "@reaped"), 1) << out;
	EXPECT_TRUE(std::regex_search(out, std::regex("reaped +" + id + " +\\d+ +" +
						      std::to_string(killed.pid()) + " +0 trace")))
		<< out;
	alarm(0);
}

} // namespace
