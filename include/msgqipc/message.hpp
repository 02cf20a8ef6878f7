// SPDX-License-Identifier: MIT
/* What goes from one process to another, and from whom to whom. */
#ifndef MSGQIPC_MESSAGE_HPP
#define MSGQIPC_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "../msgqipc.h"

namespace msgqipc
{

/* What says where something is, and is of no use to another process. */
template <typename T>
inline constexpr bool points = std::is_pointer_v<T>;
template <typename T, std::size_t Count>
inline constexpr bool points<std::span<T, Count>> = true;

/*
 * What is sent and received, as bytes: bytes(order), bytes("text"). Arrays and
 * pointers to characters are strings, without the zero at their end; std::array is
 * an object, and other pointers and spans are none.
 */
template <typename T, std::enable_if_t<std::is_trivially_copyable_v<T> && !std::is_array_v<T> &&
					       !points<std::remove_cv_t<T>>,
				       int> = 0>
auto bytes(T &object) noexcept
{
	if constexpr (std::is_const_v<T>)
		return std::as_bytes(std::span<T, 1>(&object, 1));
	else
		return std::as_writable_bytes(std::span<T, 1>(&object, 1));
}
inline std::span<const std::byte> bytes(std::string_view string) noexcept
{
	return std::as_bytes(std::span(string.data(), string.size()));
}

inline constexpr std::size_t max_message = 64;

using Key = msgqipc_key;
inline constexpr Key private_key = MSGQIPC_KEY_PRIVATE;

/* A plain value: it may be copied, compared, sent and stored. */
struct Address : msgqipc_addr {
	constexpr Address() noexcept : msgqipc_addr{}
	{
	}
	constexpr Address(const msgqipc_addr &raw) noexcept : msgqipc_addr(raw)
	{
	}
	friend constexpr bool operator==(const Address &a, const Address &b) noexcept
	{
		return a.opaque[0] == b.opaque[0] && a.opaque[1] == b.opaque[1];
	}
};

struct SenderId : msgqipc_sendid {
	SenderId() noexcept : msgqipc_sendid{}
	{
	}
	/* One that is too long is refused when it is set, not cut. */
	explicit SenderId(std::span<const std::byte> id) noexcept : msgqipc_sendid{}
	{
		len = static_cast<uint16_t>(id.size() > UINT16_MAX ? UINT16_MAX : id.size());
		if (id.size() && id.size() <= sizeof(spc))
			std::memcpy(spc, id.data(), id.size());
	}
	std::span<const std::byte> get() const noexcept
	{
		return std::as_bytes(std::span(spc, len > sizeof(spc) ? sizeof(spc) : len));
	}
};

} // namespace msgqipc

#endif
