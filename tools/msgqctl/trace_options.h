/* SPDX-License-Identifier: MIT */
/* Options of trace and top: which queue, and where the probes are. */
#ifndef MSGQCTL_TRACE_OPTIONS_H
#define MSGQCTL_TRACE_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

void add_key_filter(CLI::App &app, uint64_t &key);
/* A number, or an address as the list has it, or a trace, "#3". */
void add_queue_filter(CLI::App &app, std::optional<uint32_t> &queue);

void add_library(CLI::App &app, std::vector<std::string> &files);

#endif
