/* SPDX-License-Identifier: MIT */
/* Where msgqd is to be found: for it to listen at, and for programs to look at. */
#ifndef MSGQ_LIB_PLACE_H
#define MSGQ_LIB_PLACE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

#include "wire.h"

namespace msgq
{

/* The path of a socket may be this long, its end included. */
constexpr size_t PATH_SIZE = sizeof(sockaddr_un::sun_path);

/* Whoever names one has no other. */
inline const char *place_named()
{
	return secure_getenv(MSGQ_WIRE_SOCKET_VARIABLE);
}

/*
 * The path of the @number-th place: programs look at one after the other, msgqd
 * takes the first. Returns its length, as snprintf() does; -1: there is none.
 */
inline int place(unsigned number, char *path, size_t size)
{
	const char *named = place_named();
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");

	if (named)
		return number ? -1 : snprintf(path, size, "%s", named);
	if (runtime && number-- == 0)
		return snprintf(path, size, "%s/" MSGQ_WIRE_SOCKET_NAME, runtime);
	return number ? -1 : snprintf(path, size, "%s", MSGQ_WIRE_SOCKET_SYSTEM);
}

} // namespace msgq

#endif
