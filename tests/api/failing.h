/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own failures, one at a time: of a call's first allocation or
 * copy, of its second, and so on until it makes fewer than that. Takes a
 * kernel that was built for it; what can fail is set for all of it, but only
 * the thread that asks meets one.
 */
#ifndef MSGQ_TESTS_API_FAILING_H
#define MSGQ_TESTS_API_FAILING_H

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace api
{

/* What a call came to while one failure was waiting for it. */
struct Failed {
	int error = 0;	    /* errno, 0: none */
	bool fired = false; /* the failure was met */
};

class Failing
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	static void set(const char *file, const char *value)
	{
		std::string path = std::string("/sys/kernel/debug/") + file;
		int knob = open(path.c_str(), O_WRONLY | O_CLOEXEC);

		EXPECT_NE(knob, -1) << path;
		EXPECT_GT(write(knob, value, strlen(value)), 0) << path;
		close(knob);
	}

	void arm(unsigned nth) const
	{
		char text[16];
		int length = snprintf(text, sizeof(text), "%u", nth);

		/* One that was not met yet may be by this. */
		for (int tries = 0; pwrite(fd, text, static_cast<size_t>(length), 0) != length;)
			if (++tries == 2)
				abort();
	}

	/* How many are to be passed until it fails; 0: it did. */
	unsigned left() const
	{
		char text[16] = {};

		/* The copy of this very answer may be what meets the failure. */
		if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
			return 1;
		return static_cast<unsigned>(strtoul(text, nullptr, 10));
	}

public:
	Failing()
	{
		if (missing())
			return;
		/* By default what may sleep, and single pages, never fail. */
		set("failslab/ignore-gfp-wait", "N");
		set("fail_page_alloc/ignore-gfp-wait", "N");
		set("fail_page_alloc/min-order", "0");
		for (const char *kind : { "failslab", "fail_page_alloc", "fail_usercopy" })
			set((std::string(kind) + "/verbose").c_str(), "0");
	}
	~Failing()
	{
		if (!missing())
			close(fd);
	}

	Failing(const Failing &) = delete;
	Failing &operator=(const Failing &) = delete;

	bool missing() const
	{
		return fd == -1;
	}

	/* @call is what answers -1 and errno when it fails. */
	template <typename Call>
	Failed during(unsigned nth, Call call) const
	{
		Failed answer;

		arm(nth);
		if (call() == -1)
			answer.error = errno;
		answer.fired = left() == 0;
		arm(0);
		return answer;
	}
};

} // namespace api

#endif
