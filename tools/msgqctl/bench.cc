// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstring>
#include <memory>
#include <sched.h>
#include <vector>

#include "client.h"
#include "clock.h"
#include "command.h"
#include "json.h"
#include "partner.h"
#include "patience.h"
#include "quantile.h"
#include "table.h"

namespace
{

constexpr uint8_t sizes[] = { 8, 64 };
constexpr uint16_t each_ms = 550; /* five measurements in about three seconds */
constexpr uint64_t patience_ns = 10000000000;

struct Result {
	const char *what;
	unsigned bytes;
	uint64_t count;	   /* messages, or samples */
	uint64_t median;   /* ns; 0: not of this one */
	uint64_t p99;	   /* ns */
	double per_second; /* 0: not of this one */
};

class Bench
{
public:
	explicit Bench(const std::vector<int> &cpus) : may_poll_(cpus.size() > 1)
	{
		msgqipc_addr addr{};

		queue_ = msgqipc_create(client_.ctx(), MSGQIPC_KEY_PRIVATE, &addr, 1024, 0, 0);
		if (!queue_ || msgqipc_activate(client_.ctx(), queue_))
			throw failure("cannot make a queue");
		partner_ = std::make_unique<Partner>(addr, may_poll_ ? cpus[1] : -1);
		if (may_poll_)
			run_on(cpus[0]);
	}

	const Client &client() const
	{
		return client_;
	}

	/* There and back, halved. */
	Result one_way(uint8_t bytes)
	{
		std::vector<uint64_t> samples;
		uint64_t end = clock_monotonic() + each_ms * 1000000ull;
		char message[64];

		for (uint64_t before = clock_monotonic(); before < end;) {
			order({ Task::Echo, bytes, 0 }, bytes);
			receive(message);
			uint64_t after = clock_monotonic();

			samples.push_back((after - before) / 2);
			before = after;
		}
		return { "one way",
			 bytes,
			 samples.size(),
			 quantile(samples, 0.5),
			 quantile(samples, 0.99),
			 0 };
	}

	Result stream(uint8_t bytes)
	{
		uint64_t count = 0;
		char message[64];

		order({ Task::Stream, bytes, each_ms }, sizeof(Order));
		receive(message);
		const uint64_t begin = clock_monotonic();
		while (receive(message))
			count++;
		const uint64_t end = clock_monotonic();
		return {
			"stream",
			bytes,
			count,
			0,
			0,
			static_cast<double>(count) * 1e9 / static_cast<double>(end > begin ? end - begin : 1)
		};
	}

	/* From the send until the sleeper runs. */
	Result wake()
	{
		std::vector<uint64_t> samples;
		uint64_t sent = 0;
		ssize_t got;

		order({ Task::Wake, sizeof(sent), each_ms }, sizeof(Order));
		for (;;) {
			got = msgqipc_recv_timeout(client_.ctx(), queue_, &sent, sizeof(sent),
						   patience_ns);
			if (got < 0)
				throw failure("cannot receive");
			if (!got)
				break;
			samples.push_back(clock_monotonic() - sent);
		}
		return { "wake-up",
			 sizeof(sent),
			 samples.size(),
			 quantile(samples, 0.5),
			 quantile(samples, 0.99),
			 0 };
	}

private:
	void order(const Order &order, size_t length)
	{
		char message[64] = {};

		memcpy(message, &order, sizeof(order));
		while (msgqipc_send(client_.ctx(), &partner_->addr(), message, length))
			if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
				throw failure("cannot send");
	}

	/* False: it has no bytes. */
	bool receive(char *message)
	{
		constexpr unsigned look = 1u << 24; /* polls; whoever died said so on stderr */

		for (unsigned polls = 1;; polls++) {
			ssize_t got = msgqipc_recv_timeout(client_.ctx(), queue_, message, 64,
							   may_poll_ ? 0 : 1000000000);

			if (got >= 0)
				return got;
			if (msgqipc_get_error() != MSGQIPC_ERR_NOTFOUND)
				throw failure("cannot receive");
			if ((!may_poll_ || !(polls % look)) && !partner_->alive())
				throw Failure{ Exit::Failed, "the other process has ended" };
		}
	}

	Client client_;
	bool may_poll_;
	msgqipc_queue *queue_;
	std::unique_ptr<Partner> partner_;
};

std::string print_ns(uint64_t ns)
{
	return ns ? std::to_string(ns) + " ns" : "";
}

void print_results(const Bench &bench, const std::vector<int> &cpus,
		   const std::vector<Result> &results)
{
	Table table({ { "MEASURED" },
		      { "BYTES", true },
		      { "MEDIAN", true },
		      { "P99", true },
		      { "MESSAGES/S", true } });

	for (const Result &each : results)
		table.add({ { each.what },
			    { std::to_string(each.bytes) },
			    { print_ns(each.median) },
			    { print_ns(each.p99) },
			    { each.per_second > 0
				      ? std::to_string(static_cast<uint64_t>(each.per_second))
				      : "" } });
	printf("%s, between two processes, ", bench.client().host().c_str());
	if (cpus.size() > 1)
		printf("on CPUs %d and %d\n", cpus[0], cpus[1]);
	else
		puts("on one CPU: they wait for each other in the kernel");
	table.print(true);
}

void print_results_json(const Bench &bench, const std::vector<int> &cpus,
			const std::vector<Result> &results)
{
	std::vector<std::string> items;
	std::string numbers;

	for (int cpu : cpus)
		numbers += (numbers.empty() ? "" : ", ") + std::to_string(cpu);
	for (const Result &each : results)
		items.push_back(json_object({
			{ "what", json_string(each.what) },
			{ "bytes", std::to_string(each.bytes) },
			{ "count", std::to_string(each.count) },
			{ "median_ns", each.median ? std::to_string(each.median) : "null" },
			{ "p99_ns", each.p99 ? std::to_string(each.p99) : "null" },
			{ "per_second", each.per_second > 0 ? std::to_string(static_cast<uint64_t>(
								      each.per_second))
							    : "null" },
		}));
	print_json({ { "host", json_string(bench.client().host()) },
		     { "cpus", "[" + numbers + "]" },
		     { "results", json_list(items, 2) } });
}

void measure(bool json)
{
	std::vector<int> cpus = two_cpus();
	Bench bench(cpus);
	std::vector<Result> results;

	for (uint8_t size : sizes)
		results.push_back(bench.one_way(size));
	for (uint8_t size : sizes)
		results.push_back(bench.stream(size));
	results.push_back(bench.wake());
	if (json)
		print_results_json(bench, cpus, results);
	else
		print_results(bench, cpus, results);
}

} // namespace

std::function<void()> setup_bench(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);

	app.add_flag("-J,--json", *json, "print JSON");
	app.footer(
		"Measures for about three seconds, between two processes with private queues:\n"
		"how long a message takes one way, to a receiver that polls; how many pass in a\n"
		"stream; and how soon a sleeping receiver runs. A glance; 'make bench' in the\n"
		"source measures with care, and beside others.\n");
	return [json] {
		measure(*json);
	};
}
