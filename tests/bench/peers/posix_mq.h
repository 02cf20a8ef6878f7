/* SPDX-License-Identifier: MIT */
/* The message queues of POSIX, in the kernel. */
#ifndef MSGQ_TESTS_BENCH_PEERS_POSIX_MQ_H
#define MSGQ_TESTS_BENCH_PEERS_POSIX_MQ_H

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <mqueue.h>
#include <sys/resource.h>
#include <unistd.h>

#include "peer.h"

template <bool blocks>
class PosixMq
{
public:
	static constexpr const char *name = blocks ? "POSIX mq, blocking" : "POSIX mq, spinning";
	static constexpr bool many_senders = true;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		const mqd_t q = open(1);

		if (q < 0)
			return std::string("this kernel has no POSIX message queues: mq_open: ") +
			       strerror(errno);
		mq_close(q);
		return "";
	}

	explicit PosixMq(uint32_t entries)
	{
		const rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
		uint32_t limit = 10;

		/* Refused to most, as is more than msg_max: then it is a shorter queue. */
		setrlimit(RLIMIT_MSGQUEUE, &all);
		std::ifstream("/proc/sys/fs/mqueue/msg_max") >> limit;
		q_ = open(entries);
		if (q_ < 0)
			entries = std::min(entries, limit);
		for (; q_ < 0 && entries > 0; entries /= 2)
			q_ = open(entries);
		if (q_ < 0)
			peer_failed("mq_open");
	}

	~PosixMq()
	{
		mq_close(q_);
	}
	PosixMq(const PosixMq &) = delete;
	PosixMq &operator=(const PosixMq &) = delete;

	class Sender
	{
	public:
		explicit Sender(PosixMq &queue) : q_(queue.q_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			while (mq_send(q_, static_cast<const char *>(msg), len, 0)) {
				if (!blocks && errno == EAGAIN)
					return false;
				if (errno != EINTR)
					peer_failed("mq_send");
			}
			return true;
		}

	private:
		const mqd_t q_;
	};

	class Receiver
	{
	public:
		explicit Receiver(PosixMq &queue) : q_(queue.q_)
		{
		}

		int recv(void *msg, uint32_t size)
		{
			ssize_t len;

			while ((len = mq_receive(q_, static_cast<char *>(msg), size, nullptr)) <
			       0) {
				if (!blocks && errno == EAGAIN)
					return -1;
				if (errno != EINTR)
					peer_failed("mq_receive");
			}
			return static_cast<int>(len);
		}

	private:
		const mqd_t q_;
	};

private:
	/* Nameless at once: the children inherit it, and nothing is left behind. */
	static mqd_t open(uint32_t entries)
	{
		const std::string path = "/msgq-bench-" + std::to_string(getpid());
		mq_attr attr = {};

		attr.mq_maxmsg = entries;
		attr.mq_msgsize = max_len;
		const mqd_t q =
			mq_open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | (blocks ? 0 : O_NONBLOCK),
				0600, &attr);
		if (q >= 0)
			mq_unlink(path.c_str());
		return q;
	}

	mqd_t q_;
};

using PosixMqBlocking = PosixMq<true>;
using PosixMqSpinning = PosixMq<false>;

#endif
