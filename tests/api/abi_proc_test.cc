// SPDX-License-Identifier: MIT
// /proc/net/msgq: a line for each queue, with the numbers that LIST has.
#include "abi.h"
#include "fixture.h"
#include "processes.h"

#include <chrono>
#include <fstream>
#include <map>
#include <sched.h>
#include <sstream>
#include <sys/stat.h>

using api::ALICE;
using api::become;
using api::Child;
using api::Context;
using api::Line;
using api::Queue;

namespace
{

constexpr char PATH[] = "/proc/net/msgq";

using Row = std::map<std::string, std::string>;

class AbiProc : public api::AbiTest
{
protected:
	// All lines, by the headings; each has as many columns as there are headings.
	static std::vector<Row> rows(std::istream &file)
	{
		std::string line, word;
		std::vector<std::string> names;
		std::vector<Row> all;

		EXPECT_TRUE(getline(file, line)) << PATH;
		for (std::istringstream words(line); words >> word;)
			names.push_back(word);
		while (getline(file, line)) {
			size_t column = 0;

			all.emplace_back();
			for (std::istringstream words(line); words >> word; column++)
				if (column < names.size())
					all.back()[names[column]] = word;
			EXPECT_EQ(column, names.size()) << line;
		}
		return all;
	}

	// As a program would whose time counts.
	static std::string read_all()
	{
		static char room[65536];
		int fd = open(PATH, O_RDONLY | O_CLOEXEC);
		std::string all;
		ssize_t got;

		while ((got = read(fd, room, sizeof(room))) > 0)
			all.append(room, size_t(got));
		EXPECT_EQ(got, 0) << strerror(errno);
		close(fd);
		return all;
	}

	static std::vector<Row> rows()
	{
		std::ifstream file(PATH);

		return rows(file);
	}

	static uint64_t number(const Row &row, const std::string &name, int base = 10)
	{
		auto found = row.find(name);

		if (found == row.end()) {
			ADD_FAILURE() << "no column " << name;
			return ~0ull;
		}
		return strtoull(found->second.c_str(), nullptr, base);
	}

	static bool is(const Row &row, const msgqipc_addr &addr)
	{
		msgq_address address;

		memcpy(&address, &addr, sizeof(address));
		return number(row, "id") == address.id &&
		       number(row, "generation", 16) == address.generation;
	}

	static void expect_same(const Row &row, const msgqipc_info &info)
	{
		EXPECT_TRUE(is(row, info.addr));
		EXPECT_EQ(number(row, "key", 16), info.key);
		EXPECT_EQ(number(row, "state"), info.active);
		EXPECT_EQ(number(row, "depth"), info.depth);
		EXPECT_EQ(number(row, "entries"), info.entries);
		EXPECT_EQ(number(row, "high"), info.high);
		EXPECT_EQ(number(row, "sent"), info.sent);
		EXPECT_EQ(number(row, "received"), info.received);
		EXPECT_EQ(number(row, "cancelled"), info.cancelled);
		EXPECT_EQ(number(row, "reaped"), info.reaped);
		EXPECT_EQ(number(row, "full"), info.full);
		EXPECT_EQ(number(row, "bytes"), info.bytes);
		EXPECT_EQ(number(row, "senders"), info.senders);
		EXPECT_EQ(number(row, "listeners"), info.listeners);
		EXPECT_EQ(number(row, "waiting"), info.waiting);
		EXPECT_EQ(number(row, "pid"), info.pid);
		EXPECT_EQ(number(row, "uid"), info.uid);
		EXPECT_EQ(number(row, "gid"), info.gid);
		EXPECT_EQ(number(row, "cuid"), info.creator_uid);
		EXPECT_EQ(number(row, "cgid"), info.creator_gid);
		EXPECT_EQ(number(row, "perms", 8), info.mode);
		EXPECT_EQ(number(row, "mediated"), info.mediated);
		EXPECT_EQ(number(row, "created_ns"), info.created_ns);
		EXPECT_EQ(number(row, "activated_ns"), info.activated_ns);
		EXPECT_EQ(number(row, "cookie", 16), info.cookie);
	}
};

// holds: proc.list
TEST_F(AbiProc, HasALineOfTheSameNumbersForEachQueueOfAList)
{
	Context ctx, other;
	Queue loaded(ctx, 5, api::unique_key(), 0xc0ffee), quiet(ctx);
	char msg[64];

	for (int each = 0; each < 5; each++)
		ASSERT_SUCC(msgqipc_send(each < 3 ? ctx : other, &loaded.addr, "x", 1));
	for (int each = 0; each < 4; each++)
		EXPECT_ERR(RNR, msgqipc_send(other, &loaded.addr, "x", 1));
	ASSERT_SUCC(msgqipc_cancel(other, &loaded.addr));
	ASSERT_SUCC(msgqipc_recv(ctx, loaded, msg, sizeof(msg)));
	ASSERT_SUCC(msgqipc_ctl(other, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &loaded.addr));
	ASSERT_SUCC(msgqipc_deactivate(ctx, quiet));

	auto listed = api::list(ctx);
	auto lines = rows();
	ASSERT_EQ(lines.size(), listed.size());
	for (size_t each = 0; each < lines.size(); each++)
		expect_same(lines[each], listed[each]);
	// Not only the same, but right.
	for (const Row &row : lines) {
		if (!is(row, loaded.addr))
			continue;
		EXPECT_EQ(number(row, "sent"), 5u);
		EXPECT_EQ(number(row, "full"), 4u);
		EXPECT_EQ(number(row, "cancelled"), 2u);
		EXPECT_EQ(number(row, "received"), 1u);
		EXPECT_EQ(number(row, "high"), 5u);
		EXPECT_EQ(number(row, "listeners"), 1u);
	}
}

// Scripts count on it: columns are added at the end only.
// holds: proc.columns
TEST_F(AbiProc, HasTheseColumnsFirst)
{
	std::ifstream file(PATH);
	std::string expected = "key id generation state depth entries high sent received "
			       "cancelled reaped full bytes senders listeners waiting pid uid "
			       "gid cuid cgid perms mediated created_ns activated_ns cookie";
	std::string word;

	for (std::istringstream words(expected); words >> word;) {
		std::string found;

		file >> found;
		EXPECT_EQ(found, word);
	}
}

// holds: proc.look
TEST_F(AbiProc, ShowsWhatWhoOpenedItMayLookAt)
{
	SKIP_UNLESS_ROOT();
	Context ctx;
	mode_t before = umask(0004);
	Queue closed(ctx);
	umask(before);
	std::ifstream opened(PATH);
	Child child([&](Line &) {
		bool met = false;

		become(ALICE, ALICE);
		for (const Row &row : rows())
			met |= is(row, closed.addr);
		EXPECT_FALSE(met);
		for (const Row &row : rows(opened))
			met |= is(row, closed.addr);
		EXPECT_TRUE(met);
	});
	child.finish();
}

// holds: proc.netns
TEST_F(AbiProc, IsOfTheNetworkNamespace)
{
	SKIP_UNLESS_ROOT();
	Context ctx;
	Queue queue(ctx);
	Child child([&](Line &) {
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		EXPECT_TRUE(rows().empty());
		Context own;
		Queue inside(own);
		auto lines = rows();
		ASSERT_EQ(lines.size(), 1u);
		EXPECT_TRUE(is(lines[0], inside.addr));
	});
	child.finish();
}

// holds: proc.list
TEST_F(AbiProc, HasTenThousandQueuesEachOnceAndSoon)
{
	constexpr uint32_t QUEUES = 10000;
	std::map<uint64_t, int> times;
	Context ctx;

	for (uint32_t each = 0; each < QUEUES; each++)
		ASSERT_SUCC(msgqipc_create(ctx, 0, nullptr, 1, 0xabc000000 + each, 0));
	auto start = std::chrono::steady_clock::now();
	std::string text = read_all();
	auto middle = std::chrono::steady_clock::now();
	auto listed = api::list(ctx, 64);
	auto end = std::chrono::steady_clock::now();
	using std::chrono::duration_cast;
	using std::chrono::milliseconds;

	printf("%u queues: read in %lld ms, listed in %lld ms\n", QUEUES,
	       (long long)duration_cast<milliseconds>(middle - start).count(),
	       (long long)duration_cast<milliseconds>(end - middle).count());
	// A fraction of a second where nothing else runs; the square of it would be minutes.
	EXPECT_LT(middle - start, milliseconds(5000));
	EXPECT_LT(end - middle, milliseconds(5000));
	std::istringstream again(text);
	for (const Row &row : rows(again)) {
		uint64_t cookie = number(row, "cookie", 16);

		if (cookie >= 0xabc000000 && cookie < 0xabc000000 + QUEUES)
			times[cookie]++;
	}
	EXPECT_EQ(times.size(), QUEUES);
	for (auto [cookie, count] : times)
		ASSERT_EQ(count, 1);
}

} // namespace
