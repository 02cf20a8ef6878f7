/* SPDX-License-Identifier: MIT */
/* The ring of spsc.h; the receiver reads an eventfd when it finds it empty. */
#ifndef MSGQ_TESTS_BENCH_PEERS_EVENTFD_H
#define MSGQ_TESTS_BENCH_PEERS_EVENTFD_H

#include <cerrno>
#include <sys/eventfd.h>
#include <unistd.h>

#include "spsc.h"

class EventfdShm
{
public:
	static constexpr const char *name = "SPSC ring and eventfd, blocking";
	static constexpr bool many_senders = false;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit EventfdShm(uint32_t entries)
	    : ring_(SpscRing::make(entries)), fd_(eventfd(0, EFD_CLOEXEC))
	{
		if (fd_ < 0)
			peer_failed("eventfd");
	}

	~EventfdShm()
	{
		close(fd_);
		SpscRing::unmake(ring_);
	}
	EventfdShm(const EventfdShm &) = delete;
	EventfdShm &operator=(const EventfdShm &) = delete;

	class Sender
	{
	public:
		explicit Sender(EventfdShm &queue) : ring_(queue.ring_), end_(ring_), fd_(queue.fd_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			const uint64_t one = 1;

			if (!end_.put(msg, len))
				return false;
			/* A receiver that is awake looks again without being told. */
			if (ring_->receiver_sleeps.load() && ring_->receiver_sleeps.exchange(0) &&
			    write(fd_, &one, sizeof(one)) != sizeof(one))
				peer_failed("write");
			return true;
		}

	private:
		SpscRing *const ring_;
		SpscSender end_;
		const int fd_;
	};

	class Receiver
	{
	public:
		explicit Receiver(EventfdShm &queue)
		    : ring_(queue.ring_), end_(ring_), fd_(queue.fd_)
		{
		}

		int recv(void *msg, uint32_t)
		{
			uint64_t count;
			int len;

			while ((len = end_.take(msg)) < 0) {
				ring_->receiver_sleeps.store(1);
				if (ring_->sent.load() == end_.taken() &&
				    read(fd_, &count, sizeof(count)) < 0 && errno != EINTR)
					peer_failed("read");
				/* Or the sender would wake somebody who is awake. */
				ring_->receiver_sleeps.store(0, std::memory_order_relaxed);
			}
			return len;
		}

	private:
		SpscRing *const ring_;
		SpscReceiver end_;
		const int fd_;
	};

private:
	SpscRing *const ring_;
	const int fd_;
};

#endif
