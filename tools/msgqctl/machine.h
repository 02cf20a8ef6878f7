/* SPDX-License-Identifier: MIT */
/* What this machine is, as far as it matters to message queues. */
#ifndef MSGQCTL_MACHINE_H
#define MSGQCTL_MACHINE_H

#include <optional>
#include <string>

/* "6.1.0-13-amd64" */
std::string kernel_release();

/* The first line of a file, or nothing. */
std::optional<std::string> first_line(const std::string &path);

/* Where a module for this kernel is installed, or nothing. */
std::optional<std::string> installed_module();

/* Nothing: no UEFI, or it does not tell. */
std::optional<bool> secure_boot();

/* Does the kernel take only signed modules, and by whose demand? "" if not. */
std::string signature_demand();

bool in_container();

/* 0 if a client can connect there, or errno. */
int reach(const std::string &socket);

#endif
