/* SPDX-License-Identifier: MIT */
/* Arguments that say which queue: by key, or by the address that list shows. */
#ifndef MSGQCTL_WHICH_H
#define MSGQCTL_WHICH_H

#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <msgqipc.h>

#include "client.h"

struct Which {
	msgqipc_key key = MSGQIPC_KEY_PRIVATE; /* private: by address */
	msgqipc_addr addr{};
};

std::string print_which(const Which &which);

/* The required positional QUEUE, and one that takes any number of them. */
CLI::Option *add_queue(CLI::App &app, Which &which);
CLI::Option *add_queues(CLI::App &app, std::vector<Which> &which);

bool is(const Which &which, const msgqipc_info &info);

/* What there is to know of it; a Failure when it is not there, or out of sight. */
msgqipc_info find(const Client &client, const Which &which);

/* Its address, which takes less permission. */
msgqipc_addr address(const Client &client, const Which &which);

#endif
