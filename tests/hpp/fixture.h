/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_HPP_FIXTURE_H
#define MSGQ_TESTS_HPP_FIXTURE_H

#include <msgqipc.hpp>

#include <array>
#include <string>

#include <gtest/gtest.h>
#include <sys/random.h>

namespace hpp
{

/* Succeeded, or says why not. */
template <typename T>
::testing::AssertionResult done(const msgqipc::Result<T> &result)
{
	if (result)
		return ::testing::AssertionSuccess();
	return ::testing::AssertionFailure()
	       << msgqipc::text(result.error()) << " [" << msgqipc::detail() << "]";
}

template <typename T>
::testing::AssertionResult refused(const msgqipc::Result<T> &result, msgqipc::Error error)
{
	if (!result && result.error() == error)
		return ::testing::AssertionSuccess();
	return ::testing::AssertionFailure()
	       << msgqipc::text(result.error()) << ", not " << msgqipc::text(error);
}

#define EXPECT_DONE(call) EXPECT_TRUE(::hpp::done(call))
#define ASSERT_DONE(call) ASSERT_TRUE(::hpp::done(call))
#define EXPECT_REFUSED(error_, call) EXPECT_TRUE(::hpp::refused((call), msgqipc::Error::error_))

inline std::string string(std::span<const std::byte> bytes)
{
	return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

inline msgqipc::Key unique_key()
{
	msgqipc::Key key = 0;

	while (!key)
		if (getrandom(&key, sizeof(key), 0) != sizeof(key))
			abort();
	return key;
}

class Test : public ::testing::Test
{
protected:
	msgqipc::Context ctx;
	std::array<std::byte, msgqipc::max_message> room;

	void SetUp() override
	{
		auto opened = msgqipc::Context::open();

		ASSERT_DONE(opened);
		ctx = std::move(*opened);
	}

	/* Active, and does not block. */
	msgqipc::Queue queue(uint32_t entries = 8, const msgqipc::Options &options = {})
	{
		auto made = ctx.create(entries, options);

		EXPECT_DONE(made);
		EXPECT_DONE(made->nonblock());
		EXPECT_DONE(made->activate());
		return std::move(*made);
	}
};

} // namespace hpp

#endif
