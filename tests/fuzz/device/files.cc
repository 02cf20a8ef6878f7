// SPDX-License-Identifier: MIT
/* Descriptors of the device, and requests by them. */
#include "act.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

namespace
{

constexpr size_t PAGE = 4096;

void learn(Process &process, uint32_t command, const uint8_t *request)
{
	request_learn(command, request, &process.board->known);
	if (command == MSGQ_IOC_CREATE)
		process.board->learn(reinterpret_cast<const msgq_create *>(request)->area);
	if (command == MSGQ_IOC_ATTACH)
		process.board->learn(reinterpret_cast<const msgq_attach *>(request)->area);
}

/*
 * Where a request is that the kernel cannot simply read and write: across the
 * end of what is mapped, for reading only, nowhere, or in a queue's memory,
 * where others write meanwhile.
 */
uint8_t *odd_place(Process &process, Input &input, const uint8_t *request, size_t size)
{
	const uint8_t how = input.byte();
	const Mapping ring = process.any_mapping(input);
	uint8_t *pages;

	if (how % 4 == 0)
		return ring.at && ring.size >= REQUEST_SIZE ? ring.at + how / 4 * 8 : nullptr;
	pages = static_cast<uint8_t *>(mmap(nullptr, 2 * PAGE, PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	if (pages == MAP_FAILED)
		return nullptr;
	/* So that they go with the rest. */
	process.keep(Mapping{ pages, 2 * PAGE });
	switch (how % 4) {
	case 1:
		memcpy(pages, request, size);
		mprotect(pages, PAGE, PROT_READ);
		return pages;
	case 2:
		munmap(pages + PAGE, PAGE);
		return pages + PAGE - how / 4 % (size + 1);
	default:
		return reinterpret_cast<uint8_t *>(input.guess());
	}
}

} // namespace

void act_open(Process &process, Input &input)
{
	static constexpr int ways[] = { O_RDWR, O_RDWR, O_RDONLY, O_WRONLY, O_PATH, O_NONBLOCK };
	const uint8_t how = input.byte();
	const int fd = open(MSGQ_DEVICE, ways[how % 6] | O_CLOEXEC);

	if (how < 224 && fd >= 0)
		Process::greet(fd);
	process.keep(fd);
}

void act_close(Process &process, Input &input)
{
	const int fd = process.any_fd(input);

	for (int &place : process.fd)
		if (place == fd)
			place = -1;
	if (fd >= 0)
		close(fd);
}

void act_copy(Process &process, Input &input)
{
	const int fd = process.any_fd(input);
	const uint8_t how = input.byte();
	char path[32];

	if (how % 2) {
		process.keep(fcntl(fd, how & 2 ? F_DUPFD : F_DUPFD_CLOEXEC, 0));
		return;
	}
	/* Another context, in spite of the way there. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	process.keep(open(path, how & 2 ? O_RDONLY : O_RDWR));
}

/* What files in general can be asked. */
void act_other(Process &process, Input &input)
{
	const int fd = process.any_fd(input);
	char bytes[64] = {};

	switch (input.byte() % 12) {
	case 0:
		static_cast<void>(!read(fd, bytes, sizeof(bytes)));
		break;
	case 1:
		static_cast<void>(!write(fd, bytes, sizeof(bytes)));
		break;
	case 2:
		lseek(fd, static_cast<off_t>(input.guess()), SEEK_SET);
		break;
	case 3:
		fsync(fd);
		break;
	case 4:
		static_cast<void>(!ftruncate(fd, static_cast<off_t>(input.guess())));
		break;
	case 5:
		fallocate(fd, 0, 0, PAGE);
		break;
	case 6:
		flock(fd, LOCK_EX | LOCK_NB);
		break;
	case 7:
		fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC);
		break;
	case 8:
		fcntl(fd, F_SETOWN, getpid());
		break;
	case 9:
		splice(fd, nullptr, process.pins[1], nullptr, PAGE, SPLICE_F_NONBLOCK);
		break;
	case 10:
		sendfile(process.pins[1], fd, nullptr, sizeof(bytes));
		break;
	default:
		ioctl(fd, FIONREAD, bytes);
	}
}

void act_poll(Process &process, Input &input)
{
	const uint8_t how = input.byte();
	pollfd one = { process.any_fd(input), POLLIN | POLLOUT | POLLHUP, 0 };
	epoll_event event = {};

	if (how % 4) {
		poll(&one, 1, how / 4 % 4);
		return;
	}
	const int epoll = epoll_create1(EPOLL_CLOEXEC);
	event.events = how & 8 ? EPOLLIN | EPOLLET : EPOLLIN | EPOLLEXCLUSIVE;
	if (!epoll_ctl(epoll, EPOLL_CTL_ADD, one.fd, &event))
		epoll_wait(epoll, &event, 1, how / 16 % 4);
	/* Closed last, or with the device's descriptor in it still. */
	if (how & 16)
		process.keep(epoll);
	else
		close(epoll);
}

void act_request(Process &process, Input &input)
{
	alignas(8) uint8_t request[REQUEST_SIZE];
	msgq_info listed[64];
	const int known = process.any_fd(input), fd = known < 0 ? process.greeted() : known;
	const Request &what = requests[input.byte() % REQUESTS];

	request_fill(input, what, process.board->known, reinterpret_cast<uint64_t>(listed),
		     request);
	if (!ioctl(fd, what.command, request))
		learn(process, what.command, request);
}

/* By commands that are none, or with structures that are not where they should be. */
void act_odd(Process &process, Input &input)
{
	alignas(8) uint8_t request[REQUEST_SIZE];
	const int fd = process.any_fd(input);
	const Request &what = requests[input.byte() % REQUESTS];
	uint32_t command = what.command;
	uint8_t *at;

	if (input.byte() >= 192)
		command ^= 1u << input.byte() % 32;
	at = odd_place(process, input, request, request_size(what.command));
	request_fill(input, what, process.board->known, reinterpret_cast<uint64_t>(at), request);
	/* As by a write of the kernel, so that it may fail without a signal. */
	static_cast<void>(!pwrite(process.memory, request, request_size(what.command),
				  static_cast<off_t>(reinterpret_cast<uintptr_t>(at))));
	ioctl(fd, command, at);
}
