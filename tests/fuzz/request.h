/* SPDX-License-Identifier: MIT */
/*
 * The requests of the interface, and what their arguments are, so that a
 * fuzzer gets past the checks of form often enough to see what is behind.
 */
#ifndef MSGQ_TESTS_FUZZ_REQUEST_H
#define MSGQ_TESTS_FUZZ_REQUEST_H

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <uapi/linux/msgq.h>

#include "input.h"

/* What earlier answers told, for later requests. May be shared by processes. */
struct Known {
	static constexpr unsigned room = 16;
	uint32_t handle[room];
	msgq_address address[room];
	unsigned handles, addresses;

	void learn(uint32_t number)
	{
		handle[handles++ % room] = number;
	}

	void learn(const msgq_address &told)
	{
		address[addresses++ % room] = told;
	}

	uint32_t any_handle(uint8_t choice) const
	{
		return handle[choice % among(handles)];
	}

	const msgq_address &any_address(uint8_t choice) const
	{
		return address[choice % among(addresses)];
	}

	/* Of those that were told, and once in a while one that was not. */
	static unsigned among(unsigned told)
	{
		return told < room ? told + 1 : room;
	}
};

enum class Kind : uint8_t { none, number, handle, address, key, bits, version, pointer };

struct Field {
	uint16_t at;
	uint8_t size;
	Kind kind;
};

struct Request {
	const char *name;
	uint32_t command;
	Field field[6]; /* not those that are filled in, nor those that must be zero */
};

#define FUZZ_FIELD(type, member, kind)                                                             \
	{                                                                                          \
		offsetof(type, member), sizeof(type::member), Kind::kind                           \
	}
#define FUZZ_HANDLE(name)                                                                          \
	{                                                                                          \
#name, MSGQ_IOC_##name,                                                            \
		{                                                                                  \
			FUZZ_FIELD(msgq_handle, handle, handle)                                    \
		}                                                                                  \
	}

// clang-format off
inline constexpr Request requests[] = {
	{ "HELLO", MSGQ_IOC_HELLO,
	  { FUZZ_FIELD(msgq_hello, version, version), FUZZ_FIELD(msgq_hello, oldest, version) } },
	{ "CREATE", MSGQ_IOC_CREATE,
	  { FUZZ_FIELD(msgq_create, entries, number), FUZZ_FIELD(msgq_create, key, key),
	    FUZZ_FIELD(msgq_create, flags, bits) } },
	{ "ATTACH", MSGQ_IOC_ATTACH, { FUZZ_FIELD(msgq_attach, address, address) } },
	FUZZ_HANDLE(ACTIVATE),
	FUZZ_HANDLE(DEACTIVATE),
	FUZZ_HANDLE(CLOSE),
	FUZZ_HANDLE(DETACH),
	FUZZ_HANDLE(WAKE),
	FUZZ_HANDLE(REACHED),
	FUZZ_HANDLE(DESTROY),
	{ "RENEW", MSGQ_IOC_RENEW,
	  { FUZZ_FIELD(msgq_renew, handle, handle), FUZZ_FIELD(msgq_renew, claim, number),
	    FUZZ_FIELD(msgq_renew, seen, number) } },
	{ "CANCEL", MSGQ_IOC_CANCEL, { FUZZ_FIELD(msgq_cancel, address, address) } },
	{ "IDENTIFY", MSGQ_IOC_IDENTIFY,
	  { FUZZ_FIELD(msgq_identify, sendid.len, number), FUZZ_FIELD(msgq_identify, sendid.id[0], bits) } },
	{ "SENDER", MSGQ_IOC_SENDER,
	  { FUZZ_FIELD(msgq_sender_of, handle, handle), FUZZ_FIELD(msgq_sender_of, index, number) } },
	{ "SEND", MSGQ_IOC_SEND,
	  { FUZZ_FIELD(msgq_send, handle, handle), FUZZ_FIELD(msgq_send, len, number),
	    FUZZ_FIELD(msgq_send, flags, bits) } },
	{ "REVOKE", MSGQ_IOC_REVOKE,
	  { FUZZ_FIELD(msgq_revoke, handle, handle), FUZZ_FIELD(msgq_revoke, until, number) } },
	{ "STALL", MSGQ_IOC_STALL,
	  { FUZZ_FIELD(msgq_stall, handle, handle), FUZZ_FIELD(msgq_stall, stall_ns, number) } },
	{ "WAIT", MSGQ_IOC_WAIT,
	  { FUZZ_FIELD(msgq_wait, handle, handle), FUZZ_FIELD(msgq_wait, timeout_ns, number) } },
	{ "EVENTS", MSGQ_IOC_EVENTS,
	  { FUZZ_FIELD(msgq_events, count, number), FUZZ_FIELD(msgq_events, flags, bits) } },
	{ "KICK", MSGQ_IOC_KICK,
	  { FUZZ_FIELD(msgq_kick, flags, bits), FUZZ_FIELD(msgq_kick, delay_ns, number) } },
	{ "LISTEN", MSGQ_IOC_LISTEN, { FUZZ_FIELD(msgq_listen, address, address) } },
	{ "FORGET", MSGQ_IOC_FORGET, { FUZZ_FIELD(msgq_listen, address, address) } },
	{ "NRQR", MSGQ_IOC_NRQR, { FUZZ_FIELD(msgq_nrqr, nrqr, number) } },
	{ "NAME", MSGQ_IOC_NAME,
	  { FUZZ_FIELD(msgq_name, operation, number), FUZZ_FIELD(msgq_name, flags, bits),
	    FUZZ_FIELD(msgq_name, key, key), FUZZ_FIELD(msgq_name, handle, handle),
	    FUZZ_FIELD(msgq_name, uid, number), FUZZ_FIELD(msgq_name, mode, number) } },
	{ "LIST", MSGQ_IOC_LIST,
	  { FUZZ_FIELD(msgq_list, buffer, pointer), FUZZ_FIELD(msgq_list, count, number),
	    FUZZ_FIELD(msgq_list, from, number) } },
	{ "LIMITS", MSGQ_IOC_LIMITS, { FUZZ_FIELD(msgq_limits, flags, bits) } },
	{ "SENDERS", MSGQ_IOC_SENDERS,
	  { FUZZ_FIELD(msgq_senders, address, address), FUZZ_FIELD(msgq_senders, buffer, pointer),
	    FUZZ_FIELD(msgq_senders, count, number), FUZZ_FIELD(msgq_senders, from, number) } },
	{ "PEEK", MSGQ_IOC_PEEK,
	  { FUZZ_FIELD(msgq_peek, address, address), FUZZ_FIELD(msgq_peek, position, number) } },
};
// clang-format on

constexpr size_t REQUESTS = sizeof(requests) / sizeof(requests[0]);
constexpr size_t REQUEST_SIZE = 1024; /* of any; the ioctl numbers could tell 16 K */

inline size_t request_size(uint32_t command)
{
	return command >> _IOC_SIZESHIFT & _IOC_SIZEMASK;
}

/* @pointer is what a buffer's address becomes. */
inline uint64_t request_value(Input &input, Kind kind, const Known &known, uint64_t pointer)
{
	const uint8_t choice = kind == Kind::number ? 0 : input.byte();

	switch (kind) {
	case Kind::handle:
		return choice < 240 ? known.any_handle(choice) : input.guess();
	case Kind::key:
		return choice % 4;
	case Kind::bits:
		return choice < 192   ? choice % 4
		       : choice < 224 ? MSGQ_CREATE_MEDIATED | choice % 4
				      : input.guess();
	case Kind::version:
		return choice < 240 ? MSGQ_ABI_VERSION : input.guess();
	case Kind::pointer:
		return choice < 240 ? pointer : input.guess();
	default:
		return input.guess();
	}
}

/* Makes the structure of @request; what is not an argument is mostly zero. */
inline void request_fill(Input &input, const Request &request, const Known &known, uint64_t pointer,
			 uint8_t *bytes)
{
	const size_t size = request_size(request.command);

	memset(bytes, 0, size);
	for (const Field &field : request.field) {
		if (field.kind == Kind::none)
			break;
		if (field.kind == Kind::address) {
			memcpy(bytes + field.at, &known.any_address(input.byte()),
			       sizeof(msgq_address));
			continue;
		}
		const uint64_t value = request_value(input, field.kind, known, pointer);
		memcpy(bytes + field.at, &value, field.size < 8 ? field.size : 8);
	}
	for (uint8_t patches = input.byte(); patches >= 224; patches -= 16)
		bytes[input.number(2) % size] ^= input.byte();
}

/* Keeps what a request that was granted told. */
inline void request_learn(uint32_t command, const uint8_t *bytes, Known *known)
{
	msgq_create create;
	msgq_attach attach;
	msgq_name name;

	switch (command) {
	case MSGQ_IOC_CREATE:
		memcpy(&create, bytes, sizeof(create));
		known->learn(create.handle);
		known->learn(create.address);
		break;
	case MSGQ_IOC_ATTACH:
		memcpy(&attach, bytes, sizeof(attach));
		known->learn(attach.handle);
		break;
	case MSGQ_IOC_NAME:
		memcpy(&name, bytes, sizeof(name));
		known->learn(name.address);
		break;
	default:
		break;
	}
}

#endif
