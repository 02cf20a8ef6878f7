/* SPDX-License-Identifier: MIT */
/*
 * Who keeps the queues: the module, behind /dev/msgq. All that the rest of
 * the library asks of it goes through here.
 */
#ifndef MSGQ_LIB_HOST_H
#define MSGQ_LIB_HOST_H

#include <stddef.h>
#include <stdint.h>

#include <uapi/linux/msgq.h>

namespace msgq
{

struct Host {
	int fd;
	uint64_t max_entries;
};

struct Areas {
	void *base[MSGQ_AREAS];
	size_t size[MSGQ_AREAS];
};

/* Each returns 0, or -1 with the thread's error set. */

/* Opens the host and greets it. */
int host_open(Host *host);
void host_close(Host *host);

/* @request starts with a msgq_refusal. */
int host_request(Host *host, unsigned long command, void *request);

/* Maps what CREATE (@owner) or ATTACH told of, with the rights that go with it. */
int host_map(Host *host, const msgq_area area[MSGQ_AREAS], bool owner, Areas *areas);
void host_unmap(Areas *areas);

} // namespace msgq

#endif
