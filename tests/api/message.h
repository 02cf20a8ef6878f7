/* SPDX-License-Identifier: MIT */
/*
 * Messages that show whether they are whole: who sent them, their number,
 * and bytes that follow from both.
 */
#ifndef MSGQ_TESTS_API_MESSAGE_H
#define MSGQ_TESTS_API_MESSAGE_H

#include <cstdint>
#include <cstring>

#include <sys/types.h>

namespace api
{

struct Message {
	uint64_t number;
	uint32_t sender;
	uint8_t rest[52];
};
static_assert(sizeof(Message) == 64);

constexpr size_t MESSAGE_HEAD = 12;

/* Lengths change from one to the next, over all that the head leaves. */
inline size_t length(uint32_t sender, uint64_t number)
{
	return MESSAGE_HEAD + (number * 7 + sender * 13) % (64 - MESSAGE_HEAD + 1);
}

inline uint8_t pattern(uint32_t sender, uint64_t number, size_t at)
{
	uint64_t mixed = (number + 1) * 0x9e3779b97f4a7c15u + sender * 0x100000001b3u + at * 0x1f7u;

	return static_cast<uint8_t>(mixed >> 32);
}

inline size_t compose(Message &message, uint32_t sender, uint64_t number)
{
	size_t len = length(sender, number);

	message.number = number;
	message.sender = sender;
	for (size_t at = 0; at < len - MESSAGE_HEAD; at++)
		message.rest[at] = pattern(sender, number, at);
	return len;
}

inline bool whole(const Message &message, ssize_t len)
{
	if (len < ssize_t(MESSAGE_HEAD) || size_t(len) != length(message.sender, message.number))
		return false;
	for (size_t at = 0; at < size_t(len) - MESSAGE_HEAD; at++)
		if (message.rest[at] != pattern(message.sender, message.number, at))
			return false;
	return true;
}

} // namespace api

#endif
