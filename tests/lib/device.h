/* SPDX-License-Identifier: MIT */
/*
 * A device that is not there: stands in for open() and ioctl() of /dev/msgq,
 * so that the library meets the modules and machines that a test wants.
 */
#ifndef MSGQ_TEST_DEVICE_H
#define MSGQ_TEST_DEVICE_H

#include <stdint.h>

struct FakeDevice {
	int open_error; /* errno of open(), 0: it opens */
	/* The versions that the module behind it speaks and accepts. */
	uint32_t version, oldest;
	bool fires; /* to be asked for events is to be told of as many as can be */
	bool opened;
	bool closed;
	uint32_t kicked; /* flags of the last KICK */
};

/* What the next open of /dev/msgq meets; nullptr: the real one. */
extern FakeDevice *fake_device;

#endif
