/* SPDX-License-Identifier: MIT */
#ifndef MSGQD_MUST_H
#define MSGQD_MUST_H

#include <cerrno>
#include <string>
#include <system_error>

/* Of a system call without whose success there is no daemon. */
inline int must(int result, const std::string &what)
{
	if (result < 0)
		throw std::system_error(errno, std::generic_category(), what);
	return result;
}

#endif
