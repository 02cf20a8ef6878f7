/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Keys, by which queues are found. All functions want the scope's lock. */
#ifndef MSGQ_NAME_H
#define MSGQ_NAME_H

#include <linux/types.h>
#include <linux/msgq.h>

struct msgq_context;
struct msgq_queue;
struct msgq_scope;

/*
 * Gives @queue the name @queue->key. A name that another queue of the same
 * user has moves, unless @exclusive.
 */
int msgq_name_bind(struct msgq_scope *scope, struct msgq_queue *queue, bool exclusive,
		   struct msgq_refusal *refusal);

/* Does nothing to a queue without a name. */
void msgq_name_unbind(struct msgq_scope *scope, struct msgq_queue *queue);

/* MSGQ_IOC_NAME; takes the scope's lock itself. */
int msgq_name_request(struct msgq_context *context, void *request);

#endif
