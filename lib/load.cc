// SPDX-License-Identifier: MIT
#include <msgqipc.h>

#include "thread.h"

extern "C" ssize_t msgq_peek_sendid(msgqipc_ctx *ctx, msgqipc_queue *queue, msgqipc_sendid *sendid,
				    void *msg, size_t len, size_t index);

namespace
{

const msgqipc_v1 v1 = {
	.ini = msgqipc_ini,
	.destroy = msgqipc_destroy,
	.create = msgqipc_create,
	.activate = msgqipc_activate,
	.deactivate = msgqipc_deactivate,
	.close = msgqipc_close,
	.recv = msgqipc_recv,
	.peek = msgq_peek_sendid,
	.send = msgqipc_send,
	.cancel = msgqipc_cancel,
	.get_events = msgqipc_get_events,
	.ctl = msgqipc_ctl,
};

const msgqipc_v2 v2 = {
	.ini = v1.ini,
	.destroy = v1.destroy,
	.create = v1.create,
	.activate = v1.activate,
	.deactivate = v1.deactivate,
	.close = v1.close,
	.recv = v1.recv,
	.peek = v1.peek,
	.send = v1.send,
	.cancel = v1.cancel,
	.get_events = v1.get_events,
	.ctl = v1.ctl,
	.poke = msgqipc_poke,
};

const msgqipc_api apis[] = {
	{ .version = MSGQIPC_API_V1, .reserved = 0, .v1 = &v1, .v2 = nullptr },
	{ .version = MSGQIPC_API_V2, .reserved = 0, .v1 = &v1, .v2 = &v2 },
};

} // namespace

extern "C" msgqipc_api *msgqipc_load(uint16_t verno)
{
	for (const msgqipc_api &api : apis) {
		if (api.version == verno) {
			msgq::succeed();
			/* The specification has it without const. */
			return const_cast<msgqipc_api *>(&api);
		}
	}
	msgq::fail(MSGQIPC_ERR_NOTSUPP, "verno is %llu; accepted: 1 and 2", verno);
	return nullptr;
}
