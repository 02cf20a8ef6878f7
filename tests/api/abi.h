/* SPDX-License-Identifier: MIT */
/* The module's interface without the library in between. */
#ifndef MSGQ_TESTS_API_ABI_H
#define MSGQ_TESTS_API_ABI_H

#include "uapi/linux/msgq.h"
#include "watchdog.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

namespace api
{

/* One open of the device, which is one context. */
class Device
{
	int fd;

public:
	Device() : fd(open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC))
	{
	}
	explicit Device(int passed) : fd(passed)
	{
	}
	~Device()
	{
		shut();
	}

	Device(const Device &) = delete;
	Device &operator=(const Device &) = delete;

	int descriptor() const
	{
		return fd;
	}

	void shut()
	{
		if (fd != -1)
			close(std::exchange(fd, -1));
	}

	/* Ready to be asked for more. */
	static Device greeted()
	{
		return Device(greet(open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC)));
	}

	int ask(unsigned long request, void *arg) const
	{
		return ioctl(fd, request, arg);
	}

	/* The answer's why: NONE when it was granted. */
	template <typename T>
	uint32_t why(unsigned long request, T &arg) const
	{
		int result = ask(request, &arg);

		if (!result)
			return MSGQ_WHY_NONE;
		EXPECT_EQ(result, -1);
		EXPECT_NE(arg.refusal.why, uint32_t(MSGQ_WHY_NONE)) << strerror(errno);
		return arg.refusal.why;
	}

	uint32_t handle(unsigned long request, uint32_t which, uint32_t flags = 0) const
	{
		msgq_handle arg = {};

		arg.handle = which;
		arg.flags = flags;
		return why(request, arg);
	}

	msgq_create create(uint32_t entries, uint64_t key = 0) const
	{
		msgq_create arg = {};

		arg.entries = entries;
		arg.key = key;
		EXPECT_EQ(why(MSGQ_IOC_CREATE, arg), uint32_t(MSGQ_WHY_NONE));
		return arg;
	}

	msgq_attach attach(const msgq_address &address) const
	{
		msgq_attach arg = {};

		arg.address = address;
		EXPECT_EQ(why(MSGQ_IOC_ATTACH, arg), uint32_t(MSGQ_WHY_NONE));
		return arg;
	}

	void *map(const msgq_area &area, int rights, int kind = MAP_SHARED) const
	{
		return mmap(nullptr, area.size, rights, kind, fd, static_cast<off_t>(area.offset));
	}

private:
	static int greet(int opened)
	{
		msgq_hello hello = {};

		/* Fixtures are made before their tests can be skipped. */
		if (opened == -1)
			return opened;
		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		EXPECT_EQ(ioctl(opened, MSGQ_IOC_HELLO, &hello), 0) << strerror(errno);
		return opened;
	}
};

#define EXPECT_WHY(reason, answer) EXPECT_EQ((answer), uint32_t(MSGQ_WHY_##reason))
#define ASSERT_WHY(reason, answer) ASSERT_EQ((answer), uint32_t(MSGQ_WHY_##reason))

inline uint64_t abi_key()
{
	uint64_t key = 0;

	while (!key)
		if (getrandom(&key, sizeof(key), 0) != sizeof(key))
			abort();
	return key;
}

class AbiTest : public ::testing::Test
{
protected:
	void SetUp() override
	{
		if (access(MSGQ_DEVICE, F_OK))
			GTEST_SKIP() << MSGQ_DEVICE << " does not exist: no module is loaded";
	}
};

} // namespace api

#endif
