// SPDX-License-Identifier: MIT
#include "notation.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>

#include <uapi/linux/msgq.h>

#include "../number.h"

std::string print_key(msgqipc_key key)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, key);
	return text;
}

bool parse_key(const std::string &text, uint64_t &value)
{
	return parse_number(text, value);
}

std::string print_addr(const msgqipc_addr &addr)
{
	char text[40];

	snprintf(text, sizeof(text), "%" PRIx64 ":%" PRIx64, addr.opaque[0], addr.opaque[1]);
	return text;
}

bool parse_addr(const std::string &text, msgqipc_addr &addr)
{
	size_t colon = text.find(':');

	return colon != std::string::npos &&
	       parse_digits(text.substr(0, colon), 0, addr.opaque[0], 16) &&
	       parse_digits(text, colon + 1, addr.opaque[1], 16);
}

bool same(const msgqipc_addr &a, const msgqipc_addr &b)
{
	return a.opaque[0] == b.opaque[0] && a.opaque[1] == b.opaque[1];
}

uint32_t queue_number(const msgqipc_addr &addr)
{
	msgq_address address;

	static_assert(sizeof(address) == sizeof(addr));
	memcpy(&address, &addr, sizeof(address));
	return address.id;
}
