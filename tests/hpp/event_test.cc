// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <poll.h>

using msgqipc::bytes;
using msgqipc::Event;
using msgqipc::Queue;

namespace
{

class Events : public hpp::Test
{
protected:
	std::array<Event, 4> events;

	void SetUp() override
	{
		hpp::Test::SetUp();
		if (HasFatalFailure())
			return;
		auto fd = ctx.fd();

		if (!fd && fd.error() == msgqipc::Error::notsupp)
			GTEST_SKIP() << "the library has no events yet";
		ASSERT_DONE(fd);
	}
};

TEST_F(Events, TellWhichQueueHasSomething)
{
	Queue one = queue(4, { .cookie = 11 }), two = queue(4, { .cookie = 22 });

	EXPECT_EQ(ctx.events(events)->size(), 0u);
	EXPECT_DONE(ctx.send(two.address(), bytes("x")));
	auto pending = ctx.events(events);
	ASSERT_DONE(pending);
	ASSERT_EQ(pending->size(), 1u);
	EXPECT_TRUE(pending->front().can_recv());
	EXPECT_TRUE(pending->front().of(two));
	EXPECT_FALSE(pending->front().of(one));
	EXPECT_EQ(pending->front().cookie, 22u);
	EXPECT_DONE(two.recv(room));
	EXPECT_EQ(ctx.events(events)->size(), 0u);
}

TEST_F(Events, MakeTheDescriptorReadable)
{
	Queue inbox = queue();
	pollfd wait = { ctx.fd().value(), POLLIN, 0 };

	EXPECT_DONE(ctx.arm());
	EXPECT_DONE(ctx.send(inbox.address(), bytes("x")));
	EXPECT_EQ(poll(&wait, 1, 10000), 1);
}

TEST_F(Events, TellOfMonitoredAddresses)
{
	Queue inbox = queue(1);

	EXPECT_DONE(ctx.set_nrqr(MSGQIPC_NRQR_DEFAULT));
	EXPECT_REFUSED(nrqr, ctx.set_nrqr(static_cast<msgqipc_nrqr_t>(6)));
	EXPECT_REFUSED(notfound, ctx.forget(inbox.address()));
	EXPECT_DONE(ctx.listen(inbox.address()));
	auto pending = ctx.events(events);
	ASSERT_DONE(pending);
	ASSERT_EQ(pending->size(), 1u);
	EXPECT_TRUE(pending->front().can_send());
	EXPECT_EQ(pending->front().address(), inbox.address());
	EXPECT_DONE(ctx.forget(inbox.address()));
}

TEST_F(Events, AreNotToldOfWhatWasCancelled)
{
	Queue inbox = queue();
	auto set = ctx.set_sender_id(msgqipc::SenderId(bytes("job 7")));

	if (!set && set.error() == msgqipc::Error::notsupp)
		GTEST_SKIP() << "the library has no sender ids yet";
	ASSERT_DONE(set);
	EXPECT_DONE(ctx.send(inbox.address(), bytes("x")));
	EXPECT_DONE(ctx.cancel(inbox.address()));
	EXPECT_REFUSED(notfound, inbox.recv(room));
	EXPECT_REFUSED(size, ctx.set_sender_id(msgqipc::SenderId(bytes(std::string(31, 'x')))));
}

} // namespace
