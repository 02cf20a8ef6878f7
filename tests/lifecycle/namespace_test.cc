// SPDX-License-Identifier: MIT
// Network namespaces that end with queues in them.
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <sched.h>

#include "../api/fixture.h"
#include "module.h"

using api::Child;
using api::Line;

namespace
{

constexpr long SPACES = 24, FEW = 8;

class Namespaces : public lifecycle::Test
{
protected:
	// Of the kernel's namespaces. What CPUs keep at hand would count as in use.
	static long alive()
	{
		std::ofstream("/sys/kernel/slab/net_namespace/shrink") << 1;
		std::ifstream slabs("/proc/slabinfo");
		std::string line;
		long count = -1;

		while (std::getline(slabs, line)) {
			std::istringstream words(line);
			std::string name;

			if (words >> name && name == "net_namespace")
				words >> count;
		}
		return count;
	}

	// In a namespace that nothing but its context keeps.
	static void live(Line &up)
	{
		int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

		ASSERT_GE(home, 0);
		ASSERT_EQ(unshare(CLONE_NEWNET), 0);
		api::Context receiver, sender;
		api::Queue queue(receiver, 4, 1);
		ASSERT_EQ(setns(home, CLONE_NEWNET), 0);
		ASSERT_SUCC(msgqipc_send(sender, &queue.addr, "x", 1));
		up.say();
		pause();
	}
};

// holds: netns.outlives
TEST_F(Namespaces, EndWithTheirContexts)
{
	std::vector<std::unique_ptr<Child>> children;
	long before = alive();

	lifecycle::Hurry hurry;

	if (before < 0)
		GTEST_SKIP() << "this kernel does not count namespaces";
	for (long each = 0; each < SPACES; each++)
		children.push_back(std::make_unique<Child>(live));
	for (auto &child : children)
		child->line.hear();
	EXPECT_GE(alive(), before + SPACES);
	for (auto &child : children)
		child->kill_and_wait();
	// The kernel frees the last of those that ended when the next one ends.
	for (int tries = 0; tries < 100 && alive() > before + FEW; tries++) {
		Child([](Line &) { EXPECT_EQ(unshare(CLONE_NEWNET), 0); }).finish();
		usleep(50000);
	}
	printf("%ld namespaces at first, %ld after %ld more\n", before, alive(), SPACES);
	EXPECT_LE(alive(), before + FEW);
}

} // namespace
