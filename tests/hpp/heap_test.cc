// SPDX-License-Identifier: MIT
// Sending and receiving take nothing from the heap.
#include "fixture.h"

extern "C" void *__libc_malloc(size_t size);

namespace
{

thread_local size_t allocations;

} // namespace

// Of the whole program; operator new comes here too. A sanitizer has its own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}
#endif

namespace
{

class Heap : public hpp::Test
{
};

// Or the next test would show nothing.
TEST_F(Heap, IsCounted)
{
	size_t before = allocations;

	// Not new: a compiler may do without.
	::operator delete(::operator new(100));
	if (!allocations)
		GTEST_SKIP() << "a sanitizer allocates";

	EXPECT_GT(allocations, before);
}

TEST_F(Heap, IsNotUsedForMessages)
{
	msgqipc::Queue inbox = queue();
	uint64_t number = 0;
	int right = 0;

	ASSERT_DONE(ctx.send(inbox.address(), msgqipc::bytes(number)));
	ASSERT_DONE(inbox.recv(room));
	size_t before = allocations;
	for (int each = 0; each < 1000; each++) {
		right += ctx.poke(inbox.address()).has_value();
		right += ctx.send(inbox.address(), msgqipc::bytes(number)).has_value();
		right += inbox.peek(room).has_value();
		right += inbox.recv(msgqipc::bytes(number)).has_value();
		right += !inbox.recv(room).has_value();
		right += !inbox.recv(room, std::chrono::nanoseconds(0)).has_value();
	}
	EXPECT_EQ(allocations, before);
	EXPECT_EQ(right, 6000);
}

} // namespace
