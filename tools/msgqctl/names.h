/* SPDX-License-Identifier: MIT */
/* Users and groups, by name where they have one. */
#ifndef MSGQCTL_NAMES_H
#define MSGQCTL_NAMES_H

#include <cstdint>
#include <optional>
#include <string>

/* Each is looked up once: there may be ten thousand queues of one user. */
std::string user_name(uint32_t uid);
std::string group_name(uint32_t gid);

/* Of a name or a number. */
std::optional<uint32_t> user_id(const std::string &user);

#endif
