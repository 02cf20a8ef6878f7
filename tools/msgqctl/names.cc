// SPDX-License-Identifier: MIT
#include "names.h"

#include <charconv>
#include <grp.h>
#include <map>
#include <pwd.h>

std::string user_name(uint32_t uid)
{
	static std::map<uint32_t, std::string> known;
	auto [at, fresh] = known.try_emplace(uid);

	if (fresh) {
		const passwd *entry = getpwuid(uid);

		at->second = entry ? entry->pw_name : std::to_string(uid);
	}
	return at->second;
}

std::string group_name(uint32_t gid)
{
	static std::map<uint32_t, std::string> known;
	auto [at, fresh] = known.try_emplace(gid);

	if (fresh) {
		const struct group *entry = getgrgid(gid);

		at->second = entry ? entry->gr_name : std::to_string(gid);
	}
	return at->second;
}

std::optional<uint32_t> user_id(const std::string &user)
{
	uint32_t uid = 0;
	auto [end, error] = std::from_chars(user.data(), user.data() + user.size(), uid);

	if (const passwd *entry = getpwnam(user.c_str()))
		return entry->pw_uid;
	if (error == std::errc() && end == user.data() + user.size())
		return uid;
	return std::nullopt;
}
