// SPDX-License-Identifier: MIT
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "refusal.h"
#include "thread.h"

namespace msgq
{

static int fail_open(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return fail(MSGQIPC_ERR_NOTFOUND, MSGQ_DEVICE
			    " is not there: load the module (modprobe msgq, or insmod msgq.ko)");
	case EACCES:
	case EPERM:
		return fail(MSGQIPC_ERR_ACCES,
			    MSGQ_DEVICE " may not be opened: its mode should be 0666");
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return fail(MSGQIPC_ERR_NORES,
			    MSGQ_DEVICE " could not be opened: no descriptor or memory, errno %llu",
			    (uint64_t)error);
	default:
		return fail(MSGQIPC_ERR_FAILURE, MSGQ_DEVICE " could not be opened, errno %llu",
			    (uint64_t)error);
	}
}

/* Both sides have to accept each other; the module checks for both. */
static int host_greet(Host *host)
{
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	if (ioctl(host->fd, MSGQ_IOC_HELLO, &hello)) {
		if (hello.refusal.why != MSGQ_WHY_VERSION)
			return fail_refused(errno, hello.refusal);
		if (hello.version < MSGQ_ABI_OLDEST)
			return fail(MSGQIPC_ERR_NOTSUPP,
				    "the module speaks version %llu, this library needs at least "
				    "%llu: update the module",
				    hello.version, MSGQ_ABI_OLDEST);
		return fail(MSGQIPC_ERR_NOTSUPP,
			    "this library speaks version %llu, the module needs at least %llu: "
			    "update the library",
			    MSGQ_ABI_VERSION, hello.oldest);
	}
	host->max_entries = hello.max_entries;
	return 0;
}

int host_open(Host *host)
{
	host->fd = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC);
	if (host->fd < 0)
		return fail_open(errno);
	if (host_greet(host)) {
		close(host->fd);
		return -1;
	}
	return 0;
}

void host_close(Host *host)
{
	msgq_handle all = {};

	/* A forked child may hold the descriptor, so closing it is not enough. */
	ioctl(host->fd, MSGQ_IOC_DESTROY, &all);
	close(host->fd);
}

int host_request(Host *host, unsigned long command, void *request)
{
	if (ioctl(host->fd, command, request))
		return fail_refused(errno, *static_cast<msgq_refusal *>(request));
	return 0;
}

int host_map(Host *host, const msgq_area area[MSGQ_AREAS], bool owner, Areas *areas)
{
	*areas = {};
	for (int i = 0; i < MSGQ_AREAS; i++) {
		bool writable = i == MSGQ_AREA_SLOTS || (i == MSGQ_AREA_CONSUMER && owner);
		void *base;

		if (!area[i].size)
			continue;
		/* Populated: no page fault on the first lap of the ring. */
		base = mmap(nullptr, area[i].size, PROT_READ | (writable ? PROT_WRITE : 0),
			    MAP_SHARED | MAP_POPULATE, host->fd, (off_t)area[i].offset);
		if (base == MAP_FAILED) {
			int error = errno;

			host_unmap(areas);
			return fail(MSGQIPC_ERR_NORES,
				    "%llu bytes of the queue could not be mapped, errno %llu",
				    area[i].size, (uint64_t)error);
		}
		areas->base[i] = base;
		areas->size[i] = area[i].size;
	}
	return 0;
}

void host_unmap(Areas *areas)
{
	for (int i = 0; i < MSGQ_AREAS; i++) {
		if (areas->size[i])
			munmap(areas->base[i], areas->size[i]);
	}
	*areas = {};
}

} // namespace msgq
