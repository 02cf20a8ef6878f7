// SPDX-License-Identifier: MIT
/* Descriptors and mappings that get about, and processes that end, stop, or change. */
#include "act.h"

#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

void act_pass(Process &process, Input &input)
{
	const int fd = process.any_fd(input);
	char byte = 0;
	iovec part = { &byte, 1 };
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))] = {};
	msghdr message = {};
	cmsghdr *head;

	if (fd < 0)
		return;
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	message.msg_control = control;
	message.msg_controllen = sizeof(control);
	head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	sendmsg(process.board->inbox[input.byte() % PROCESSES][1], &message,
		MSG_DONTWAIT | MSG_NOSIGNAL);
}

void act_take(Process &process, Input &)
{
	char byte;
	iovec part = { &byte, 1 };
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))];
	msghdr message = {};
	const cmsghdr *head;
	int fd = -1;

	message.msg_iov = &part;
	message.msg_iovlen = 1;
	message.msg_control = control;
	message.msg_controllen = sizeof(control);
	if (recvmsg(process.board->inbox[process.number][0], &message, MSG_DONTWAIT) <= 0)
		return;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return;
	memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	process.keep(fd);
}

namespace
{

/* One that shares the address space. */
void borrow()
{
	if (!vfork())
		_exit(0);
}

} // namespace

/* The child tries what is its parent's, and ends, or stays until all are killed. */
void act_fork(Process &process, Input &input)
{
	const uint8_t how = input.byte();
	msgq_handle handle = {};

	if (how >= 224) {
		borrow();
		return;
	}
	const pid_t child = fork();
	if (child > 0)
		process.child[process.children++ % Process::room] = child;
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process.memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	for (const Mapping &mapping : process.mapping) {
		uint64_t word = 0;

		if (mapping.at && how & 2)
			static_cast<void>(!pwrite(
				process.memory, &word, sizeof(word),
				static_cast<off_t>(reinterpret_cast<uintptr_t>(mapping.at))));
		if (mapping.at && how & 4 && write(process.pins[1], mapping.at, 8) < 0)
			continue;
		if (mapping.at && how & 8)
			munmap(mapping.at, mapping.size);
	}
	for (int fd : process.fd) {
		handle.handle = process.board->known.any_handle(how);
		ioctl(fd, how & 16 ? MSGQ_IOC_DESTROY : MSGQ_IOC_ACTIVATE, &handle);
		if (how & 32 && fd >= 0)
			close(fd);
	}
	if (how & 64)
		for (;;)
			pause();
	_exit(0);
}

void act_signal(Process &process, Input &input)
{
	static constexpr int signals[] = { SIGUSR1, SIGUSR1, SIGUSR1, SIGSTOP,
					   SIGCONT, SIGCONT, SIGKILL, SIGTERM };
	const pid_t pid = process.board->pid[input.byte() % PROCESSES];

	if (pid > 0)
		kill(pid, signals[input.byte() % 8]);
}

void act_exec(Process &, Input &)
{
	execl("/bin/true", "true", nullptr);
}

void act_unshare(Process &, Input &input)
{
	static constexpr int what[] = { CLONE_FILES, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWNET };

	unshare(what[input.byte() % 4]);
}

void act_nap(Process &, Input &input)
{
	const timespec nap = { 0, input.byte() % 8 * 500'000 };

	nanosleep(&nap, nullptr);
}
