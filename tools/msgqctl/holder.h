/* SPDX-License-Identifier: MIT */
/*
 * A queue lives as long as the process that made it. A holder is one that does
 * nothing else: 'msgqctl create'. It obeys signals, and is told by the cookie of
 * its queue, so that activate, deactivate and rm know whom they may ask. Whoever
 * puts that cookie on another queue gets those signals.
 */
#ifndef MSGQCTL_HOLDER_H
#define MSGQCTL_HOLDER_H

#include <csignal>

#include "client.h"

constexpr uint64_t holder_cookie = 0x6d73677163746c; /* "msgqctl" */

constexpr int holder_activates = SIGUSR1;
constexpr int holder_deactivates = SIGUSR2;
constexpr int holder_ends = SIGTERM;

bool is_held(const msgqipc_info &info);

/*
 * Sends the signal and waits until @done says yes to what has become of the
 * queue, which is NULL when it is gone. @doing: for the Failure.
 */
void ask_holder(const Client &client, const msgqipc_info &info, int signal,
		const std::string &doing, const std::function<bool(const msgqipc_info *)> &done);

#endif
