// SPDX-License-Identifier: MIT
#ifndef MSGQIPC_QUEUE_HPP
#define MSGQIPC_QUEUE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "message.hpp"
#include "result.hpp"

namespace msgqipc
{

namespace detail_
{

/* The part of @room that a message of @length took. */
inline Result<std::span<std::byte>> taken(std::span<std::byte> room, ssize_t length) noexcept
{
	if (length < 0)
		return last();
	return room.first(static_cast<std::size_t>(length));
}

} // namespace detail_

struct Options {
	Key key = private_key;
	uint64_t cookie = 0;
	uint32_t flags = 0; /* MSGQIPC_CREATE_* */
};

/* A receive endpoint. Context::create() makes it, its end closes it. */
class Queue
{
	msgqipc_ctx *ctx_ = nullptr;
	msgqipc_queue *queue_ = nullptr;
	Address address_;

	friend class Context;
	Queue(msgqipc_ctx *ctx, msgqipc_queue *queue, const Address &address) noexcept
	    : ctx_(ctx), queue_(queue), address_(address)
	{
	}

public:
	Queue() noexcept = default;
	Queue(Queue &&from) noexcept
	    : ctx_(from.ctx_), queue_(std::exchange(from.queue_, nullptr)), address_(from.address_)
	{
	}
	Queue &operator=(Queue &&from) noexcept
	{
		if (this != &from) {
			(void)close();
			ctx_ = from.ctx_;
			queue_ = std::exchange(from.queue_, nullptr);
			address_ = from.address_;
		}
		return *this;
	}
	~Queue()
	{
		(void)close();
	}

	/* Whether there is one; all calls but close() answer inval if there is not. */
	explicit operator bool() const noexcept
	{
		return queue_;
	}
	msgqipc_queue *raw() const noexcept
	{
		return queue_;
	}
	const Address &address() const noexcept
	{
		return address_;
	}

	Result<void> close() noexcept
	{
		if (!queue_)
			return Done{};
		return detail_::done(msgqipc_close(ctx_, std::exchange(queue_, nullptr), 0));
	}
	Result<void> activate() noexcept
	{
		return detail_::done(msgqipc_activate(ctx_, queue_));
	}
	Result<void> deactivate() noexcept
	{
		return detail_::done(msgqipc_deactivate(ctx_, queue_));
	}
	Result<void> nonblock(bool on = true) noexcept
	{
		return detail_::done(msgqipc_ctl(ctx_, queue_, MSGQIPC_CTL_NONBLOCK, on, nullptr));
	}

	/* The part of @room that the message takes up. */
	Result<std::span<std::byte>> recv(std::span<std::byte> room) noexcept
	{
		return detail_::taken(room, msgqipc_recv(ctx_, queue_, room.data(), room.size()));
	}
	Result<std::span<std::byte>> recv(std::span<std::byte> room,
					  std::chrono::nanoseconds timeout) noexcept
	{
		return detail_::taken(room, msgqipc_recv_timeout(ctx_, queue_, room.data(),
								 room.size(), timeout.count()));
	}
	Result<std::span<std::byte>> peek(std::span<std::byte> room, std::size_t index = 0,
					  SenderId *sender = nullptr) noexcept
	{
		if (!ctx_ || !sender)
			return detail_::taken(
				room, msgqipc_peek(ctx_, queue_, room.data(), room.size(), index));
		return detail_::taken(room, msgqipc_ctx_api(ctx_)->v1->peek(ctx_, queue_, sender,
									    room.data(),
									    room.size(), index));
	}
	/* Of the last recv, in full if that was answered by trunc. */
	Result<uint64_t> recv_size() noexcept
	{
		return detail_::asked<uint64_t>(ctx_, queue_, MSGQIPC_CTL_RECV_SIZE);
	}

	Result<msgqipc_named> permissions() noexcept
	{
		msgqipc_named named{};

		if (msgqipc_ctl(ctx_, queue_, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_GET_PERM,
				&named))
			return detail_::last();
		return named;
	}
	Result<void> permit(uint32_t uid, uint32_t gid, uint32_t mode) noexcept
	{
		msgqipc_named named{};

		named.uid = uid;
		named.gid = gid;
		named.mode = mode;
		return detail_::done(msgqipc_ctl(ctx_, queue_, MSGQIPC_CTL_NAMED_OPTS,
						 MSGQIPC_NAMED_SET_PERM, &named));
	}
};

} // namespace msgqipc

#endif
