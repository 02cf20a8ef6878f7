/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The senders of a queue by the index that they write into words.
 *
 * An index is given to the next sender only when its claims are reaped and
 * the receiver is past every word that names it.
 */
#ifndef MSGQ_ROW_H
#define MSGQ_ROW_H

#include <linux/types.h>

struct msgq_attachment;
struct msgq_ring;

struct msgq_row {
	struct msgq_attachment *attachment; /* NULL: nobody's */
	u64 drained;			    /* then: head has to be here first */
	bool used;			    /* ever */
};

/* All under the queue's lock. */
struct msgq_rows {
	struct msgq_row *row;
	u32 size;
	u32 live;
	u32 next;
};

void msgq_rows_init(struct msgq_rows *rows);
void msgq_rows_free(struct msgq_rows *rows);

/* 0, -ENOSPC (all indices in use) or -ENOMEM. */
int msgq_rows_take(struct msgq_rows *rows, const struct msgq_ring *ring,
		   struct msgq_attachment *attachment, u32 *index);

/*
 * The sender can run no more, or promises to send no more: its open claims
 * are cancelled. Returns how many there were.
 */
u32 msgq_rows_reap(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index);

#endif
