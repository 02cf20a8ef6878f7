/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_REQUEST_H
#define MSGQ_REQUEST_H

#include <linux/types.h>
#include <linux/msgq.h>

struct msgq_context;

/* Room for any request; each starts with its refusal. */
union msgq_request {
	struct msgq_refusal refusal;
	struct msgq_hello hello;
	struct msgq_handle handle;
	struct msgq_create create;
	struct msgq_attach attach;
	struct msgq_wait wait;
	struct msgq_identify identify;
	struct msgq_renew renew;
	struct msgq_cancel cancel;
	struct msgq_send send;
	struct msgq_sender_of sender;
	struct msgq_revoke revoke;
	struct msgq_stall stall;
	struct msgq_events events;
	struct msgq_kick kick;
	struct msgq_listen listen;
	struct msgq_nrqr nrqr;
	struct msgq_name name;
	struct msgq_list list;
	struct msgq_limits limits;
	struct msgq_senders senders;
	struct msgq_peek peek;
};

/* Is there such a request? */
bool msgq_request_known(u32 command);

/*
 * Of a command that fills in items in a buffer, which all begin as LIST does:
 * the size of one. Else 0.
 */
u32 msgq_request_item(u32 command);

/*
 * Does what was asked, in kernel memory: @request holds the command's structure
 * and then its answer; @into has room for @room items. Returns 0, or -errno with
 * the refusal filled in.
 */
int msgq_request_do(struct msgq_context *context, u32 command, union msgq_request *request,
		    void *into, u32 room);

#endif
