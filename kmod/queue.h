/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A queue: its memory, its address, its permissions, its senders.
 *
 * Lifetime: referenced by its owner until it is closed, by every attachment,
 * by every mapping of its memory, and by a wait in it. Closing makes it
 * unreachable and tells its senders; the memory goes with the last of them.
 */
#ifndef MSGQ_QUEUE_H
#define MSGQ_QUEUE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/msgq.h>

#include <msgq/stalled.h>

#include "due.h"
#include "memory.h"
#include "perm.h"
#include "revoke.h"
#include "row.h"
#include "wait.h"

struct msgq_context;
struct msgq_scope;
struct msgq_user;

struct msgq_queue {
	struct kref references;

	/* Set at creation. */
	struct msgq_scope *scope;
	struct msgq_context *owner; /* not to be followed once gone */
	struct msgq_address address;
	struct msgq_perm perm;
	struct msgq_memory memory;
	struct msgq_user *user; /* charged until the memory goes */
	struct msgq_ring ring; /* the kernel's view */
	u64 cookie;
	u64 created_ns;
	/* For who traces: by which it is known before, during and after it has a name. */
	u64 made_key;
	u32 made_pid; /* of the owner's process, in the initial namespace */
	u32 handle;
	bool mediated;

	/* Under the scope's lock. */
	struct hlist_node by_name;
	u64 key; /* 0: no name, or not any more */

	struct mutex lock;		/* all below, and who writes K */
	enum msgq_queue_state state;	/* what K says */
	struct msgq_rows rows;		/* senders by index */
	struct list_head attachments;
	u64 attached; /* how many there have ever been */
	struct list_head watches;
	u32 listeners;	  /* how many those are */
	u32 high;	  /* as far as LIST has seen */
	u64 cancelled;	  /* messages, by CANCEL */
	u64 activated_ns; /* wall clock: in its state since then */
	struct msgq_stalled stalled; /* while its receiver sleeps */
	struct msgq_pos sent; /* mediated: all before it is claimed, */
	u64 sent_head;	      /* and where the head was then */

	struct msgq_waiter waiter;
	struct msgq_alarm alarm;
};

int msgq_queue_init(void);
void msgq_queue_exit(void);

void msgq_queue_get(struct msgq_queue *queue);
void msgq_queue_put(struct msgq_queue *queue);

/* Where the areas are: bytes from the start of the queue's memory. */
u64 msgq_queue_area_start(const struct msgq_queue *queue, enum msgq_area_name area);
/* 0: there is none, or not for senders, of which one is @attached. */
u64 msgq_queue_area_size(const struct msgq_queue *queue, enum msgq_area_name area, bool attached);

/* May it be mapped writable? By its owner, or by a sender, who is @attached. */
static inline bool msgq_queue_area_writable(enum msgq_area_name area, bool attached)
{
	return area == MSGQ_AREA_SLOTS || (area == MSGQ_AREA_CONSUMER && !attached);
}

/* Ends the queue; the owner's reference goes with it. */
void msgq_queue_close(struct msgq_queue *queue);

/* Requests; the context is locked. */
int msgq_queue_create_request(struct msgq_context *context, void *request);
int msgq_queue_activate_request(struct msgq_context *context, void *request);
int msgq_queue_deactivate_request(struct msgq_context *context, void *request);
int msgq_queue_close_request(struct msgq_context *context, void *request);

#endif
