/* SPDX-License-Identifier: MIT */
/* The message queues of System V, in the kernel. */
#ifndef MSGQ_TESTS_BENCH_PEERS_SYSV_H
#define MSGQ_TESTS_BENCH_PEERS_SYSV_H

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "peer.h"

template <bool blocks>
class Sysv
{
	static constexpr int flags = blocks ? 0 : IPC_NOWAIT;

	struct Letter {
		long type;
		char text[64];
	};

public:
	static constexpr const char *name =
		blocks ? "System V mq, blocking" : "System V mq, spinning";
	static constexpr bool many_senders = true;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		const int id = msgget(IPC_PRIVATE, 0600);

		if (id < 0)
			return std::string("System V message queues are not to be had: msgget: ") +
			       strerror(errno);
		msgctl(id, IPC_RMID, nullptr);
		return "";
	}

	explicit Sysv(uint32_t entries) : id_(msgget(IPC_PRIVATE, 0600))
	{
		msqid_ds queue;

		if (id_ < 0 || msgctl(id_, IPC_STAT, &queue))
			peer_failed("msgget");
		/* More than kernel.msgmnb is refused to most: then it is a shorter queue. */
		queue.msg_qbytes =
			std::max<unsigned long>(queue.msg_qbytes, size_t{ entries } * max_len);
		msgctl(id_, IPC_SET, &queue);
	}

	~Sysv()
	{
		msgctl(id_, IPC_RMID, nullptr);
	}
	Sysv(const Sysv &) = delete;
	Sysv &operator=(const Sysv &) = delete;

	class Sender
	{
	public:
		explicit Sender(Sysv &queue) : id_(queue.id_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			memcpy(letter_.text, msg, len);
			while (msgsnd(id_, &letter_, len, flags)) {
				if (!blocks && errno == EAGAIN)
					return false;
				if (errno != EINTR)
					peer_failed("msgsnd");
			}
			return true;
		}

	private:
		const int id_;
		Letter letter_ = { 1, {} };
	};

	class Receiver
	{
	public:
		explicit Receiver(Sysv &queue) : id_(queue.id_)
		{
		}

		int recv(void *msg, uint32_t)
		{
			ssize_t len;

			while ((len = msgrcv(id_, &letter_, max_len, 0, flags)) < 0) {
				if (!blocks && errno == ENOMSG)
					return -1;
				if (errno != EINTR)
					peer_failed("msgrcv");
			}
			memcpy(msg, letter_.text, static_cast<size_t>(len));
			return static_cast<int>(len);
		}

	private:
		const int id_;
		Letter letter_;
	};

private:
	const int id_;
};

using SysvBlocking = Sysv<true>;
using SysvSpinning = Sysv<false>;

#endif
