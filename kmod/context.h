/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A context: what one open of the device owns, its queues and its
 * attachments, each by handle.
 *
 * Lifetime: it *ends* once, when it is destroyed, when its address space
 * goes, or when its last descriptor and mapping are gone; nothing of it can
 * send any more at that time, so its open claims may be cancelled. It is
 * *freed* with the file, later or at once.
 */
#ifndef MSGQ_CONTEXT_H
#define MSGQ_CONTEXT_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/msgq.h>

#include "due.h"
#include "limits.h"
#include "pulse.h"
#include "table.h"

struct address_space;
struct msgq_attachment;
struct msgq_queue;
struct msgq_scope;
struct msgq_space;
struct msgq_user;
struct pid;

#define MSGQ_NODE 0

/* A mapping offset: handle, area, and 2^34 bytes for the area itself. */
#define MSGQ_OFFSET_AREA_SHIFT 34
#define MSGQ_OFFSET_HANDLE_SHIFT 36

struct msgq_context {
	struct mutex lock; /* all below */
	struct msgq_table queues;
	struct msgq_table attachments;
	struct msgq_sendid sendid; /* goes with what is sent from now on */
	bool greeted;
	bool ended;
	struct list_head watches;
	u32 nrqr;
	u32 recheck; /* the next queue to be looked at again */

	/* Set at creation. */
	struct msgq_scope *scope;
	struct pid *pid;
	struct msgq_user *user; /* who is charged for what the context has */
	u64 number; /* from 1, of the scope; no other context ever has it */

	/* With locks of their own. */
	struct msgq_due due;
	struct msgq_pulse pulse;

	struct address_space *mapping; /* of all mappings of this context, and no other */

	struct msgq_space *space;
	struct list_head in_space; /* under the space's lock */
};

int msgq_context_init(void);
void msgq_context_exit(void);

/* The caller's. NULL with *@error and the refusal set. */
struct msgq_context *msgq_context_new(struct msgq_scope *scope, struct pid *pid,
				      struct msgq_refusal *refusal, int *error);
/* @asked: by its process, which is else gone. */
void msgq_context_end(struct msgq_context *context, bool asked);
void msgq_context_free(struct msgq_context *context);

/*
 * By handle, or NULL; the context is locked. A handle tells which of the two
 * it is for, so that one is never taken for the other.
 */
struct msgq_queue *msgq_context_queue(struct msgq_context *context, u32 handle);
struct msgq_attachment *msgq_context_attachment(struct msgq_context *context, u32 handle);

/* Give and take back handles: 0, -ENOSPC or -ENOMEM. */
int msgq_context_add_queue(struct msgq_context *context, struct msgq_queue *queue);
int msgq_context_add_attachment(struct msgq_context *context, struct msgq_attachment *attachment);
int msgq_context_refuse_handle(struct msgq_refusal *refusal, int error);
void msgq_context_remove_queue(struct msgq_context *context, struct msgq_queue *queue);
void msgq_context_remove_attachment(struct msgq_context *context,
				    struct msgq_attachment *attachment);

/* Where the areas of the queue behind @handle are in the mapping space. */
void msgq_context_areas(struct msgq_queue *queue, u32 handle, struct msgq_area *area);

/* Of an offset in the mapping space: the area, and the page of the area. */
void msgq_context_decode(u64 offset, enum msgq_area_name *area, u64 *page);

/*
 * The queue that an offset of the mapping space belongs to, or NULL. A sender's
 * *@attachment, else NULL, says that it is another's. With a reference to the
 * attachment, where there is one, or to the queue.
 */
struct msgq_queue *msgq_context_at(struct msgq_context *context, u64 offset,
				   struct msgq_attachment **attachment);
/* Gives that back. */
void msgq_context_let_go(struct msgq_queue *queue, struct msgq_attachment *attachment);

#endif
