// SPDX-License-Identifier: MIT
#ifndef MSGQIPC_CONTEXT_HPP
#define MSGQIPC_CONTEXT_HPP

#include <cstdint>
#include <span>
#include <utility>

#include "queue.hpp"

namespace msgqipc
{

struct Event : msgqipc_event {
	Event() noexcept : msgqipc_event{}
	{
	}
	bool can_recv() const noexcept
	{
		return type == MSGQIPC_EVT_CANRECV;
	}
	bool can_send() const noexcept
	{
		return type == MSGQIPC_EVT_CANSEND;
	}
	bool closed() const noexcept
	{
		return type == MSGQIPC_EVT_CLOSED;
	}
	/* Of CANRECV; the cookie is there as well, and finds the Queue faster. */
	bool of(const Queue &other) const noexcept
	{
		return queue && queue == other.raw();
	}
	Address address() const noexcept
	{
		return addr;
	}
};
static_assert(sizeof(Event) == sizeof(msgqipc_event));

/* The owner of queues, and what is sent with. */
class Context
{
	msgqipc_ctx *ctx_ = nullptr;

	explicit Context(msgqipc_ctx *ctx) noexcept : ctx_(ctx)
	{
	}
	Result<void> control(int command, uint64_t arg, const void *ptr) noexcept
	{
		return detail_::done(
			msgqipc_ctl(ctx_, nullptr, command, arg, const_cast<void *>(ptr)));
	}

public:
	static Result<Context> open(uint16_t version = MSGQIPC_API_V2) noexcept
	{
		msgqipc_api *api = msgqipc_load(version);
		msgqipc_ctx *ctx = api ? msgqipc_ini(api) : nullptr;

		if (!ctx)
			return detail_::last();
		return Context(ctx);
	}

	Context() noexcept = default;
	Context(Context &&from) noexcept : ctx_(std::exchange(from.ctx_, nullptr))
	{
	}
	Context &operator=(Context &&from) noexcept
	{
		if (this != &from) {
			(void)destroy();
			ctx_ = std::exchange(from.ctx_, nullptr);
		}
		return *this;
	}
	~Context()
	{
		(void)destroy();
	}

	explicit operator bool() const noexcept
	{
		return ctx_;
	}
	msgqipc_ctx *raw() const noexcept
	{
		return ctx_;
	}
	Result<void> destroy() noexcept
	{
		if (!ctx_)
			return Done{};
		return detail_::done(msgqipc_destroy(std::exchange(ctx_, nullptr)));
	}

	Result<Queue> create(uint32_t entries, const Options &options = {}) noexcept
	{
		Address address;
		msgqipc_queue *queue = msgqipc_create(ctx_, options.key, &address, entries,
						      options.cookie, options.flags);

		if (!queue)
			return detail_::last();
		return Queue(ctx_, queue, address);
	}

	Result<void> send(const Address &to, std::span<const std::byte> message) noexcept
	{
		return detail_::done(msgqipc_send(ctx_, &to, message.data(), message.size()));
	}
	Result<void> poke(const Address &to) noexcept
	{
		return detail_::done(msgqipc_poke(ctx_, &to));
	}
	Result<void> cancel(const Address &at) noexcept
	{
		return detail_::done(msgqipc_cancel(ctx_, &at));
	}
	Result<void> set_sender_id(const SenderId &id) noexcept
	{
		return control(MSGQIPC_CTL_SET_SENDER_ID, 0, &id);
	}

	/* The part of @room that was filled in. */
	Result<std::span<Event>> events(std::span<Event> room) noexcept
	{
		int count = msgqipc_get_events(ctx_, room.data(), room.size());

		if (count < 0)
			return detail_::last();
		return room.first(static_cast<std::size_t>(count));
	}
	/* For poll and the like; not to be closed. */
	Result<int> fd() noexcept
	{
		return detail_::asked<int>(ctx_, nullptr, MSGQIPC_CTL_GET_FD);
	}
	Result<void> arm() noexcept
	{
		return control(MSGQIPC_CTL_ARM, 0, nullptr);
	}
	Result<void> listen(const Address &to) noexcept
	{
		return control(MSGQIPC_CTL_LISTEN_ADDR, 0, &to);
	}
	Result<void> forget(const Address &what) noexcept
	{
		return control(MSGQIPC_CTL_FORGET_ADDR, 0, &what);
	}
	Result<void> set_nrqr(msgqipc_nrqr_t part) noexcept
	{
		return control(MSGQIPC_CTL_SET_NRQR, part, nullptr);
	}

	Result<Address> lookup(Key key) noexcept
	{
		msgqipc_named named{};

		named.key = key;
		if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP,
				&named))
			return detail_::last();
		return Address(named.addr);
	}
	Result<void> unlink(Key key) noexcept
	{
		msgqipc_named named{};

		named.key = key;
		return control(MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_UNLINK, &named);
	}

	/*
	 * The part of @room that was filled in, none at the end; *@from is 0 at first,
	 * and then where to go on.
	 */
	Result<std::span<msgqipc_info>> list(std::span<msgqipc_info> room, uint32_t *from) noexcept
	{
		msgqipc_list list{ room.data(), static_cast<uint32_t>(room.size()), *from };

		if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &list))
			return detail_::last();
		*from = list.from;
		return room.first(list.count);
	}
	/* Who sends to the queue @to; in the same way. */
	Result<std::span<msgqipc_sender>> senders(const Address &to, std::span<msgqipc_sender> room,
						  uint64_t *from) noexcept
	{
		msgqipc_senders senders{};

		senders.addr = to;
		senders.sender = room.data();
		senders.count = static_cast<uint32_t>(room.size());
		senders.from = *from;
		if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_SENDERS,
				&senders))
			return detail_::last();
		*from = senders.from;
		return room.first(senders.count);
	}

	Result<uint64_t> max_messages() noexcept
	{
		return detail_::asked<uint64_t>(ctx_, nullptr, MSGQIPC_CTL_GET_MAX_MESSAGES);
	}
	Result<msgqipc_host> host() noexcept
	{
		return detail_::asked<msgqipc_host>(ctx_, nullptr, MSGQIPC_CTL_GET_HOST);
	}
	Result<msgqipc_limits> limits() noexcept
	{
		return detail_::asked<msgqipc_limits>(ctx_, nullptr, MSGQIPC_CTL_GET_LIMITS);
	}
	/* Of somebody's queue, at @position or after; state tells whether there is one. */
	Result<msgqipc_message> peek(const Address &at, uint64_t position) noexcept
	{
		msgqipc_message message{};

		message.addr = at;
		message.position = position;
		if (msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_PEEK,
				&message))
			return detail_::last();
		return message;
	}
};

} // namespace msgqipc

#endif
