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

/*
 * One for a process, used by all of its threads, and never given back: to end it
 * takes the kernel tens of milliseconds, which is for the end of the process. A
 * child of a fork has none.
 */
struct msgq_ringer {
	aio_context_t aio; /* 0: none yet */
	bool none;	   /* there is none to be had */
};

/* What the kernel puts at the address that an aio_context_t is. */
struct msgq_ringer_done {
	uint32_t id, slots;
	uint32_t head, tail;
	uint32_t magic;
};

#define MSGQ_RINGER_MAGIC 0xa10a10a1u

/* 0: there is none. */
static inline aio_context_t msgq_ringer_aio(struct msgq_ringer *ringer)
{
	aio_context_t aio = __atomic_load_n(&ringer->aio, __ATOMIC_ACQUIRE), none = 0;

	if (aio || ringer->none)
		return aio;
	if (syscall(SYS_io_setup, 1, &aio)) {
		ringer->none = true;
		return 0;
	}
	if (__atomic_compare_exchange_n(&ringer->aio, &none, aio, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return aio;
	/* Another thread was first. */
	syscall(SYS_io_destroy, aio);
	return none;
}

/*
 * As if what is complete were read: there is room for requests again. Where others
 * do the same, the head may go back to where it was, until the next time.
 */
static inline bool msgq_ringer_forget(aio_context_t aio)
{
	struct msgq_ringer_done *done = (struct msgq_ringer_done *)aio;

	if (done->magic != MSGQ_RINGER_MAGIC)
		return false;
	__atomic_store_n(&done->head, __atomic_load_n(&done->tail, __ATOMIC_ACQUIRE),
			 __ATOMIC_RELEASE);
	return true;
}

static inline bool msgq_ringer_submit(struct msgq_ringer *ringer, int bell)
{
	const aio_context_t aio = msgq_ringer_aio(ringer);
	struct iocb request;
	struct iocb *requests[] = { &request };

	memset(&request, 0, sizeof(request));
	request.aio_lio_opcode = IOCB_CMD_POLL;
	request.aio_fildes = (uint32_t)bell;
	request.aio_buf = POLLIN | POLLOUT;
	request.aio_flags = IOCB_FLAG_RESFD;
	request.aio_resfd = (uint32_t)bell;
	return aio && msgq_ringer_forget(aio) && syscall(SYS_io_submit, aio, 1L, requests) == 1;
}

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

/* In the child of a fork. */
static inline void msgq_ringer_abandon(struct msgq_ringer *ringer)
{
	ringer->aio = 0;
	ringer->none = false;
}

#endif
