/* SPDX-License-Identifier: MIT */
/* How keys and addresses are written, and read. */
#ifndef MSGQCTL_NOTATION_H
#define MSGQCTL_NOTATION_H

#include <cstdint>
#include <string>

#include <msgqipc.h>

std::string print_key(msgqipc_key key);
/* A number as keys are, 0 included: decimal, or hexadecimal after 0x. */
bool parse_key(const std::string &text, uint64_t &value);

std::string print_addr(const msgqipc_addr &addr);
bool parse_addr(const std::string &text, msgqipc_addr &addr);

bool same(const msgqipc_addr &a, const msgqipc_addr &b);
/* The number in it, by which tracepoints and probes call the queue. */
uint32_t queue_number(const msgqipc_addr &addr);

#endif
