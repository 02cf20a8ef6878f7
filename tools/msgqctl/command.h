/* SPDX-License-Identifier: MIT */
#ifndef MSGQCTL_COMMAND_H
#define MSGQCTL_COMMAND_H

#include <functional>

#include <CLI/CLI.hpp>

/*
 * Adds a subcommand's arguments to @app; the result runs it, once they have
 * been parsed. It throws Failure for everything but success.
 */
using Setup = std::function<void()>(CLI::App &app);

Setup setup_list;
Setup setup_show;
Setup setup_watch;
Setup setup_peek;
Setup setup_create;
Setup setup_rm;
Setup setup_activate;
Setup setup_deactivate;
Setup setup_poke;
Setup setup_send;
Setup setup_recv;
Setup setup_top;
Setup setup_trace;
Setup setup_limits;
Setup setup_doctor;
Setup setup_bench;
Setup setup_completion;

#endif
