/* SPDX-License-Identifier: MIT */
/* What the benchmark asks of a queue between processes. */
#ifndef MSGQ_TESTS_BENCH_PEERS_PEER_H
#define MSGQ_TESTS_BENCH_PEERS_PEER_H

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

/*
 * Made and unmade in the parent; a Sender or a Receiver in the process that
 * uses it, after fork. send(): false if full. recv(): the length, or -1 if
 * there is nothing yet; its buffer always has room for max_len.
 */
template <typename P>
concept Peer = std::constructible_from<P, uint32_t> &&
	std::constructible_from<typename P::Sender, P &> &&
	std::constructible_from<typename P::Receiver, P &> &&
	requires(typename P::Sender s, typename P::Receiver r, void *msg, uint32_t n)
{
	{
		P::name
		} -> std::convertible_to<const char *>;
	{
		P::many_senders
		} -> std::convertible_to<bool>;
	{
		P::max_len
		} -> std::convertible_to<uint32_t>;
	{
		P::missing()
		} -> std::same_as<std::string>;
	{
		s.send(msg, n)
		} -> std::same_as<bool>;
	{
		r.recv(msg, n)
		} -> std::same_as<int>;
};

/* For queues of records of one size. */
struct Record {
	uint32_t len;
	uint8_t payload[64];
	uint32_t unused;
};
static_assert(sizeof(Record) == 72);

[[noreturn]] inline void peer_failed(const char *what)
{
	perror(what);
	abort();
}

/* The members of a peer that was not there when this was built. */
struct Absent {
	static constexpr uint32_t max_len = 64;

	explicit Absent(uint32_t)
	{
		abort();
	}

	struct Sender {
		explicit Sender(Absent &)
		{
			abort();
		}

		bool send(const void *, uint32_t)
		{
			abort();
		}
	};

	struct Receiver {
		explicit Receiver(Absent &)
		{
			abort();
		}

		int recv(void *, uint32_t)
		{
			abort();
		}
	};
};

#endif
