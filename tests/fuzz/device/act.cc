// SPDX-License-Identifier: MIT
#include "act.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

constexpr Act acts[] = {
	{ "open", act_open, 4 },
	{ "close", act_close, 4 },
	{ "copy", act_copy, 2 },
	{ "other", act_other, 2, 1 },
	{ "poll", act_poll, 3 },
	{ "request", act_request, 24, 1 },
	{ "odd", act_odd, 4, 1 },
	{ "map", act_map, 4 },
	{ "unmap", act_unmap, 3 },
	{ "protect", act_protect, 2 },
	{ "remap", act_remap, 2 },
	{ "advise", act_advise, 3 },
	{ "write", act_write, 6 },
	{ "pin", act_pin, 2 },
	{ "serve", act_serve, 4, 0 },
	{ "join", act_join, 5 },
	{ "send", act_send, 8, 1 },
	{ "receive", act_receive, 6 },
	{ "pass", act_pass, 2 },
	{ "take", act_take, 2 },
	{ "fork", act_fork, 2 },
	{ "signal", act_signal, 2 },
	{ "exec", act_exec, 1 },
	{ "unshare", act_unshare, 1 },
	{ "nap", act_nap, 2 },
	{ "uring poll", act_uring_poll, 2 },
	{ "uring wait", act_uring_wait, 4 },
	{ "uring look", act_uring_look, 2 },
	{ "uring close", act_uring_close, 2 },
};

} // namespace

size_t acts_count()
{
	return sizeof(acts) / sizeof(acts[0]);
}

const Act &act_at(size_t number)
{
	return acts[number];
}

uint8_t act_named(const char *name)
{
	uint8_t number = 0;

	while (strcmp(acts[number].name, name) != 0)
		number++;
	return number;
}

void Process::begin(Board *at, unsigned which)
{
	board = at;
	number = which;
	for (int &one : fd)
		one = -1;
	if (pipe2(pins, O_CLOEXEC | O_NONBLOCK))
		pins[0] = pins[1] = -1;
	memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
}

void Process::reset()
{
	for (pid_t &one : child) {
		if (one > 0) {
			kill(one, SIGKILL);
			waitpid(one, nullptr, 0);
		}
		one = 0;
	}
	for (Mapping &one : mapping) {
		if (one.at)
			munmap(one.at, one.size);
		one = {};
	}
	memset(own, 0, sizeof(own));
	memset(other, 0, sizeof(other));
	close(pins[0]);
	close(pins[1]);
	close(memory);
	for (int &one : fd)
		if (one >= 0)
			close(one);
	begin(board, number);
}

void Process::keep(int opened)
{
	if (opened < 0)
		return;
	int &place = fd[fds++ % room];

	if (place >= 0)
		close(place);
	place = opened;
}

void Process::keep(const Mapping &mapped)
{
	Mapping &place = mapping[mappings++ % room];

	if (place.at)
		munmap(place.at, place.size);
	place = mapped;
}

int Process::any_fd(Input &input) const
{
	const unsigned choice = input.byte();
	/* The latest is what most follow up. */
	const unsigned at = choice < 128 ? fds + room - 1 - choice % 3 : choice;

	for (unsigned back = 0; back < room; back++)
		if (const int one = fd[(at + room - back) % room]; one >= 0)
			return one;
	return -1;
}

void Process::greet(int opened)
{
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	ioctl(opened, MSGQ_IOC_HELLO, &hello);
}

int Process::greeted()
{
	const int opened = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC);

	if (opened >= 0)
		greet(opened);
	keep(opened);
	return opened;
}

Mapping Process::any_mapping(Input &input) const
{
	const unsigned choice = input.byte();

	return mapping[(choice < 128 ? mappings + room - 1 - choice % 4 : choice) % room];
}
