// SPDX-License-Identifier: MIT
/* Descriptors that clients send along, which nobody has asked for. */
#include "../api/passing.h"
#include "daemon.h"
#include "stuck_file.h"
#include "usage.h"

namespace
{

class Descriptors : public Daemon
{
protected:
	/* A request with @fd beside it; false when the kernel does not take it. */
	static bool send_along(const Connection &connection, int fd)
	{
		msgq_wire_call call = { MSGQ_IOC_LIMITS, 0 };
		msgq_limits limits{};
		std::vector<iovec> parts = { { &call, sizeof(call) }, { &limits, sizeof(limits) } };

		return api::send_along(connection.get(), parts, { fd }) >= 0;
	}
};

TEST_F(Descriptors, ThatTakeForeverToCloseHoldUpNobody)
{
	StuckFile stuck;
	Connection odd(path), honest(path);
	msgq_limits limits{};

	if (stuck.get() < 0)
		GTEST_SKIP() << "no file system of one's own can be mounted here";
	odd.greet();
	honest.greet();
	send_along(odd, stuck.get());
	honest.wait_at_most(10);
	for (int i = 0; i < 2; i++)
		ASSERT_GT(honest.ask(MSGQ_IOC_LIMITS, limits).bytes, 0)
			<< "nobody is served any more";
}

TEST_F(Descriptors, AreNotKept)
{
	Connection odd(path), honest(path);
	msgq_limits limits{};

	odd.greet();
	honest.greet();
	Usage before(pid);
	for (int i = 0; i < 10; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		send_along(odd, fd);
		close(fd);
	}
	EXPECT_EQ(honest.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
	EXPECT_EQ(Usage(pid).descriptors, before.descriptors);
}

} // namespace
