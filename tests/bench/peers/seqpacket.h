/* SPDX-License-Identifier: MIT */
/* A pair of local sockets that keep the bounds of messages. */
#ifndef MSGQ_TESTS_BENCH_PEERS_SEQPACKET_H
#define MSGQ_TESTS_BENCH_PEERS_SEQPACKET_H

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

class Seqpacket
{
public:
	static constexpr const char *name = "socketpair SEQPACKET, blocking";
	static constexpr bool many_senders = true;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit Seqpacket(uint32_t entries)
	{
		/* The kernel's own bytes around a short message count as well. */
		const int size = static_cast<int>(entries * 1024);

		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end_))
			peer_failed("socketpair");
		if (setsockopt(end_[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
			setsockopt(end_[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}

	~Seqpacket()
	{
		close(end_[0]);
		close(end_[1]);
	}
	Seqpacket(const Seqpacket &) = delete;
	Seqpacket &operator=(const Seqpacket &) = delete;

	class Sender
	{
	public:
		explicit Sender(Seqpacket &pair) : fd_(pair.end_[1])
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			ssize_t put;

			do
				put = ::send(fd_, msg, len, MSG_NOSIGNAL);
			while (put < 0 && errno == EINTR);
			if (put != static_cast<ssize_t>(len))
				peer_failed("send");
			return true;
		}

	private:
		const int fd_;
	};

	class Receiver
	{
	public:
		explicit Receiver(Seqpacket &pair) : fd_(pair.end_[0])
		{
		}

		int recv(void *msg, uint32_t size)
		{
			ssize_t len;

			do
				len = ::recv(fd_, msg, size, 0);
			while (len < 0 && errno == EINTR);
			if (len < 0)
				peer_failed("recv");
			return static_cast<int>(len);
		}

	private:
		const int fd_;
	};

private:
	int end_[2];
};

#endif
