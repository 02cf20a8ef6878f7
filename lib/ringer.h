/* SPDX-License-Identifier: MIT */
/*
 * Ringing a bell, an eventfd that others have as well, without ever waiting.
 *
 * A plain write does not do: whether it may wait is of the open file, which all
 * who have the bell share. Any of them can make it blocking and fill it, also
 * between a look at it and the write. So the kernel rings, as it does when an
 * asynchronous request is complete (IOCB_FLAG_RESFD), which never waits. The
 * request asks whether the bell can be read or written, and one of these is
 * always so: it is complete at once.
 *
 * Where such requests are not to be had (a filter of system calls, fs.aio-max-nr),
 * it is a look and a write after all.
 */
#ifndef MSGQ_LIB_RINGER_H
#define MSGQ_LIB_RINGER_H

#include <linux/aio_abi.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct msgq_ringer {
	aio_context_t aio;
	bool tried;
};

/* What the kernel puts at the address that an aio_context_t is. */
struct msgq_ringer_done {
	uint32_t id, slots;
	uint32_t head, tail;
	uint32_t magic;
};

#define MSGQ_RINGER_MAGIC 0xa10a10a1u

static inline bool msgq_ringer_ready(struct msgq_ringer *ringer)
{
	if (!ringer->tried) {
		ringer->tried = true;
		if (syscall(SYS_io_setup, 1, &ringer->aio))
			ringer->aio = 0;
	}
	return ringer->aio;
}

/* As if it were read: the room for one request is free again. */
static inline bool msgq_ringer_forget(const struct msgq_ringer *ringer)
{
	struct msgq_ringer_done *done = (struct msgq_ringer_done *)ringer->aio;

	if (done->magic != MSGQ_RINGER_MAGIC)
		return false;
	__atomic_store_n(&done->head, __atomic_load_n(&done->tail, __ATOMIC_ACQUIRE),
			 __ATOMIC_RELEASE);
	return true;
}

static inline bool msgq_ringer_submit(struct msgq_ringer *ringer, int bell)
{
	struct iocb request;
	struct iocb *requests[] = { &request };

	memset(&request, 0, sizeof(request));
	request.aio_lio_opcode = IOCB_CMD_POLL;
	request.aio_fildes = (uint32_t)bell;
	request.aio_buf = POLLIN | POLLOUT;
	request.aio_flags = IOCB_FLAG_RESFD;
	request.aio_resfd = (uint32_t)bell;
	return msgq_ringer_ready(ringer) && msgq_ringer_forget(ringer) &&
	       syscall(SYS_io_submit, ringer->aio, 1L, requests) == 1;
}

/* One thread at a time. */
static inline void msgq_ringer_ring(struct msgq_ringer *ringer, int bell)
{
	struct pollfd room = { bell, POLLOUT, 0 };
	const uint64_t one = 1;

	if (msgq_ringer_submit(ringer, bell))
		return;
	/* Full it can be read, which is all that is wanted. */
	if (poll(&room, 1, 0) == 1 && room.revents & POLLOUT) {
		ssize_t ignored = write(bell, &one, sizeof(one));

		(void)ignored;
	}
}

static inline void msgq_ringer_end(struct msgq_ringer *ringer)
{
	if (ringer->aio)
		syscall(SYS_io_destroy, ringer->aio);
	ringer->aio = 0;
	ringer->tried = false;
}

#endif
