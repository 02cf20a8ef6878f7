/* SPDX-License-Identifier: MIT */
/* Every call that takes a context, for guarantees that hold for all of them. */
#ifndef MSGQ_TESTS_API_CALLS_H
#define MSGQ_TESTS_API_CALLS_H

#include "fixture.h"

namespace api
{

struct Call {
	const char *name;
	bool takes_queue;
	bool (*fails)(msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *addr);
};

template <int CMD, uint64_t ARG = 0>
bool control(msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *)
{
	uint64_t value;

	return failed(msgqipc_ctl(ctx, queue, CMD, ARG, &value));
}

template <int CMD>
bool query(msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *addr)
{
	return control<CMD>(ctx, nullptr, addr);
}

template <int CMD>
bool address(msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *addr)
{
	msgqipc_addr copy = *addr;

	return failed(msgqipc_ctl(ctx, nullptr, CMD, 0, &copy));
}

template <uint64_t OPERATION>
bool name(msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *)
{
	msgqipc_named named = {};

	named.key = 1;
	return failed(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS, OPERATION, &named));
}

inline const Call CALLS[] = {
	{ "destroy", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *) {
		  return failed(msgqipc_destroy(ctx));
	  } },
	{ "create", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *) {
		  return failed(msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, nullptr, 1, 0, 0));
	  } },
	{ "activate", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  return failed(msgqipc_activate(ctx, queue));
	  } },
	{ "deactivate", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  return failed(msgqipc_deactivate(ctx, queue));
	  } },
	{ "close", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  return failed(msgqipc_close(ctx, queue, 0));
	  } },
	{ "recv", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  char msg[64];

		  return failed(msgqipc_recv(ctx, queue, msg, sizeof(msg)));
	  } },
	{ "peek", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  char msg[64];

		  return failed(msgqipc_peek(ctx, queue, msg, sizeof(msg), 0));
	  } },
	{ "peek of the vector", true,
	  [](msgqipc_ctx *ctx, msgqipc_queue *queue, const msgqipc_addr *) {
		  msgqipc_sendid id;
		  char msg[64];

		  return failed(msgqipc_load(MSGQIPC_API_V2)
					->v2->peek(ctx, queue, &id, msg, sizeof(msg), 0));
	  } },
	{ "send", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *addr) {
		  return failed(msgqipc_send(ctx, addr, "x", 1));
	  } },
	{ "cancel", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *addr) {
		  return failed(msgqipc_cancel(ctx, addr));
	  } },
	{ "poke", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *addr) {
		  return failed(msgqipc_poke(ctx, addr));
	  } },
	{ "get_events", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *) {
		  msgqipc_event event;

		  return failed(msgqipc_get_events(ctx, &event, 1));
	  } },
	{ "ctl GET_MAX_MSG_SIZE", false, query<MSGQIPC_CTL_GET_MAX_MSG_SIZE> },
	{ "ctl GET_MAX_MESSAGES", false, query<MSGQIPC_CTL_GET_MAX_MESSAGES> },
	{ "ctl GET_ADDR_SIZE", false, query<MSGQIPC_CTL_GET_ADDR_SIZE> },
	{ "ctl GET_FD", false, query<MSGQIPC_CTL_GET_FD> },
	{ "ctl ARM", false, query<MSGQIPC_CTL_ARM> },
	{ "ctl SET_NRQR", false, query<MSGQIPC_CTL_SET_NRQR> },
	{ "ctl LISTEN_ADDR", false, address<MSGQIPC_CTL_LISTEN_ADDR> },
	{ "ctl FORGET_ADDR", false, address<MSGQIPC_CTL_FORGET_ADDR> },
	{ "ctl NONBLOCK", true, control<MSGQIPC_CTL_NONBLOCK, 1> },
	{ "ctl RECV_SIZE", true, control<MSGQIPC_CTL_RECV_SIZE> },
	{ "ctl NAMED LOOKUP", false, name<MSGQIPC_NAMED_LOOKUP> },
	{ "ctl NAMED UNLINK", false, name<MSGQIPC_NAMED_UNLINK> },
	{ "ctl NAMED GET_PERM", false, name<MSGQIPC_NAMED_GET_PERM> },
	{ "ctl NAMED SET_PERM", false, name<MSGQIPC_NAMED_SET_PERM> },
	{ "ctl SET_SENDER_ID", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *) {
		  msgqipc_sendid id = {};

		  return failed(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &id));
	  } },
	{ "ctl NAMED LIST", false,
	  [](msgqipc_ctx *ctx, msgqipc_queue *, const msgqipc_addr *) {
		  msgqipc_info info;
		  msgqipc_list request = { &info, 1, 0 };

		  return failed(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_NAMED_OPTS,
					    MSGQIPC_NAMED_LIST, &request));
	  } },
};

} // namespace api

#endif
