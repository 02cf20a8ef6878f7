// SPDX-License-Identifier: MIT
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <uapi/linux/msgq.h>

FakeDevice *fake_device;

/* A number that no descriptor of the test has. */
static const int FAKE_FD = 1 << 20;

static int fake_hello(msgq_hello *hello)
{
	uint32_t version = hello->version, oldest = hello->oldest;

	hello->version = fake_device->version;
	hello->oldest = fake_device->oldest;
	if (version >= fake_device->oldest && oldest <= fake_device->version)
		return 0;
	hello->refusal.why = MSGQ_WHY_VERSION;
	errno = EPROTO;
	return -1;
}

static int fake_events(msgq_events *events)
{
	if (!fake_device->fires)
		events->count = 0;
	for (uint32_t i = 0; i < events->count; i++) {
		events->event[i] = {};
		events->event[i].type = MSGQ_EVENT_FIRED;
	}
	events->more = fake_device->fires;
	return 0;
}

extern "C" {

int open(const char *path, int flags, ...)
{
	va_list arguments;
	int mode;

	va_start(arguments, flags);
	mode = va_arg(arguments, int);
	va_end(arguments);
	if (!fake_device || strcmp(path, MSGQ_DEVICE) != 0)
		return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fake_device->open_error) {
		errno = fake_device->open_error;
		return -1;
	}
	fake_device->opened = true;
	return FAKE_FD;
}

int close(int fd)
{
	if (fd != FAKE_FD)
		return (int)syscall(SYS_close, fd);
	fake_device->closed = true;
	return 0;
}

int ioctl(int fd, unsigned long command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (fd != FAKE_FD)
		return (int)syscall(SYS_ioctl, fd, command, argument);
	if (command == MSGQ_IOC_HELLO)
		return fake_hello(static_cast<msgq_hello *>(argument));
	if (command == MSGQ_IOC_EVENTS)
		return fake_events(static_cast<msgq_events *>(argument));
	if (command == MSGQ_IOC_KICK)
		fake_device->kicked = static_cast<msgq_kick *>(argument)->flags;
	if (command == MSGQ_IOC_KICK || command == MSGQ_IOC_DESTROY)
		return 0;
	errno = ENOTTY;
	return -1;
}
}
