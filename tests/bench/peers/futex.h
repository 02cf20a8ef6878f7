/* SPDX-License-Identifier: MIT */
/* The ring of spsc.h; both sides sleep in a futex, without spinning before. */
#ifndef MSGQ_TESTS_BENCH_PEERS_FUTEX_H
#define MSGQ_TESTS_BENCH_PEERS_FUTEX_H

#include <algorithm>
#include <climits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "spsc.h"

class FutexShm
{
	using Word = std::atomic<uint32_t>;

	/* Returns at once if @word is not @seen any more. */
	static void sleep(Word &sleeps, Word &word, uint32_t seen)
	{
		sleeps.store(1);
		if (word.load() == seen)
			syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr, nullptr, 0);
		/* Or the other side would wake somebody who is awake. */
		sleeps.store(0, std::memory_order_relaxed);
	}

	static void wake(Word &sleeps, Word &word)
	{
		if (sleeps.load() && sleeps.exchange(0))
			syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
	}

public:
	static constexpr const char *name = "SPSC ring and futex, blocking";
	static constexpr bool many_senders = false;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit FutexShm(uint32_t entries) : ring_(SpscRing::make(entries))
	{
	}

	~FutexShm()
	{
		SpscRing::unmake(ring_);
	}
	FutexShm(const FutexShm &) = delete;
	FutexShm &operator=(const FutexShm &) = delete;

	class Sender
	{
	public:
		explicit Sender(FutexShm &queue) : ring_(queue.ring_), end_(ring_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			while (!end_.put(msg, len))
				sleep(ring_->sender_sleeps, ring_->taken, end_.taken());
			wake(ring_->receiver_sleeps, ring_->sent);
			return true;
		}

	private:
		SpscRing *const ring_;
		SpscSender end_;
	};

	class Receiver
	{
	public:
		explicit Receiver(FutexShm &queue)
		    : ring_(queue.ring_), end_(ring_), quarter_(std::max(ring_->capacity / 4, 1u))
		{
		}

		int recv(void *msg, uint32_t)
		{
			int len;

			while ((len = end_.take(msg)) < 0) {
				wake_sender();
				sleep(ring_->receiver_sleeps, ring_->sent, end_.taken());
			}
			/* A sender that found the ring full need not hear of each slot. */
			if (end_.taken() % quarter_ == 0)
				wake_sender();
			return len;
		}

	private:
		void wake_sender()
		{
			std::atomic_thread_fence(std::memory_order_seq_cst);
			wake(ring_->sender_sleeps, ring_->taken);
		}

		SpscRing *const ring_;
		SpscReceiver end_;
		const uint32_t quarter_;
	};

private:
	SpscRing *const ring_;
};

#endif
