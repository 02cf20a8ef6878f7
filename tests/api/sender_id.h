/* SPDX-License-Identifier: MIT */
#ifndef MSGQ_TESTS_API_SENDER_ID_H
#define MSGQ_TESTS_API_SENDER_ID_H

#include "fixture.h"

namespace api
{

inline msgqipc_sendid sender_id(const std::string &bytes)
{
	msgqipc_sendid id = {};

	id.len = static_cast<uint16_t>(
		bytes.copy(reinterpret_cast<char *>(id.spc), MSGQIPC_SENDID_SPC));
	return id;
}

inline int set_sender_id(msgqipc_ctx *ctx, const std::string &bytes)
{
	msgqipc_sendid id = sender_id(bytes);

	return msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &id);
}

} // namespace api

#endif
