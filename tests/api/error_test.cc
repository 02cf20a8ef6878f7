// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <climits>
#include <set>
#include <thread>

using api::Queue;

namespace
{

class Error : public api::Test
{
};

// holds: error.succ
TEST_F(Error, IsResetByEverySuccess)
{
	Queue queue(ctx, 4);
	char msg[64];
	uint64_t value;
	auto fail = [&] {
		ASSERT_ERR(INVAL, msgqipc_activate(ctx, nullptr));
	};

	fail();
	EXPECT_SUCC(msgqipc_thread_init());
	fail();
	EXPECT_SUCC(msgqipc_load(MSGQIPC_API_V1));
	fail();
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
	fail();
	EXPECT_SUCC(msgqipc_poke(ctx, &queue.addr));
	fail();
	EXPECT_SUCC(msgqipc_peek(ctx, queue, msg, sizeof(msg), 0));
	fail();
	EXPECT_SUCC(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	fail();
	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_ADDR_SIZE, 0, &value));
	fail();
	EXPECT_SUCC(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, &value));
	fail();
	EXPECT_SUCC(msgqipc_activate(ctx, queue));
	fail();
	EXPECT_SUCC(msgqipc_deactivate(ctx, queue));
	fail();
	EXPECT_SUCC(msgqipc_close(ctx, queue, 0));
	fail();
	EXPECT_SUCC(msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, 0));
	fail();
	msgqipc_ctx *another = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
	EXPECT_SUCC(another);
	fail();
	EXPECT_SUCC(msgqipc_destroy(another));
}

// holds: error.kept
TEST_F(Error, StaysUntilTheNextCall)
{
	ASSERT_ERR(INVAL, msgqipc_activate(ctx, nullptr));
	msgqipc_strerror(MSGQIPC_ERR_RNR);
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL);
	msgqipc_error_detail();
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL);
}

// holds: error.per-thread
TEST_F(Error, BelongsToItsThread)
{
	int at_first = -1, after_failure = -1;
	std::string detail_there;
	std::string detail;

	ASSERT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 0, 0, 0));
	detail = msgqipc_error_detail();
	std::thread([&] {
		at_first = msgqipc_get_error();
		detail_there = msgqipc_error_detail();
		msgqipc_load(0);
		after_failure = msgqipc_get_error();
	}).join();
	EXPECT_EQ(at_first, MSGQIPC_ERR_SUCC);
	EXPECT_EQ(detail_there, "");
	EXPECT_EQ(after_failure, MSGQIPC_ERR_NOTSUPP);
	EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL);
	EXPECT_EQ(msgqipc_error_detail(), detail);
}

// holds: thread.init, thread.without
TEST_F(Error, ThreadInitMayBeCalledAgainAndNeedNotBe)
{
	EXPECT_SUCC(msgqipc_thread_init());
	EXPECT_SUCC(msgqipc_thread_init());
	std::thread([] {
		api::Context without;
		Queue queue(without);

		EXPECT_SUCC(msgqipc_send(without, &queue.addr, "x", 1));
	}).join();
}

// holds: error.strerror, error.codes
TEST_F(Error, EveryCodeHasASentenceOfItsOwn)
{
	std::set<std::string> sentences;

	for (int code : { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 100 }) {
		const char *sentence = msgqipc_strerror(code);

		ASSERT_NE(sentence, nullptr) << code;
		EXPECT_GT(strlen(sentence), 4u) << code;
		EXPECT_TRUE(sentences.insert(sentence).second) << code << ": " << sentence;
	}
	for (int code : { -1, 10, 15, 99, 101, INT_MAX, INT_MIN }) {
		const char *sentence = msgqipc_strerror(code);

		ASSERT_NE(sentence, nullptr) << code;
		EXPECT_STRNE(sentence, "") << code;
		EXPECT_FALSE(sentences.count(sentence)) << code << ": " << sentence;
	}
}

// holds: error.strerror
TEST_F(Error, EveryCodeIsCalledByItsName)
{
	const std::pair<int, const char *> names[] = {
		{ MSGQIPC_ERR_SUCC, "SUCC" },	      { MSGQIPC_ERR_INVAL, "INVAL" },
		{ MSGQIPC_ERR_NORES, "NORES" },	      { MSGQIPC_ERR_RNR, "RNR" },
		{ MSGQIPC_ERR_FAILOVER, "FAILOVER" }, { MSGQIPC_ERR_FAILURE, "FAILURE" },
		{ MSGQIPC_ERR_NOTSUPP, "NOTSUPP" },   { MSGQIPC_ERR_TRUNC, "TRUNC" },
		{ MSGQIPC_ERR_SIZE, "SIZE" },	      { MSGQIPC_ERR_INACTIVE, "INACTIVE" },
		{ MSGQIPC_ERR_EXISTS, "EXISTS" },     { MSGQIPC_ERR_CANCEL, "CANCEL" },
		{ MSGQIPC_ERR_NOTFOUND, "NOTFOUND" }, { MSGQIPC_ERR_NRQR, "NRQR" },
		{ MSGQIPC_ERR_ACCES, "ACCES" },
	};

	for (auto [code, name] : names)
		EXPECT_NE(std::string(msgqipc_strerror(code)).find(name), std::string::npos)
			<< msgqipc_strerror(code);
}

// holds: error.detail
TEST_F(Error, DetailSaysWhatWouldHaveBeenAccepted)
{
	Queue queue(ctx);
	uint64_t max = 0;
	char msg[65] = {};

	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_MAX_MESSAGES, 0, &max));
	ASSERT_ERR(SIZE, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, max + 1, 0, 0));
	EXPECT_NE(std::string(msgqipc_error_detail()).find(std::to_string(max)), std::string::npos)
		<< msgqipc_error_detail();
	ASSERT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 0, 0, 0));
	EXPECT_STRNE(msgqipc_error_detail(), "");
	ASSERT_ERR(INVAL, msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, 4));
	EXPECT_STRNE(msgqipc_error_detail(), "");
	ASSERT_ERR(SIZE, msgqipc_send(ctx, &queue.addr, msg, 65));
	EXPECT_NE(std::string(msgqipc_error_detail()).find("64"), std::string::npos)
		<< msgqipc_error_detail();
	ASSERT_ERR(INVAL, msgqipc_close(ctx, queue, 1));
	EXPECT_STRNE(msgqipc_error_detail(), "");
	ASSERT_ERR(INVAL, msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 2, nullptr));
	EXPECT_STRNE(msgqipc_error_detail(), "");
}

} // namespace
