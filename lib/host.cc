// SPDX-License-Identifier: MIT
#include "host.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hosts.h"
#include "refusal.h"
#include "thread.h"
#include "wire.h"

namespace msgq
{

/* Both sides have to accept each other; the module checks for both. */
static int host_greet(Host *host)
{
	msgq_hello hello = {};
	int error;

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	error = host->kind->request(host, MSGQ_IOC_HELLO, &hello);
	if (error) {
		if (hello.refusal.why != MSGQ_WHY_VERSION)
			return fail_refused(error, hello.refusal);
		if (hello.version < MSGQ_ABI_OLDEST)
			return fail(
				MSGQIPC_ERR_NOTSUPP,
				host->kind == &device
					? "the module speaks version %llu, this library needs at "
					  "least %llu: update the module"
					: "msgqd speaks version %llu, this library needs at "
					  "least %llu: update msgqd",
				hello.version, MSGQ_ABI_OLDEST);
		return fail(MSGQIPC_ERR_NOTSUPP,
			    host->kind == &device
				    ? "this library speaks version %llu, the module needs at least "
				      "%llu: update the library"
				    : "this library speaks version %llu, msgqd needs at least "
				      "%llu: update the library",
			    MSGQ_ABI_VERSION, hello.oldest);
	}
	host->max_entries = hello.max_entries;
	static_assert(sizeof(host->release) == sizeof(hello.release));
	memcpy(host->release, hello.release, sizeof(host->release) - 1);
	return 0;
}

/* The module first; but who names a daemon gets that. */
static int host_find(Host *host)
{
	Thread why;

	if (place_named()) {
		host->kind = &daemon;
		return daemon.open(host);
	}
	host->kind = &device;
	if (!device.open(host))
		return 0;
	if (thread.error != MSGQIPC_ERR_NOTFOUND)
		return -1;
	why = thread;
	host->kind = &daemon;
	if (!daemon.open(host))
		return 0;
	/* There is one, and it is not to be had. */
	if (thread.error != MSGQIPC_ERR_NOTFOUND)
		return -1;
	return fail(why.error, why.detail, why.bound[0], why.bound[1]);
}

static void host_shut(Host *host)
{
	host_drop_areas(host);
	hosts_leave(host);
	if (host->fd >= 0)
		close(host->fd);
	bells_close(&host->bells);
}

int host_open(Host *host)
{
	host->fd = -1;
	for (int &fd : host->area_fd)
		fd = -1;
	bells_init(&host->bells);
	/* Before there is anything that a child could be left with. */
	hosts_enter(host);
	if (!host_find(host) && !host_greet(host))
		return 0;
	host_shut(host);
	return -1;
}

void host_close(Host *host)
{
	msgq_handle all = {};

	/* A process that was passed the descriptor may hold it: closing is not enough. */
	host->kind->request(host, MSGQ_IOC_DESTROY, &all);
	host_shut(host);
}

int host_take_area(Host *host, int area)
{
	const int fd = host->area_fd[area];

	host->area_fd[area] = -1;
	return fd;
}

void host_drop_areas(Host *host)
{
	for (int area = 0; area < MSGQ_AREAS; area++) {
		const int fd = host_take_area(host, area);

		if (fd >= 0)
			close(fd);
	}
}

int host_request(Host *host, unsigned long command, void *request)
{
	int error = host->kind->request(host, command, request);

	return error ? fail_refused(error, *static_cast<msgq_refusal *>(request)) : 0;
}

int host_map(Host *host, const msgq_area area[MSGQ_AREAS], bool owner, Areas *areas)
{
	*areas = {};
	for (int i = 0; i < MSGQ_AREAS; i++) {
		bool writable = i == MSGQ_AREA_SLOTS || (i == MSGQ_AREA_CONSUMER && owner);
		void *base;

		if (!area[i].size)
			continue;
		base = host->kind->map(host, i, &area[i], PROT_READ | (writable ? PROT_WRITE : 0));
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

int host_ring(const Areas *areas, uint32_t capacity, msgq_ring *ring)
{
	const size_t each = sizeof(msgq_slot) + sizeof(uint64_t);

	if (areas->size[MSGQ_AREA_KEEPER] < sizeof(msgq_keeper_page) ||
	    areas->size[MSGQ_AREA_CONSUMER] < sizeof(msgq_consumer_page) || !capacity ||
	    capacity >= areas->size[MSGQ_AREA_SLOTS] / each ||
	    msgq_ring_bytes(capacity) > areas->size[MSGQ_AREA_SLOTS])
		return fail(MSGQIPC_ERR_FAILURE,
			    "a ring of %llu entries does not fit into the memory that came for it",
			    capacity);
	*ring = msgq_ring_over(areas->base[MSGQ_AREA_KEEPER], areas->base[MSGQ_AREA_CONSUMER],
			       areas->base[MSGQ_AREA_SLOTS], capacity);
	return 0;
}

/* Areas that lie one below the other, as they mostly come, go in one call. */
void host_unmap(Areas *areas)
{
	for (int i = 0; i < MSGQ_AREAS; i++) {
		auto *base = static_cast<uint8_t *>(areas->base[i]);
		size_t size = areas->size[i];

		if (!size)
			continue;
		for (; i + 1 < MSGQ_AREAS && areas->size[i + 1]; i++) {
			auto *next = static_cast<uint8_t *>(areas->base[i + 1]);

			if (next + areas->size[i + 1] != base)
				break;
			base = next;
			size += areas->size[i + 1];
		}
		munmap(base, size);
	}
	*areas = {};
}

} // namespace msgq
