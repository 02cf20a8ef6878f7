// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "hosts.h"

namespace msgq
{

constexpr int ERRNO_END = 4096; /* the kernel's, too, are below */

/* No answer has it. */
constexpr int32_t UNANSWERED = 1;

/* What a handler sees that jumps out of here is in this order. */
static inline void in_order()
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static ssize_t take(Host *host, iovec *parts, size_t count)
{
	Exchange *exchange = &host->exchange;
	msghdr *message = &exchange->message;
	ssize_t got;

	message->msg_iov = parts;
	message->msg_iovlen = count;
	message->msg_control = exchange->control;
	/* Of an answer that came, but not into memory that is there, it is not written. */
	memset(exchange->control, 0, sizeof(cmsghdr));
	do {
		message->msg_controllen = sizeof(exchange->control);
		got = recvmsg(host->fd, message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	/* Nothing came by it. */
	if (got <= 0)
		message->msg_controllen = 0;
	return got;
}

/* @keep: until they are mapped, those of the answer before no more. */
static void take_descriptors(Host *host, bool keep)
{
	msghdr *message = &host->exchange.message;
	size_t taken = 0;

	host_drop_areas(host);
	if (!message->msg_controllen)
		return;
	HostsHeld held;
	for (cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
			if (keep && taken < MSGQ_AREAS)
				host->area_fd[taken++] = fd;
			else
				close(fd);
		}
	}
	message->msg_controllen = 0;
}

/* What is left of an exchange that was jumped out of. */
static int finish(Host *host)
{
	Exchange *exchange = &host->exchange;
	iovec header = { &exchange->answer, sizeof(exchange->answer) };

	if (!exchange->begun)
		return 0;
	if (exchange->call.msg_len) {
		if (exchange->answer.error == UNANSWERED && take(host, &header, 1) <= 0)
			return ECONNRESET;
		take_descriptors(host, false);
	}
	in_order();
	exchange->begun = false;
	return 0;
}

/*
 * There is no call that only reads it, and to set it for a moment would give
 * other threads' new files the wrong mode. Unknown, it is the safe one.
 */
static mode_t own_umask()
{
	char status[1024];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, status, sizeof(status) - 1);
	const char *line;

	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return 077;
	status[got] = 0;
	line = strstr(status, "\nUmask:");
	return line ? (mode_t)strtoul(line + sizeof("\nUmask:") - 1, nullptr, 8) : 077;
}

/* By sendmmsg(), which writes that it has sent; sendmsg() would only return it. */
static int send_call(Host *host, unsigned long command, void *request)
{
	Exchange *exchange = &host->exchange;
	msgq_wire_call call = { (__u32)command, 0 };
	iovec parts[2] = { { &call, sizeof(call) }, { request, _IOC_SIZE(command) } };

	if (command == MSGQ_IOC_CREATE)
		call.umask = own_umask();
	exchange->call = {};
	exchange->call.msg_hdr.msg_iov = parts;
	exchange->call.msg_hdr.msg_iovlen = 2;
	exchange->answer.error = UNANSWERED;
	exchange->message.msg_controllen = 0;
	in_order();
	exchange->begun = true;
	for (;;) {
		if (sendmmsg(host->fd, &exchange->call, 1, MSG_NOSIGNAL) == 1)
			return 0;
		if (errno != EINTR)
			return errno;
	}
}

static int take_answer(Host *host, unsigned long command, void *request)
{
	msgq_wire_answer *answer = &host->exchange.answer;
	const size_t item = command == MSGQ_IOC_LIST	  ? sizeof(msgq_info)
			    : command == MSGQ_IOC_SENDERS ? sizeof(msgq_sender_info)
							  : 0;
	/* SENDERS begins as LIST does. */
	msgq_list *list = item ? static_cast<msgq_list *>(request) : nullptr;
	iovec parts[3] = { { answer, sizeof(*answer) }, { request, _IOC_SIZE(command) }, {} };
	size_t fixed = sizeof(*answer) + _IOC_SIZE(command);
	ssize_t got;

	if (list) {
		parts[2].iov_base = reinterpret_cast<void *>((uintptr_t)list->buffer);
		parts[2].iov_len = list->count * item;
	}
	got = take(host, parts, list ? 3 : 2);
	if (got < 0)
		return errno;
	take_descriptors(host, true);
	/* It went away in the middle. */
	if ((size_t)got < fixed)
		return ECONNRESET;
	/* What a daemon says is bounded as what a sender writes is. */
	if (answer->error > 0 || answer->error <= -ERRNO_END ||
	    (list && list->count > ((size_t)got - fixed) / item))
		return EPROTO;
	return -answer->error;
}

int exchange(Host *host, unsigned long command, void *request)
{
	int error = finish(host);

	if (error)
		return error;
	error = send_call(host, command, request);
	/* Who is turned down is answered at once, and hung up on. */
	if (error == EPIPE && command == MSGQ_IOC_HELLO)
		error = 0;
	if (!error)
		error = take_answer(host, command, request);
	in_order();
	host->exchange.begun = false;
	return error;
}

} // namespace msgq
