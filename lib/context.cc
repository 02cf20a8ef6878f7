// SPDX-License-Identifier: MIT
#include "context.h"

#include <stdlib.h>

#include "queue.h"

extern "C" {

msgqipc_ctx *msgqipc_ini(const msgqipc_api *api)
{
	msgqipc_ctx *ctx;

	if (!api) {
		msgq::fail(MSGQIPC_ERR_INVAL,
			   "api is NULL; accepted: what msgqipc_load() returned");
		return nullptr;
	}
	ctx = static_cast<msgqipc_ctx *>(calloc(1, sizeof(*ctx)));
	if (!ctx) {
		msgq::fail_memory(sizeof(*ctx));
		return nullptr;
	}
	if (msgq::host_open(&ctx->host)) {
		free(ctx);
		return nullptr;
	}
	msgq::events_init(&ctx->events);
	ctx->api = api;
	ctx->owner = msgq::thread_id();
	msgq::succeed();
	return ctx;
}

int msgqipc_destroy(msgqipc_ctx *ctx)
{
	if (!msgq::usable(ctx))
		return -1;
	msgq::targets_free(&ctx->targets);
	while (ctx->queues)
		msgq::queue_free(ctx->queues);
	msgq::events_free(&ctx->events);
	msgq::host_close(&ctx->host);
	free(ctx);
	return msgq::succeed();
}
}
