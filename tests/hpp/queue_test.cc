// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <atomic>
#include <thread>

using msgqipc::Address;
using msgqipc::bytes;
using msgqipc::Context;
using msgqipc::Queue;
using namespace std::chrono_literals;

namespace
{

static_assert(!std::is_copy_constructible_v<Queue> && !std::is_copy_assignable_v<Queue>);
static_assert(std::is_nothrow_move_constructible_v<Queue>);
static_assert(std::is_nothrow_move_assignable_v<Queue>);

class Queues : public hpp::Test
{
};

TEST_F(Queues, GiveWhatWasSent)
{
	Queue inbox = queue();
	uint64_t number = 42, got = 0;

	EXPECT_DONE(ctx.send(inbox.address(), bytes("hello")));
	EXPECT_DONE(ctx.send(inbox.address(), bytes(number)));
	EXPECT_DONE(ctx.send(inbox.address(), {}));
	auto text = inbox.recv(room);
	ASSERT_DONE(text);
	EXPECT_EQ(text->data(), room.data());
	EXPECT_EQ(hpp::string(*text), "hello");
	ASSERT_DONE(inbox.recv(bytes(got)));
	EXPECT_EQ(got, 42u);
	auto empty = inbox.recv(room);
	ASSERT_DONE(empty);
	EXPECT_EQ(empty->size(), 0u);
	EXPECT_REFUSED(notfound, inbox.recv(room));
}

TEST_F(Queues, KeepAMessageThatIsTooLong)
{
	Queue inbox = queue();
	std::array<std::byte, 3> small;

	EXPECT_DONE(ctx.send(inbox.address(), bytes("goodbye")));
	EXPECT_REFUSED(trunc, inbox.recv(small));
	EXPECT_EQ(hpp::string(small), "goo");
	EXPECT_EQ(inbox.recv_size().value(), 7u);
	EXPECT_EQ(inbox.recv(room)->size(), 7u);
}

TEST_F(Queues, CanBePeekedAt)
{
	Queue inbox = queue();
	msgqipc::SenderId sender;

	sender.len = 7;
	EXPECT_DONE(ctx.send(inbox.address(), bytes("one")));
	EXPECT_DONE(ctx.send(inbox.address(), bytes("two")));
	EXPECT_EQ(hpp::string(*inbox.peek(room)), "one");
	EXPECT_EQ(hpp::string(*inbox.peek(room, 1)), "two");
	EXPECT_EQ(hpp::string(*inbox.peek(room, 0, &sender)), "one");
	EXPECT_EQ(sender.len, 0);
	EXPECT_REFUSED(notfound, inbox.peek(room, 2));
	EXPECT_EQ(hpp::string(*inbox.recv(room)), "one");
}

TEST_F(Queues, AreSwitchedOnAndOff)
{
	auto made = ctx.create(2);

	ASSERT_DONE(made);
	EXPECT_REFUSED(inactive, ctx.send(made->address(), bytes("x")));
	EXPECT_DONE(made->activate());
	EXPECT_DONE(ctx.send(made->address(), bytes("x")));
	EXPECT_DONE(made->deactivate());
	EXPECT_REFUSED(inactive, ctx.send(made->address(), bytes("x")));
	EXPECT_DONE(made->recv(room));
}

TEST_F(Queues, WaitAsLongAsTheyAreTold)
{
	Queue inbox = queue();
	auto start = std::chrono::steady_clock::now();

	EXPECT_REFUSED(notfound, inbox.recv(room, 0ns));
	EXPECT_REFUSED(notfound, inbox.recv(room, 20ms));
	EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
	std::thread sender([&, address = inbox.address()] {
		auto own = Context::open();

		EXPECT_DONE(own->send(address, bytes("late")));
	});
	auto came = inbox.recv(room, 1h);
	ASSERT_DONE(came);
	EXPECT_EQ(hpp::string(*came), "late");
	sender.join();
}

TEST_F(Queues, CloseAtTheEndOfTheirScope)
{
	Address address;
	{
		Queue inbox = queue();

		address = inbox.address();
		EXPECT_DONE(ctx.poke(address));
	}
	EXPECT_REFUSED(notfound, ctx.poke(address));
}

TEST_F(Queues, MoveAndLeaveNothingBehind)
{
	Queue inbox = queue(), other = queue();
	Address first = inbox.address(), second = other.address();
	Queue &left = inbox;
	Queue moved = std::move(inbox);

	EXPECT_FALSE(left);
	EXPECT_REFUSED(inval, left.recv(room));
	EXPECT_REFUSED(inval, left.peek(room));
	EXPECT_REFUSED(inval, left.activate());
	EXPECT_DONE(left.close());
	EXPECT_DONE(ctx.poke(first));
	moved = std::move(other);
	EXPECT_REFUSED(notfound, ctx.poke(first));
	EXPECT_DONE(ctx.poke(second));
	EXPECT_EQ(moved.address(), second);
	EXPECT_DONE(moved.close());
	EXPECT_DONE(moved.close());
	EXPECT_REFUSED(notfound, ctx.poke(second));
}

TEST_F(Queues, ThatWereNeverMadeRefuseEverything)
{
	Queue none;

	EXPECT_FALSE(none);
	EXPECT_REFUSED(inval, none.recv(room));
	EXPECT_REFUSED(inval, none.recv_size());
	EXPECT_DONE(none.close());
}

TEST_F(Queues, TellAndSetPermissions)
{
	Queue inbox = queue();
	auto is = inbox.permissions();

	if (!is && is.error() == msgqipc::Error::notsupp)
		GTEST_SKIP() << "the library has no GET_PERM yet";
	ASSERT_DONE(is);
	EXPECT_EQ(is->uid, geteuid());
	EXPECT_DONE(inbox.permit(is->uid, is->gid, 0640));
	EXPECT_EQ(inbox.permissions()->mode, 0640u);
}

} // namespace
