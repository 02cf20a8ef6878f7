/* SPDX-License-Identifier: MIT */
/*
 * A bell that msgqd gave, kept with the queue or the target that it is of, and in
 * a list of its context's, for the child of a fork to close.
 */
#ifndef MSGQ_LIB_BELL_H
#define MSGQ_LIB_BELL_H

#include <unistd.h>

#include "chain.h"
#include "hosts.h"

namespace msgq
{

struct Bell {
	Link given; /* first, see bell_of() */
	int fd;	    /* -1: none was given yet */
};

inline void bell_init(Bell *bell)
{
	*bell = {};
	bell->fd = -1;
}

inline const Bell *bell_of(const Link *given)
{
	return reinterpret_cast<const Bell *>(given);
}

inline void bell_keep(Bell *bell, int fd, Link *all)
{
	HostsHeld held;

	bell->fd = fd;
	chain_append(all, &bell->given);
}

/* If there is one. */
inline void bell_drop(Bell *bell)
{
	const int fd = bell->fd;

	if (fd < 0)
		return;
	{
		HostsHeld held;

		chain_remove(&bell->given);
		bell->fd = -1;
	}
	close(fd);
}

} // namespace msgq

#endif
