// SPDX-License-Identifier: MIT
// A context that the module ends while its thread sleeps in it. A thread cannot
// close what it sleeps in; this one gets at the device behind the library's back.
#include "fixture.h"

#include "uapi/linux/msgq.h"

#include <atomic>
#include <set>
#include <thread>

#include <dirent.h>
#include <sys/ioctl.h>

using api::Context;
using api::Queue;

namespace
{

// The descriptors of the device that this process has.
std::set<int> devices()
{
	std::set<int> found;
	DIR *all = opendir("/proc/self/fd");

	while (dirent *entry = all ? readdir(all) : nullptr) {
		char path[64] = {};

		if (readlinkat(dirfd(all), entry->d_name, path, sizeof(path) - 1) > 0 &&
		    !strcmp(path, MSGQ_DEVICE))
			found.insert(atoi(entry->d_name));
	}
	if (all)
		closedir(all);
	return found;
}

class Ended : public api::Test
{
};

// holds: recv.cancel-close
TEST_F(Ended, QueueCancelsTheWaitInIt)
{
	std::set<int> before = devices();
	msgqipc_addr addr = {};
	std::atomic<bool> ready = false;

	if (before.empty())
		GTEST_SKIP() << "a daemon ends no context but with its connection";
	std::thread receiver([&] {
		Context own;
		Queue queue(own, 4);
		char msg[64];

		queue.block();
		addr = queue.addr;
		ready = true;
		EXPECT_ERR(CANCEL, msgqipc_recv(own, queue, msg, sizeof(msg)));
	});
	while (!ready)
		sched_yield();
	api::await_sleeper(ctx, addr);
	for (int device : devices()) {
		msgq_handle all = {};

		if (before.count(device))
			continue;
		EXPECT_EQ(ioctl(device, MSGQ_IOC_DESTROY, &all), 0);
	}
	receiver.join();
	EXPECT_ERR(NOTFOUND, msgqipc_send(ctx, &addr, "x", 1));
}

} // namespace
