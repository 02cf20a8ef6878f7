/* SPDX-License-Identifier: MIT */
/*
 * A bell that msgqd gave, kept with the queue or the target that it is of, and in
 * a list of its context's, for the child of a fork to close.
 */
#ifndef MSGQ_LIB_BELL_H
#define MSGQ_LIB_BELL_H

#include <unistd.h>

#include "hosts.h"

namespace msgq
{

struct Bell {
	int fd; /* -1: none was given yet */
	Bell *next, **link;
};

inline void bell_init(Bell *bell)
{
	bell->fd = -1;
}

inline void bell_keep(Bell *bell, int fd, Bell **list)
{
	HostsHeld held;

	bell->fd = fd;
	bell->next = *list;
	bell->link = list;
	if (bell->next)
		bell->next->link = &bell->next;
	*list = bell;
}

/* If there is one. */
inline void bell_drop(Bell *bell)
{
	const int fd = bell->fd;

	if (fd < 0)
		return;
	{
		HostsHeld held;

		*bell->link = bell->next;
		if (bell->next)
			bell->next->link = bell->link;
		bell->fd = -1;
	}
	close(fd);
}

} // namespace msgq

#endif
