/* SPDX-License-Identifier: MIT */
/*
 * Who keeps the queues: the module, behind /dev/msgq, or else a running
 * msgqd, behind a socket. All that the rest of the library asks of either
 * goes through here.
 */
#ifndef MSGQ_LIB_HOST_H
#define MSGQ_LIB_HOST_H

#include <stddef.h>
#include <stdint.h>

#include <msgq/sender.h>
#include <uapi/linux/msgq.h>

#include "bells.h"
#include "exchange.h"
#include "place.h"

namespace msgq
{

struct HostKind;

struct Host {
	const HostKind *kind;
	char path[PATH_SIZE];
	char release[sizeof(msgq_hello::release)];
	int fd;
	uint64_t max_entries;
	/* What came with the last CREATE or ATTACH, until it is mapped; or -1. */
	int area_fd[MSGQ_AREAS];
	Exchange exchange; /* of a socket */
	Bells bells;
	Host *next; /* see hosts.h */
};

struct Areas {
	void *base[MSGQ_AREAS];
	size_t size[MSGQ_AREAS];
};

/* What differs between the two. ints are 0, or -1 with the thread's error set. */
struct HostKind {
	uint32_t code; /* MSGQIPC_HOST_* */
	int (*open)(Host *host);
	/* Returns 0, or errno with the refusal filled in. */
	int (*request)(Host *host, unsigned long command, void *request);
	/* MAP_FAILED with errno set. */
	void *(*map)(Host *host, int area, const msgq_area *where, int rights);
	/*
	 * Sleeps until there may be something at the head of an own queue, but
	 * not longer than @timeout_ns, unless it is negative: then NOTFOUND.
	 */
	int (*wait)(Host *host, uint32_t handle, const msgq_ring *ring, int64_t timeout_ns);
	/*
	 * Wakes who waits for what @sender, of the target of that handle, has
	 * just sent. @bell: what it takes, kept with the target.
	 */
	void (*wake)(Host *host, uint32_t handle, const msgq_sender *sender, Bell *bell);

	/* What is readable while there are events. */
	int (*descriptor)(Host *host, int *fd);
	/* Before an own queue is armed; @bell as above, kept with the queue. */
	int (*arm)(Host *host, uint32_t handle, Bell *bell);
	/* The queue is no more. */
	void (*disarm)(Host *host, Bell *bell);
	/* As MSGQ_IOC_EVENTS. */
	int (*events)(Host *host, msgq_events *events);
	/* As MSGQ_IOC_KICK. */
	int (*kick)(Host *host, uint32_t flags, int64_t delay_ns);
};

extern const HostKind device, daemon;

/* Opens the module, or else msgqd, and greets it. */
int host_open(Host *host);
void host_close(Host *host);

/* @request starts with a msgq_refusal. */
int host_request(Host *host, unsigned long command, void *request);

/* The descriptor of an area, which is the caller's then; or -1. */
int host_take_area(Host *host, int area);
/* Closes descriptors that came and that nobody asked for, or came to map. */
void host_drop_areas(Host *host);

/* Maps what CREATE (@owner) or ATTACH told of, with the rights that go with it. */
int host_map(Host *host, const msgq_area area[MSGQ_AREAS], bool owner, Areas *areas);
void host_unmap(Areas *areas);

/* The ring of that capacity in @areas; FAILURE when it is not what they hold. */
int host_ring(const Areas *areas, uint32_t capacity, msgq_ring *ring);

} // namespace msgq

#endif
