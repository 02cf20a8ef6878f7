/* SPDX-License-Identifier: MIT */
/* This project's queues, through the public API and by address. */
#ifndef MSGQ_TESTS_BENCH_PEERS_MSGQIPC_H
#define MSGQ_TESTS_BENCH_PEERS_MSGQIPC_H

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <new>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include <msgqipc.h>

inline std::string msgqipc_complaint()
{
	return std::string(msgqipc_strerror(msgqipc_get_error())) + " " + msgqipc_error_detail();
}

[[noreturn]] inline void msgqipc_give_up(const char *call)
{
	fprintf(stderr, "%s: %s\n", call, msgqipc_complaint().c_str());
	_exit(2);
}

inline msgqipc_ctx *msgqipc_open()
{
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

	if (!ctx)
		msgqipc_give_up("msgqipc_ini");
	return ctx;
}

/* One for all that a process has, as in a program: its receiver's looks and its sends meet there. */
inline msgqipc_ctx *msgqipc_own()
{
	static msgqipc_ctx *ctx;
	static pid_t owner;

	if (owner != getpid()) {
		ctx = msgqipc_open();
		owner = getpid();
	}
	return ctx;
}

template <bool blocking>
struct MsgqipcPeer {
	static constexpr const char *name = blocking ? "msgq, blocking" : "msgq";
	static constexpr bool many_senders = true;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

		if (!ctx)
			return msgqipc_complaint();
		msgqipc_destroy(ctx);
		return "";
	}

	explicit MsgqipcPeer(uint32_t entries) : entries_(entries)
	{
		void *at = mmap(nullptr, sizeof(Notice), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (at == MAP_FAILED) {
			perror("mmap");
			_exit(2);
		}
		notice_ = new (at) Notice;
	}

	~MsgqipcPeer()
	{
		munmap(notice_, sizeof(Notice));
	}
	MsgqipcPeer(const MsgqipcPeer &) = delete;
	MsgqipcPeer &operator=(const MsgqipcPeer &) = delete;

	class Sender
	{
	public:
		explicit Sender(MsgqipcPeer &peer) : ctx_(msgqipc_own())
		{
			while (!peer.notice_->made.load(std::memory_order_acquire))
				sched_yield();
			addr_ = peer.notice_->addr;
			/* The first send attaches, which is another measure. */
			if (msgqipc_poke(ctx_, &addr_) && msgqipc_get_error() != MSGQIPC_ERR_RNR)
				msgqipc_give_up("msgqipc_poke");
		}

		bool send(const void *msg, uint32_t len)
		{
			if (__builtin_expect(!msgqipc_send(ctx_, &addr_, msg, len), 1))
				return true;
			if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
				msgqipc_give_up("msgqipc_send");
			return false;
		}

	private:
		msgqipc_ctx *ctx_;
		msgqipc_addr addr_;
	};

	class Receiver
	{
	public:
		explicit Receiver(MsgqipcPeer &peer) : ctx_(msgqipc_own())
		{
			queue_ = msgqipc_create(ctx_, MSGQIPC_KEY_PRIVATE, &peer.notice_->addr,
						peer.entries_, 0, 0);
			if (!queue_ || msgqipc_activate(ctx_, queue_))
				msgqipc_give_up("msgqipc_create");
			if (msgqipc_ctl(ctx_, queue_, MSGQIPC_CTL_NONBLOCK, !blocking, nullptr))
				msgqipc_give_up("msgqipc_ctl");
			peer.notice_->made.store(true, std::memory_order_release);
		}

		int recv(void *msg, uint32_t size)
		{
			const ssize_t len = msgqipc_recv(ctx_, queue_, msg, size);

			if (__builtin_expect(len < 0, 0) &&
			    msgqipc_get_error() != MSGQIPC_ERR_NOTFOUND)
				msgqipc_give_up("msgqipc_recv");
			return static_cast<int>(len);
		}

	private:
		msgqipc_ctx *ctx_;
		msgqipc_queue *queue_;
	};

private:
	struct Notice {
		std::atomic<bool> made = false;
		msgqipc_addr addr = {};
	};

	const uint32_t entries_;
	Notice *notice_;
};

using Msgqipc = MsgqipcPeer<false>;
using MsgqipcBlocking = MsgqipcPeer<true>;

#endif
