/* SPDX-License-Identifier: MIT */
/* The limits of users, as the module's parameters and its answers tell them. */
#ifndef MSGQ_TESTS_API_LIMITS_H
#define MSGQ_TESTS_API_LIMITS_H

#include "abi.h"
#include "processes.h"

#include <fstream>
#include <string>

namespace api
{

/* A parameter of the loaded module; it is put back at the end. */
class Parameter
{
	std::string path, was;

public:
	explicit Parameter(const std::string &name) : path("/sys/module/msgq/parameters/" + name)
	{
		std::ifstream(path) >> was;
		EXPECT_NE(was, "") << path;
	}
	Parameter(const std::string &name, uint64_t value) : Parameter(name)
	{
		set(value);
	}
	~Parameter()
	{
		std::ofstream(path) << was << std::flush;
	}

	Parameter(const Parameter &) = delete;
	Parameter &operator=(const Parameter &) = delete;

	uint64_t initial() const
	{
		return std::stoull(was);
	}

	void set(uint64_t value) const
	{
		EXPECT_TRUE(std::ofstream(path) << value << std::flush) << path;
	}
};

/* Of the device's user; the device's own context counts as any. */
inline msgq_limits limits(const Device &device)
{
	msgq_limits arg = {};

	EXPECT_WHY(NONE, device.why(MSGQ_IOC_LIMITS, arg));
	return arg;
}

inline uint64_t used(const Device &device, msgq_limit_name what)
{
	return limits(device).limit[what].used;
}

/* What @uid has in this namespace, asked by a process of its own. */
inline msgq_limits limits_of(uid_t uid)
{
	Child asker([&](Line &up) {
		become(uid, uid);
		msgq_limits answer = limits(Device::greeted());

		/* Its own context does not count. */
		answer.limit[MSGQ_LIMIT_CONTEXTS].used--;
		up.say(answer);
	});
	auto answer = asker.line.hear<msgq_limits>();

	asker.finish();
	return answer;
}

/* Nothing is charged to @uid, now or soon: the last put of a file may be late. */
inline bool has_nothing(uid_t uid)
{
	for (int tries = 0; tries < 100; tries++) {
		uint64_t all = 0;

		for (const msgq_limit &each : limits_of(uid).limit)
			all += each.used;
		if (!all)
			return true;
		usleep(20000);
	}
	return false;
}

class LimitsTest : public AbiTest
{
protected:
	void SetUp() override
	{
		AbiTest::SetUp();
		if (IsSkipped())
			return;
		SKIP_UNLESS_ROOT();
		ASSERT_TRUE(has_nothing(ALICE));
	}

	void TearDown() override
	{
		EXPECT_TRUE(IsSkipped() || has_nothing(ALICE));
	}

	static uint32_t try_create(const Device &device, uint32_t entries = 1,
				   uint64_t *bound = nullptr)
	{
		msgq_create arg = {};
		uint32_t why;

		arg.entries = entries;
		why = device.why(MSGQ_IOC_CREATE, arg);
		if (bound)
			*bound = arg.refusal.bound;
		return why;
	}

	template <typename T>
	static uint32_t try_address(const Device &device, unsigned long request,
				    const msgq_address &address, uint64_t *bound = nullptr)
	{
		T arg = {};
		uint32_t why;

		arg.address = address;
		why = device.why(request, arg);
		if (bound)
			*bound = arg.refusal.bound;
		return why;
	}

	static uint32_t try_attach(const Device &device, const msgq_address &address,
				   uint64_t *bound = nullptr)
	{
		return try_address<msgq_attach>(device, MSGQ_IOC_ATTACH, address, bound);
	}

	static uint32_t try_listen(const Device &device, const msgq_address &address,
				   uint64_t *bound = nullptr)
	{
		return try_address<msgq_listen>(device, MSGQ_IOC_LISTEN, address, bound);
	}

	static uint64_t bytes_of(const msgq_create &made)
	{
		uint64_t bytes = 0;

		for (const msgq_area &area : made.area)
			bytes += area.size;
		return bytes;
	}

	// In a process without any capability, or any over the machine.
	static void expect_limited()
	{
		Device device = Device::greeted();

		device.create(1);
		EXPECT_WHY(USER_QUEUES, try_create(device));
	}
};

} // namespace api

#endif
