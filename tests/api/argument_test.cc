// SPDX-License-Identifier: MIT
#include "calls.h"

using api::Queue;

namespace
{

class Argument : public api::Test
{
protected:
	// A NULL is named: otherwise INVAL leaves the caller guessing.
	static void expect_named(const char *call)
	{
		EXPECT_STRNE(msgqipc_error_detail(), "") << call;
	}
};

// holds: ini.null
TEST_F(Argument, ApiNullIsInvalid)
{
	EXPECT_ERR(INVAL, msgqipc_ini(nullptr));
	expect_named("ini");
}

// holds: ctx.null
TEST_F(Argument, ContextNullIsInvalidInEveryCall)
{
	Queue queue(ctx);

	for (const api::Call &call : api::CALLS) {
		bool fails = call.fails(nullptr, queue, &queue.addr);

		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL) << call.name;
		expect_named(call.name);
		EXPECT_TRUE(fails) << call.name;
	}
}

// holds: queue.null
TEST_F(Argument, QueueNullIsInvalidInEveryCallThatTakesOne)
{
	Queue queue(ctx);

	for (const api::Call &call : api::CALLS) {
		if (!call.takes_queue)
			continue;
		bool fails = call.fails(ctx, nullptr, &queue.addr);

		EXPECT_EQ(msgqipc_get_error(), MSGQIPC_ERR_INVAL) << call.name;
		expect_named(call.name);
		EXPECT_TRUE(fails) << call.name;
	}
}

// holds: send.null, poke.null
TEST_F(Argument, AddressNullIsInvalid)
{
	EXPECT_ERR(INVAL, msgqipc_send(ctx, nullptr, "x", 1));
	expect_named("send");
	EXPECT_ERR(INVAL, msgqipc_poke(ctx, nullptr));
	expect_named("poke");
	EXPECT_ERR(INVAL, msgqipc_cancel(ctx, nullptr));
	expect_named("cancel");
}

// holds: send.null, recv.null, peek.null
TEST_F(Argument, MessageNullIsInvalidUnlessEmpty)
{
	Queue queue(ctx);

	EXPECT_ERR(INVAL, msgqipc_send(ctx, &queue.addr, nullptr, 1));
	expect_named("send");
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, nullptr, 0));
	EXPECT_ERR(INVAL, msgqipc_peek(ctx, queue, nullptr, 1, 0));
	expect_named("peek");
	EXPECT_ERR(INVAL, msgqipc_recv(ctx, queue, nullptr, 1));
	expect_named("recv");
	EXPECT_EQ(msgqipc_peek(ctx, queue, nullptr, 0, 0), 0);
	EXPECT_EQ(msgqipc_recv(ctx, queue, nullptr, 0), 0);
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, nullptr, 0));
}

// holds: ctl.null
TEST_F(Argument, PointerNullIsInvalidInEveryControlThatFillsIt)
{
	Queue queue(ctx);

	for (int command : { MSGQIPC_CTL_GET_MAX_MSG_SIZE, MSGQIPC_CTL_GET_MAX_MESSAGES,
			     MSGQIPC_CTL_GET_ADDR_SIZE, MSGQIPC_CTL_GET_HOST }) {
		SCOPED_TRACE(command);
		EXPECT_ERR(INVAL, msgqipc_ctl(ctx, nullptr, command, 0, nullptr));
	}
	EXPECT_ERR(INVAL, msgqipc_ctl(ctx, queue, MSGQIPC_CTL_RECV_SIZE, 0, nullptr));
	for (uint64_t operation :
	     { MSGQIPC_NAMED_LOOKUP, MSGQIPC_NAMED_UNLINK, MSGQIPC_NAMED_GET_PERM,
	       MSGQIPC_NAMED_SET_PERM, MSGQIPC_NAMED_LIST }) {
		SCOPED_TRACE(operation);
		EXPECT_ERR(INVAL,
			   msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, operation, nullptr));
	}
	msgqipc_list nowhere = { nullptr, 1, 0 };
	EXPECT_ERR(INVAL,
		   msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &nowhere));
}

// holds: close.flags
TEST_F(Argument, CloseTakesNoFlags)
{
	Queue queue(ctx);

	for (uint32_t flag = 1; flag; flag <<= 1)
		EXPECT_ERR(INVAL, msgqipc_close(ctx, queue, flag));
	EXPECT_SUCC(msgqipc_send(ctx, &queue.addr, "x", 1));
}

// holds: send.size, send.never-late
TEST_F(Argument, MessageOverTheMaximumIsNeverSent)
{
	Queue queue(ctx);
	char msg[64];

	for (size_t len : { size_t(65), size_t(127), size_t(128), size_t(1) << 32, SIZE_MAX }) {
		SCOPED_TRACE(len);
		EXPECT_ERR(SIZE, msgqipc_send(ctx, &queue.addr, msg, len));
	}
	EXPECT_ERR(NOTFOUND, msgqipc_recv(ctx, queue, msg, sizeof(msg)));
}

} // namespace
