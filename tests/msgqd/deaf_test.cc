// SPDX-License-Identifier: MIT
/* A daemon that cannot even turn anybody away, for want of a descriptor. */
#include <ctime>

#include <sys/resource.h>

#include "daemon.h"

namespace
{

class Deaf : public Daemon
{
protected:
	double cpu_seconds() const
	{
		clockid_t clock;
		timespec used{};

		EXPECT_EQ(clock_getcpuclockid(pid, &clock), 0);
		EXPECT_EQ(clock_gettime(clock, &used), 0);
		return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
	}
};

TEST_F(Deaf, WaitsUntilThereAreDescriptorsAgain)
{
	rlimit before{}, none{};
	Connection early(path);
	msgq_limits limits{};

	early.greet();
	ASSERT_EQ(prlimit(pid, RLIMIT_NOFILE, nullptr, &before), 0);
	none = { 0, before.rlim_max };
	ASSERT_EQ(prlimit(pid, RLIMIT_NOFILE, &none, nullptr), 0);
	Connection late(path);
	ASSERT_TRUE(late.connected());
	usleep(100000);

	double began = cpu_seconds();
	usleep(1000000);
	EXPECT_LT(cpu_seconds() - began, 0.05) << "it spins";
	EXPECT_EQ(early.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);

	ASSERT_EQ(prlimit(pid, RLIMIT_NOFILE, &before, nullptr), 0);
	late.wait_at_most(10);
	late.greet();
}

} // namespace
