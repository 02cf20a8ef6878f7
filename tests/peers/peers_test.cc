/* SPDX-License-Identifier: MIT */
/* That what the benchmark compares with does carry messages. */
#include <cctype>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "../bench/peers/all.h"
#include "../ring/watchdog.h"

namespace
{

constexpr uint32_t messages = 20000;
constexpr uint32_t entries = 64;

/* The first byte says who, if it is not about one; the others say which. */
struct Letter {
	uint8_t bytes[64];
	uint32_t len;

	Letter(uint32_t sender, uint32_t n, uint32_t least) : len(least + n * 7 % (65 - least))
	{
		for (uint32_t i = 0; i < len; i++)
			bytes[i] = static_cast<uint8_t>(n * 31 + (n >> 8) + i);
		if (least)
			bytes[0] = static_cast<uint8_t>(sender);
	}
};

template <typename P>
void send_all(P &peer, uint32_t sender, uint32_t least)
{
	typename P::Sender s(peer);

	for (uint32_t n = 0; n < messages; n++) {
		const Letter letter(sender, n, least);

		while (!s.send(letter.bytes, letter.len))
			sched_yield();
	}
}

template <typename P>
class Carries : public testing::Test
{
protected:
	void run(uint32_t senders)
	{
		SCOPED_TRACE(std::to_string(senders) + " senders");
		const uint32_t least = senders > 1;
		std::vector<pid_t> pids;
		P peer(entries);

		for (uint32_t i = 0; i < senders; i++) {
			pids.push_back(fork());
			if (!pids.back()) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				send_all(peer, i, least);
				_exit(0);
			}
		}
		receive_all(peer, senders, least);
		for (pid_t pid : pids) {
			int status = 1;

			/* It would wait for room in vain if something went wrong before. */
			if (this->HasFailure())
				kill(pid, SIGKILL);
			EXPECT_EQ(waitpid(pid, &status, 0), pid);
			EXPECT_EQ(status, 0);
		}
	}

private:
	void receive_all(P &peer, uint32_t senders, uint32_t least)
	{
		typename P::Receiver r(peer);
		std::vector<uint32_t> next(senders);
		uint8_t msg[64];

		for (uint32_t got = 0; got < messages * senders; got++) {
			int len;

			while ((len = r.recv(msg, sizeof(msg))) < 0)
				sched_yield();
			const uint32_t sender = least ? msg[0] : 0;
			ASSERT_LT(sender, senders);
			const Letter letter(sender, next[sender]++, least);
			ASSERT_EQ(static_cast<uint32_t>(len), letter.len) << "message " << got;
			ASSERT_EQ(memcmp(msg, letter.bytes, letter.len), 0) << "message " << got;
		}
	}
};

template <typename List>
struct Typed;
template <typename... P>
struct Typed<std::tuple<P...>> {
	static_assert((Peer<P> && ...));
	using Types = testing::Types<P...>;
};

struct Named {
	template <typename P>
	static std::string GetName(int)
	{
		std::string name = P::name;

		for (char &c : name)
			if (!isalnum(static_cast<unsigned char>(c)))
				c = '_';
		return name;
	}
};

TYPED_TEST_SUITE(Carries, Typed<Peers>::Types, Named);

TYPED_TEST(Carries, OfEachSenderInOrder)
{
	Watchdog watchdog(TypeParam::name, 30);

	if (!TypeParam::missing().empty())
		GTEST_SKIP() << TypeParam::missing();
	this->run(1);
	if (TypeParam::many_senders)
		this->run(2);
}

} // namespace
