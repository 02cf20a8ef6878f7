/* SPDX-License-Identifier: MIT */
/*
 * Ways for two processes to hand eight bytes to each other, the receiver
 * asleep until they come: those of the system. Made before the fork, entered
 * by each side after it.
 */
#ifndef MSGQ_TESTS_BENCH_CHANNEL_H
#define MSGQ_TESTS_BENCH_CHANNEL_H

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pair.h"

[[noreturn]] inline void give_up(const char *what)
{
	perror(what);
	_exit(2);
}

class Channel
{
public:
	Channel() = default;
	virtual ~Channel() = default;
	Channel(const Channel &) = delete;
	Channel &operator=(const Channel &) = delete;

	/* @side: 0 or 1, what this process is from now on. */
	virtual void enter(unsigned side)
	{
		side_ = side;
	}

	virtual void leave()
	{
	}

	virtual void send(uint64_t value) = 0;
	virtual uint64_t recv() = 0;

protected:
	unsigned mine() const
	{
		return side_;
	}

	unsigned theirs() const
	{
		return !side_;
	}

private:
	unsigned side_ = 0;
};

inline mqd_t posix_open(const char *name, int flags, long entries)
{
	mq_attr attr = {};
	mqd_t queue;

	attr.mq_maxmsg = entries;
	attr.mq_msgsize = 64;
	queue = mq_open(name, flags | O_RDWR, 0600, &attr);
	if (queue < 0)
		give_up("mq_open");
	return queue;
}

class PosixChannel : public Channel
{
public:
	PosixChannel()
	{
		for (mqd_t &queue : queue_) {
			queue = posix_open("/msgq-bench", O_CREAT | O_EXCL, 10);
			mq_unlink("/msgq-bench");
		}
	}

	~PosixChannel() override
	{
		for (mqd_t queue : queue_)
			mq_close(queue);
	}

	void send(uint64_t value) override
	{
		if (mq_send(queue_[theirs()], reinterpret_cast<char *>(&value), sizeof(value), 0))
			give_up("mq_send");
	}

	uint64_t recv() override
	{
		char message[64];
		uint64_t value;

		if (mq_receive(queue_[mine()], message, sizeof(message), nullptr) != sizeof(value))
			give_up("mq_receive");
		memcpy(&value, message, sizeof(value));
		return value;
	}

private:
	mqd_t queue_[2];
};

class SystemVChannel : public Channel
{
public:
	SystemVChannel()
	{
		for (int &queue : queue_)
			queue = msgget(IPC_PRIVATE, 0600);
	}

	~SystemVChannel() override
	{
		for (int queue : queue_)
			msgctl(queue, IPC_RMID, nullptr);
	}

	void send(uint64_t value) override
	{
		const Message message = { 1, value };

		if (msgsnd(queue_[theirs()], &message, sizeof(value), 0))
			give_up("msgsnd");
	}

	uint64_t recv() override
	{
		Message message;

		if (msgrcv(queue_[mine()], &message, sizeof(message.value), 0, 0) < 0)
			give_up("msgrcv");
		return message.value;
	}

private:
	struct Message {
		long type;
		uint64_t value;
	};

	int queue_[2];
};

/* A place in shared memory for each direction. */
class SlotChannel : public Channel
{
protected:
	struct alignas(128) Slot {
		std::atomic<uint64_t> value;
		std::atomic<uint32_t> count; /* of values put there; what a futex sleeps on */
		std::atomic<uint32_t> sleeps;
	};

	SlotChannel() : slot_(static_cast<Slot *>(shared_bytes(2 * sizeof(Slot))))
	{
	}

	~SlotChannel() override
	{
		munmap(slot_, 2 * sizeof(Slot));
	}

	Slot *slot_;
};

class EventfdChannel : public SlotChannel
{
public:
	EventfdChannel()
	{
		for (int &fd : fd_)
			fd = eventfd(0, EFD_NONBLOCK);
	}

	~EventfdChannel() override
	{
		for (int fd : fd_)
			close(fd);
	}

	void send(uint64_t value) override
	{
		slot_[theirs()].value.store(value);
		if (eventfd_write(fd_[theirs()], 1))
			give_up("eventfd");
	}

	uint64_t recv() override
	{
		pollfd wanted = { fd_[mine()], POLLIN, 0 };
		eventfd_t count;

		if (poll(&wanted, 1, -1) != 1 || eventfd_read(fd_[mine()], &count))
			give_up("poll");
		return slot_[mine()].value.load();
	}

private:
	int fd_[2];
};

class FutexChannel : public SlotChannel
{
public:
	void send(uint64_t value) override
	{
		Slot *slot = &slot_[theirs()];

		slot->value.store(value);
		slot->count.fetch_add(1);
		if (slot->sleeps.load())
			syscall(SYS_futex, &slot->count, FUTEX_WAKE, 1, nullptr, nullptr, 0);
	}

	uint64_t recv() override
	{
		Slot *slot = &slot_[mine()];

		slot->sleeps.store(1);
		while (slot->count.load() == seen_)
			syscall(SYS_futex, &slot->count, FUTEX_WAIT, seen_, nullptr, nullptr, 0);
		slot->sleeps.store(0);
		seen_++;
		return slot->value.load();
	}

private:
	uint32_t seen_ = 0;
};

#endif
