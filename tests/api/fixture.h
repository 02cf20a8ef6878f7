/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_API_FIXTURE_H
#define MSGQ_TESTS_API_FIXTURE_H

#include "msgqipc.h"
#include "watchdog.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/random.h>

namespace api
{

inline bool failed(int result)
{
	return result == -1;
}

inline bool failed(ssize_t result)
{
	return result == -1;
}

inline bool failed(const void *result)
{
	return !result;
}

/* Reads the thread's error, so nothing may be called between @result and this. */
template <typename R>
::testing::AssertionResult answered(R result, int error)
{
	int got = msgqipc_get_error();
	std::string detail = msgqipc_error_detail();

	if (failed(result) == (error != MSGQIPC_ERR_SUCC) && got == error)
		return ::testing::AssertionSuccess();
	return ::testing::AssertionFailure()
	       << "returned " << result << " with error " << got << " (" << msgqipc_strerror(got)
	       << ") [" << detail << "], not " << error << " (" << msgqipc_strerror(error) << ")";
}

#define EXPECT_SUCC(call) EXPECT_TRUE(::api::answered((call), MSGQIPC_ERR_SUCC))
#define ASSERT_SUCC(call) ASSERT_TRUE(::api::answered((call), MSGQIPC_ERR_SUCC))
#define EXPECT_ERR(error, call) EXPECT_TRUE(::api::answered((call), MSGQIPC_ERR_##error))
#define ASSERT_ERR(error, call) ASSERT_TRUE(::api::answered((call), MSGQIPC_ERR_##error))

/* Keys are shared by everyone in the network namespace: never the same twice. */
inline msgqipc_key unique_key()
{
	msgqipc_key key = 0;

	while (!key)
		if (getrandom(&key, sizeof(key), 0) != sizeof(key))
			abort();
	return key;
}

class Context
{
	msgqipc_ctx *ctx;

public:
	explicit Context(uint16_t version = MSGQIPC_API_V2)
	    : ctx(msgqipc_ini(msgqipc_load(version)))
	{
		EXPECT_NE(ctx, nullptr)
			<< msgqipc_strerror(msgqipc_get_error()) << ": " << msgqipc_error_detail();
	}

	~Context()
	{
		EXPECT_TRUE(!ctx || !msgqipc_destroy(ctx));
	}

	Context(const Context &) = delete;
	Context &operator=(const Context &) = delete;

	operator msgqipc_ctx *() const
	{
		return ctx;
	}
};

/*
 * With MSGQ_TEST_MEDIATED in the environment the queues of all tests are
 * mediated: who calls should not notice.
 */
inline bool mediated()
{
	return getenv("MSGQ_TEST_MEDIATED");
}

/* A queue that takes sends and does not block; its context closes it. */
struct Queue {
	msgqipc_ctx *ctx;
	msgqipc_addr addr = {};
	msgqipc_queue *queue;

	explicit Queue(msgqipc_ctx *owner, uint32_t entries = 16,
		       msgqipc_key key = MSGQIPC_KEY_PRIVATE, uint64_t cookie = 0)
	    : ctx(owner), queue(msgqipc_create(owner, key, &addr, entries, cookie,
					       mediated() ? MSGQIPC_CREATE_MEDIATED : 0))
	{
		EXPECT_NE(queue, nullptr)
			<< msgqipc_strerror(msgqipc_get_error()) << ": " << msgqipc_error_detail();
		EXPECT_EQ(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, nullptr), 0);
		EXPECT_EQ(msgqipc_activate(ctx, queue), 0);
	}

	operator msgqipc_queue *() const
	{
		return queue;
	}

	void block(bool blocking = true) const
	{
		EXPECT_EQ(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, !blocking, nullptr), 0);
	}
};

inline int lookup(msgqipc_ctx *ctx, msgqipc_key key, msgqipc_addr *addr)
{
	msgqipc_named named = {};
	int result;

	named.key = key;
	result = msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP, &named);
	if (!result)
		*addr = named.addr;
	return result;
}

inline int unlink(msgqipc_ctx *ctx, msgqipc_key key)
{
	msgqipc_named named = {};

	named.key = key;
	return msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_UNLINK, &named);
}

inline bool same(const msgqipc_addr &a, const msgqipc_addr &b)
{
	return !memcmp(&a, &b, sizeof(a));
}

/* Everything that @ctx may look at, @room queues at a time. */
inline std::vector<msgqipc_info> list(msgqipc_ctx *ctx, uint32_t room = 32)
{
	std::vector<msgqipc_info> all, page(room);
	msgqipc_list request = {};

	do {
		request.info = page.data();
		request.count = room;
		if (msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST,
				&request) ||
		    request.count > room) {
			ADD_FAILURE() << "LIST: " << msgqipc_strerror(msgqipc_get_error())
				      << ", count " << request.count;
			return all;
		}
		all.insert(all.end(), page.begin(), page.begin() + request.count);
	} while (request.count);
	return all;
}

/* Whether @ctx may look at it; *@info says what it sees. */
inline bool seen(msgqipc_ctx *ctx, const msgqipc_addr &addr, msgqipc_info *info = nullptr)
{
	for (const msgqipc_info &each : list(ctx)) {
		if (!same(each.addr, addr))
			continue;
		if (info)
			*info = each;
		return true;
	}
	return false;
}

/* Until the owner of @addr sleeps in recv, which no other call can tell. */
inline void await_sleeper(msgqipc_ctx *ctx, const msgqipc_addr &addr)
{
	msgqipc_info info = {};

	while (seen(ctx, addr, &info) && !info.waiting)
		usleep(100);
	EXPECT_EQ(info.waiting, 1u);
}

/* What it knows of its callers, a daemon does not: their memory, their namespaces. */
inline bool by_module(msgqipc_ctx *ctx)
{
	msgqipc_host host = {};

	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_HOST, 0, &host));
	return host.kind == MSGQIPC_HOST_MODULE;
}

class Test : public ::testing::Test
{
protected:
	Context ctx;

	void SetUp() override
	{
		ASSERT_NE(static_cast<msgqipc_ctx *>(ctx), nullptr);
	}
};

} // namespace api

#endif
