// SPDX-License-Identifier: MIT
#include "fixture.h"

using msgqipc::Address;
using msgqipc::bytes;
using msgqipc::SenderId;

namespace
{

struct Order {
	uint32_t number, price;
};

static_assert(std::is_trivially_copyable_v<Address>);

TEST(Bytes, AreThoseOfTheObject)
{
	Order order = { 1, 2 };
	const Order fixed = { 3, 4 };

	EXPECT_EQ(bytes(order).size(), sizeof(Order));
	EXPECT_EQ(static_cast<void *>(bytes(order).data()), &order);
	EXPECT_EQ(bytes(fixed).size(), sizeof(Order));
	static_assert(std::is_same_v<decltype(bytes(order))::element_type, std::byte>);
	static_assert(std::is_same_v<decltype(bytes(fixed))::element_type, const std::byte>);
}

TEST(Bytes, OfAStringEndBeforeItsZero)
{
	std::string text = "four";
	std::string_view view = text;

	EXPECT_EQ(bytes("four").size(), 4u);
	EXPECT_EQ(bytes(text).size(), 4u);
	EXPECT_EQ(bytes(view).size(), 4u);
	EXPECT_EQ(hpp::string(bytes(view)), "four");
}

template <typename T>
constexpr bool has_bytes = requires(T object)
{
	bytes(object);
};

/* Rather than where it lies in the sender, which says nothing to anybody else. */
TEST(Bytes, OfAPointerAreTheStringsOrNone)
{
	const char *text = "four";
	char own[] = "five", *pointer = own;

	EXPECT_EQ(hpp::string(bytes(text)), "four");
	EXPECT_EQ(hpp::string(bytes(pointer)), "five");
	static_assert(has_bytes<int> && has_bytes<Order>);
	static_assert(!has_bytes<int *> && !has_bytes<const Order *>);
	static_assert(!has_bytes<std::span<int>> && !has_bytes<const std::span<int, 2>>);
}

TEST(Addresses, AreComparedBytewise)
{
	msgqipc_addr raw = { { 1, 2 } };
	Address one(raw), same(one), other;

	EXPECT_EQ(one, same);
	EXPECT_NE(one, other);
	raw.opaque[1]++;
	EXPECT_NE(one, Address(raw));
}

TEST(SenderIds, GiveBackWhatTheyWereMadeOf)
{
	EXPECT_EQ(SenderId().get().size(), 0u);
	EXPECT_EQ(hpp::string(SenderId(bytes("job 7")).get()), "job 7");
	EXPECT_EQ(SenderId(bytes(std::string(30, 'x'))).get().size(), 30u);
	// The library is to refuse it: len says more than there is room for.
	EXPECT_EQ(SenderId(bytes(std::string(31, 'x'))).len, 31);
	EXPECT_EQ(SenderId(bytes(std::string(100000, 'x'))).len, UINT16_MAX);
}

} // namespace
