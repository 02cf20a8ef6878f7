/* SPDX-License-Identifier: MIT */
/* io_uring, as far as tests of a context's descriptor need it. */
#ifndef MSGQ_TESTS_API_RINGS_H
#define MSGQ_TESTS_API_RINGS_H

#include "kernel_version.h"
#include "uapi/linux/msgq.h"
#include "watching.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <liburing.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace api
{

/* What has completed. */
struct Done {
	uint64_t tag = 0;
	int result = -ENODATA; /* nothing has */
	bool more = false;     /* multishot goes on */
};

class Ring
{
	io_uring ring;
	int error;

	io_uring_sqe *entry(uint64_t tag, unsigned flags)
	{
		io_uring_sqe *sqe = io_uring_get_sqe(&ring);

		if (!sqe)
			abort();
		io_uring_prep_nop(sqe);
		sqe->user_data = tag;
		sqe->flags = uint8_t(flags);
		return sqe;
	}

	/* Puts in what prep functions would clear. */
	void submit(io_uring_sqe *sqe, uint64_t tag, unsigned flags = 0)
	{
		sqe->user_data = tag;
		sqe->flags |= uint8_t(flags);
		/* SQPOLL counts what its thread has not looked at yet, too. */
		EXPECT_GE(io_uring_submit(&ring), 1);
	}

public:
	explicit Ring(unsigned setup = 0) : error(-io_uring_queue_init(128, &ring, setup))
	{
	}
	~Ring()
	{
		if (!error)
			io_uring_queue_exit(&ring);
	}

	Ring(const Ring &) = delete;
	Ring &operator=(const Ring &) = delete;

	/* Why there is none, or 0. */
	int missing() const
	{
		return error;
	}

	void poll(int fd, uint64_t tag, bool multishot = false)
	{
		io_uring_sqe *sqe = entry(tag, 0);

		if (multishot)
			io_uring_prep_poll_multishot(sqe, fd, POLLIN);
		else
			io_uring_prep_poll_add(sqe, fd, POLLIN);
		submit(sqe, tag);
	}

	/* For a submit() of its own. */
	io_uring_sqe *prepare(int fd, uint64_t tag, unsigned flags = 0,
			      uint32_t operation = MSGQ_URING_WAIT)
	{
		io_uring_sqe *sqe = entry(tag, flags);

		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, nullptr, 0, 0);
		sqe->cmd_op = operation;
		sqe->user_data = tag;
		sqe->flags |= uint8_t(flags);
		return sqe;
	}

	/* How many were, or why not. */
	int submit()
	{
		return io_uring_submit(&ring);
	}

	void command(int fd, uint64_t tag, unsigned flags = 0, uint32_t operation = MSGQ_URING_WAIT,
		     uint8_t payload = 0)
	{
		io_uring_sqe *sqe = prepare(fd, tag, flags, operation);

		sqe->cmd[15] = payload;
		submit(sqe, tag, flags);
	}

	void cancel(uint64_t which, uint64_t tag)
	{
		io_uring_sqe *sqe = entry(tag, 0);

		io_uring_prep_cancel64(sqe, which, 0);
		submit(sqe, tag);
	}

	Done wait(int ms)
	{
		__kernel_timespec time = { ms / 1000, ms % 1000 * 1000000ll };
		io_uring_cqe *cqe = nullptr;
		Done done;
		int result;

		do
			result = io_uring_wait_cqe_timeout(&ring, &cqe, &time);
		while (result == -EINTR);
		if (result || !cqe)
			return done;
		done = { cqe->user_data, cqe->res, bool(cqe->flags & IORING_CQE_F_MORE) };
		io_uring_cqe_seen(&ring, cqe);
		return done;
	}

	/* The next one to complete is @tag, by @result. */
	::testing::AssertionResult answers(uint64_t tag, int result, int ms = 20000)
	{
		Done done = wait(ms);

		if (done.tag == tag && done.result == result)
			return ::testing::AssertionSuccess();
		return ::testing::AssertionFailure()
		       << done.tag << " completed by " << done.result << " ("
		       << strerror(-done.result) << "), not " << tag << " by " << result;
	}
};

/* Kernels from 6.7 take commands back when their ring or task ends. */
inline bool rings_take_back()
{
	return !kernel_before(6, 7);
}

/* Why nothing takes a command, or nullptr. */
inline const char *no_commands(msgqipc_ctx *ctx)
{
	msgq_hello hello = {};
	int fd;

	if (!by_module(ctx))
		return "commands are the module's; here msgqd keeps the queues";
	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	fd = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(ioctl(fd, MSGQ_IOC_HELLO, &hello), 0);
	close(fd);
	return hello.features & MSGQ_FEATURE_URING ? nullptr
						   : "this kernel's io_uring has no commands for a "
						     "module, as from Linux 6.1.22 on";
}

#define SKIP_WITHOUT_RINGS()                                                                       \
	do {                                                                                       \
		if (int error_ = ::api::Ring().missing())                                          \
			GTEST_SKIP() << "io_uring is not to be had: " << strerror(error_);         \
	} while (0)

#define SKIP_WITHOUT_COMMANDS(ctx)                                                                 \
	do {                                                                                       \
		SKIP_WITHOUT_RINGS();                                                              \
		if (const char *why_ = ::api::no_commands(ctx))                                    \
			GTEST_SKIP() << why_;                                                      \
	} while (0)

} // namespace api

#endif
