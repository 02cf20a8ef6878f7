/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The senders of a queue by the index that they write into words.
 *
 * An index is given to the next sender only when its claims are reaped and
 * the receiver is past every word that names it. Until then it stands for who
 * had it.
 */
#ifndef MSGQ_ROW_H
#define MSGQ_ROW_H

#include <linux/types.h>

#include "identity.h"

struct msgq_attachment;
struct msgq_reaped;
struct msgq_ring;

struct msgq_row {
	struct msgq_attachment *attachment; /* NULL: nobody's */
	u64 drained;			    /* then: head has to be here first */
	struct msgq_identity identity;	    /* of who has it, or had it last */
};

/* All under the queue's lock. */
struct msgq_rows {
	struct msgq_row *row;
	u32 size;
	u32 live;
	u32 next;
	u64 reaped; /* claims that were cancelled */
};

void msgq_rows_init(struct msgq_rows *rows);
void msgq_rows_free(struct msgq_rows *rows);

/*
 * An index that was of the same @identity is taken again even while words name
 * it, or a context that changes its id back and forth would use up all.
 * Returns 0, -ENOSPC (all indices in use) or -ENOMEM.
 */
int msgq_rows_take(struct msgq_rows *rows, const struct msgq_ring *ring,
		   struct msgq_attachment *attachment, const struct msgq_identity *identity,
		   u32 *index);

/* The sender goes on by another index, and has no claim open now. */
void msgq_rows_retire(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index);

/*
 * Cancels the open claims of a sender that can run no more, or promises to send
 * no more, or has lost its slots. Its index may then be let go.
 */
struct msgq_reaped msgq_rows_reap(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index);
void msgq_rows_drop(struct msgq_rows *rows, u32 index, const struct msgq_reaped *reaped);

/* Who sends by @index, which may be anything; NULL: nobody now. */
struct msgq_attachment *msgq_rows_attachment(const struct msgq_rows *rows, u32 index);

/* Who sends, or sent, by @index, which may be anything; NULL: nobody ever. */
const struct msgq_identity *msgq_rows_identity(const struct msgq_rows *rows, u32 index);

#endif
