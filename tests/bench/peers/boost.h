/* SPDX-License-Identifier: MIT */
/* The message queue of Boost.Interprocess: a heap under a lock, in shared memory. */
#ifndef MSGQ_TESTS_BENCH_PEERS_BOOST_H
#define MSGQ_TESTS_BENCH_PEERS_BOOST_H

#include "peer.h"

template <bool blocks>
struct BoostName {
	static constexpr const char *name =
		blocks ? "Boost message_queue, blocking" : "Boost message_queue, spinning";
	static constexpr bool many_senders = true;
};

#if __has_include(<boost/interprocess/ipc/message_queue.hpp>)

#include <boost/interprocess/ipc/message_queue.hpp>
#include <unistd.h>

template <bool blocks>
class BoostMq : public BoostName<blocks>
{
	using Queue = boost::interprocess::message_queue;

public:
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	/* Nameless at once: the children inherit it, and nothing is left behind. */
	explicit BoostMq(uint32_t entries)
	    : path_("msgq-bench-" + std::to_string(getpid())),
	      queue_(boost::interprocess::create_only, path_.c_str(), entries, max_len)
	{
		Queue::remove(path_.c_str());
	}

	class Sender
	{
	public:
		explicit Sender(BoostMq &queue) : queue_(queue.queue_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			if (!blocks)
				return queue_.try_send(msg, len, 0);
			queue_.send(msg, len, 0);
			return true;
		}

	private:
		Queue &queue_;
	};

	class Receiver
	{
	public:
		explicit Receiver(BoostMq &queue) : queue_(queue.queue_)
		{
		}

		int recv(void *msg, uint32_t size)
		{
			Queue::size_type len = 0;
			unsigned priority;

			if (blocks)
				queue_.receive(msg, size, len, priority);
			else if (!queue_.try_receive(msg, size, len, priority))
				return -1;
			return static_cast<int>(len);
		}

	private:
		Queue &queue_;
	};

private:
	const std::string path_;
	Queue queue_;
};

#else

template <bool blocks>
struct BoostMq : Absent, BoostName<blocks> {
	using Absent::Absent;

	static std::string missing()
	{
		return "built without Boost.Interprocess, which is in libboost-dev";
	}
};

#endif

using BoostBlocking = BoostMq<true>;
using BoostMessageQueue = BoostMq<false>;

#endif
