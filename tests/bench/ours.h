/* SPDX-License-Identifier: MIT */
/* The same as channel.h's, by this library. */
#ifndef MSGQ_TESTS_BENCH_OURS_H
#define MSGQ_TESTS_BENCH_OURS_H

#include <msgqipc.h>

#include "channel.h"

[[noreturn]] inline void give_up_ours(const char *what)
{
	fprintf(stderr, "%s: %s; %s\n", what, msgqipc_strerror(msgqipc_get_error()),
		msgqipc_error_detail());
	_exit(2);
}

inline msgqipc_ctx *ours_context()
{
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

	if (!ctx)
		give_up_ours("msgqipc_ini");
	return ctx;
}

inline msgqipc_queue *ours_queue(msgqipc_ctx *ctx, msgqipc_addr *addr, uint32_t entries,
				 uint32_t flags = 0)
{
	msgqipc_queue *queue = msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, addr, entries, 0, flags);

	if (!queue)
		give_up_ours("msgqipc_create");
	return queue;
}

class OursChannel : public Channel
{
public:
	explicit OursChannel(uint32_t flags = 0)
	    : shared_(static_cast<Shared *>(shared_bytes(sizeof(Shared)))), flags_(flags)
	{
	}

	~OursChannel() override
	{
		munmap(shared_, sizeof(Shared));
	}

	/* A context is its process's: both sides make theirs, and wait for the other's address. */
	void enter(unsigned side) override
	{
		Channel::enter(side);
		ctx_ = ours_context();
		queue_ = ours_queue(ctx_, &shared_->addr[mine()], 10, flags_);
		if (msgqipc_activate(ctx_, queue_))
			give_up_ours("msgqipc_activate");
		shared_->ready[mine()].store(true);
		while (!shared_->ready[theirs()].load())
			sched_yield();
		to_ = shared_->addr[theirs()];
	}

	void leave() override
	{
		shared_->ready[mine()].store(false);
		while (shared_->ready[theirs()].load())
			sched_yield();
		msgqipc_destroy(ctx_);
	}

	void send(uint64_t value) override
	{
		if (msgqipc_send(ctx_, &to_, &value, sizeof(value)))
			give_up_ours("msgqipc_send");
	}

	uint64_t recv() override
	{
		uint64_t value;

		if (msgqipc_recv(ctx_, queue_, &value, sizeof(value)) != sizeof(value))
			give_up_ours("msgqipc_recv");
		return value;
	}

protected:
	msgqipc_ctx *ctx_ = nullptr;
	msgqipc_queue *queue_ = nullptr;

private:
	struct Shared {
		msgqipc_addr addr[2];
		std::atomic<bool> ready[2];
	};

	Shared *shared_;
	uint32_t flags_;
	msgqipc_addr to_ = {};
};

/* The kernel sends. */
class OursMediatedChannel : public OursChannel
{
public:
	OursMediatedChannel() : OursChannel(MSGQIPC_CREATE_MEDIATED)
	{
	}
};

/* Asleep in poll() instead, as who waits for more than messages is. */
class OursPollChannel : public OursChannel
{
public:
	void enter(unsigned side) override
	{
		OursChannel::enter(side);
		if (msgqipc_ctl(ctx_, queue_, MSGQIPC_CTL_NONBLOCK, 1, nullptr) ||
		    msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_GET_FD, 0, &fd_))
			give_up_ours("msgqipc_ctl");
	}

	uint64_t recv() override
	{
		pollfd wanted = { fd_, POLLIN, 0 };
		uint64_t value;

		while (msgqipc_recv(ctx_, queue_, &value, sizeof(value)) != sizeof(value)) {
			if (msgqipc_get_error() != MSGQIPC_ERR_NOTFOUND)
				give_up_ours("msgqipc_recv");
			if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_ARM, 0, nullptr))
				give_up_ours("msgqipc_ctl");
			poll(&wanted, 1, 1000);
		}
		return value;
	}

private:
	int fd_ = -1;
};

#endif
