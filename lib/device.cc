// SPDX-License-Identifier: MIT
/* The module, behind /dev/msgq. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <msgqipc.h>

#include "host.h"
#include "hosts.h"
#include "refusal.h"
#include "thread.h"

namespace msgq
{

/* An open tells no bound: it is asked of the module's parameter. */
static int fail_contexts()
{
	msgq_refusal refusal = { MSGQ_WHY_USER_CONTEXTS, 0, 0 };
	int fd = open("/sys/module/msgq/parameters/user_contexts", O_RDONLY | O_CLOEXEC);
	char text[24] = {};

	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) > 0)
			refusal.bound = strtoull(text, nullptr, 10);
		close(fd);
	}
	return fail_refused(EDQUOT, refusal);
}

static int device_open(Host *host)
{
	memcpy(host->path, MSGQ_DEVICE, sizeof(MSGQ_DEVICE));
	{
		HostsHeld held;

		host->fd = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC);
	}
	if (host->fd >= 0)
		return 0;
	switch (errno) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return fail(MSGQIPC_ERR_NOTFOUND, MSGQ_DEVICE
			    " is not there, and no msgqd runs: load the module (modprobe msgq, "
			    "or insmod msgq.ko), or start msgqd");
	case EACCES:
	case EPERM:
		return fail(MSGQIPC_ERR_ACCES,
			    MSGQ_DEVICE " may not be opened: ask for the group that it is of");
	case EDQUOT:
		return fail_contexts();
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return fail(MSGQIPC_ERR_NORES,
			    MSGQ_DEVICE " could not be opened: no descriptor or memory, errno %llu",
			    (uint64_t)errno);
	default:
		return fail(MSGQIPC_ERR_FAILURE, MSGQ_DEVICE " could not be opened, errno %llu",
			    (uint64_t)errno);
	}
}

static int device_request(Host *host, unsigned long command, void *request)
{
	return ioctl(host->fd, command, request) ? errno : 0;
}

static void *device_map(Host *host, int, const msgq_area *where, int rights)
{
	/* The module puts all pages in at once: no page fault on the first lap of the ring. */
	return mmap(nullptr, where->size, rights, MAP_SHARED, host->fd, (off_t)where->offset);
}

static int device_wait(Host *host, uint32_t handle, const msgq_ring *, int64_t timeout_ns)
{
	msgq_wait wait = {};

	wait.handle = handle;
	wait.timeout_ns = timeout_ns;
	return host_request(host, MSGQ_IOC_WAIT, &wait);
}

static void device_wake(Host *host, uint32_t handle, const msgq_sender *, Bell *)
{
	msgq_handle target = {};

	/* Whatever comes of it, the message is in the queue. */
	target.handle = handle;
	device_request(host, MSGQ_IOC_WAKE, &target);
}

static int device_descriptor(Host *host, int *fd)
{
	*fd = host->fd;
	return 0;
}

/* The module knows by the queue's page that it is armed. */
static int device_arm(Host *, uint32_t, Bell *)
{
	return 0;
}

static void device_disarm(Host *, Bell *)
{
}

static int device_events(Host *host, msgq_events *events)
{
	return host_request(host, MSGQ_IOC_EVENTS, events);
}

static int device_kick(Host *host, uint32_t flags, int64_t delay_ns)
{
	msgq_kick kick = {};

	kick.flags = flags;
	kick.delay_ns = (uint64_t)delay_ns;
	return host_request(host, MSGQ_IOC_KICK, &kick);
}

const HostKind device = {
	.code = MSGQIPC_HOST_MODULE,
	.open = device_open,
	.request = device_request,
	.map = device_map,
	.wait = device_wait,
	.wake = device_wake,
	.descriptor = device_descriptor,
	.arm = device_arm,
	.disarm = device_disarm,
	.events = device_events,
	.kick = device_kick,
};

} // namespace msgq
