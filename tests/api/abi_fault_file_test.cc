// SPDX-License-Identifier: MIT
// Allocations that fail when the device is opened, mapped, waited for.
#include "fault.h"
#include "processes.h"
#include "rings.h"

#include <poll.h>
#include <sys/epoll.h>

using api::Device;
using api::Failed;

namespace
{

using AbiFaultFile = api::FaultTest;
using api::LARGE;

TEST_F(AbiFaultFile, OfOpen)
{
	each(
		[&](unsigned nth) {
			int fd = -1;
			Failed answer = failing.during(
				nth, [&] { return fd = open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC); });

			EXPECT_TRUE(answer.error == 0 || answer.error == ENOMEM ||
				    answer.error == EFAULT || answer.error == ENFILE)
				<< strerror(answer.error);
			if (fd != -1)
				close(fd);
			works(Device::greeted());
			return answer;
		},
		{ ENOMEM });
}

// There is more to make for it.
TEST_F(AbiFaultFile, OfTheFirstOpenOfAProcess)
{
	each(
		[&](unsigned nth) {
			api::Shared<Failed> answer;
			api::Child child([&](api::Line &) {
				api::Failing own;

				*answer = own.during(
					nth, [&] { return open(MSGQ_DEVICE, O_RDWR | O_CLOEXEC); });
				works(Device::greeted());
			});

			child.finish();
			EXPECT_TRUE(answer->error == 0 || answer->error == ENOMEM ||
				    answer->error == EFAULT || answer->error == ENFILE)
				<< strerror(answer->error);
			return *answer;
		},
		{ ENOMEM });
}

// What was not put in at once is when it is touched.
TEST_F(AbiFaultFile, OfMmapAndOfTouching)
{
	Device device = Device::greeted();
	msgq_create made = device.create(LARGE);
	const msgq_area &area = made.area[MSGQ_AREA_SLOTS];

	each(
		[&](unsigned nth) {
			void *at = MAP_FAILED;
			Failed answer = failing.during(nth, [&] {
				at = device.map(area, PROT_READ | PROT_WRITE);
				return at == MAP_FAILED ? -1 : 0;
			});

			EXPECT_TRUE(answer.error == 0 || answer.error == ENOMEM)
				<< strerror(answer.error);
			if (at == MAP_FAILED)
				return answer;
			for (uint64_t byte = 0; byte < area.size; byte += 4096)
				EXPECT_EQ(static_cast<volatile uint8_t *>(at)[byte + 64], 0);
			munmap(at, area.size);
			return answer;
		},
		{ 0, ENOMEM });
	works(device);
}

TEST_F(AbiFaultFile, OfPoll)
{
	Device device = Device::greeted();

	each(
		[&](unsigned nth) {
			pollfd wanted = { device.descriptor(), POLLIN, 0 };
			Failed answer = failing.during(nth, [&] { return poll(&wanted, 1, 0); });

			EXPECT_TRUE(answer.error == 0 || answer.error == EFAULT ||
				    answer.error == ENOMEM);
			return answer;
		},
		{ EFAULT });
	each(
		[&](unsigned nth) {
			epoll_event event = { EPOLLIN, {} };
			int epoll = epoll_create1(EPOLL_CLOEXEC);
			Failed answer = failing.during(nth, [&] {
				return epoll_ctl(epoll, EPOLL_CTL_ADD, device.descriptor(), &event);
			});

			EXPECT_TRUE(answer.error == 0 || answer.error == EFAULT ||
				    answer.error == ENOMEM);
			close(epoll);
			return answer;
		},
		{ ENOMEM });
	works(device);
}

TEST_F(AbiFaultFile, OfTheCommandOfIoUring)
{
	if (int error = api::Ring().missing())
		GTEST_SKIP() << "io_uring is not to be had: " << strerror(error);
	each(
		[&](unsigned nth) {
			Device device = Device::greeted();
			msgq_kick kick = {};
			api::Ring ring;
			int submitted = 0;

			kick.flags = MSGQ_KICK_NOW;
			ring.prepare(device.descriptor(), 1);
			Failed answer = failing.during(nth, [&] {
				submitted = ring.submit();
				errno = -submitted;
				return submitted < 0 ? -1 : 0;
			});

			EXPECT_TRUE(answer.error == 0 || answer.error == ENOMEM ||
				    answer.error == EAGAIN || answer.error == EFAULT)
				<< strerror(answer.error);
			if (submitted < 1 && ring.submit() != 1)
				ADD_FAILURE() << "nothing to submit any more";
			EXPECT_WHY(NONE, device.why(MSGQ_IOC_KICK, kick));
			api::Done done = ring.wait(20000);

			EXPECT_EQ(done.tag, 1u);
			EXPECT_TRUE(done.result == 0 || done.result == -ENOMEM ||
				    done.result == -EFAULT)
				<< done.result;
			works(device);
			return answer;
		},
		{});
}

} // namespace
