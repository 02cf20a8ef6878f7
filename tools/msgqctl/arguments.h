/* SPDX-License-Identifier: MIT */
/* Arguments that are keys and numbers: how they are taken, and refused. */
#ifndef MSGQCTL_ARGUMENTS_H
#define MSGQCTL_ARGUMENTS_H

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>
#include <msgqipc.h>

#include "../number.h"

/* What @text, given for @argument, says. */
msgqipc_key key_of(const std::string &argument, const std::string &text);

/* The required positional KEY. */
CLI::Option *add_key(CLI::App &app, msgqipc_key &key);

/* "I/N", part I of N */
struct Part {
	uint16_t number = 1;
	uint16_t of = 1;
};
CLI::Option *add_part(CLI::App &app, const std::string &name, Part &part, const std::string &help);

#endif
