// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "row.h"

#define MSGQ_ROWS_START 8

void msgq_rows_init(struct msgq_rows *rows)
{
	memset(rows, 0, sizeof(*rows));
}

void msgq_rows_free(struct msgq_rows *rows)
{
	kvfree(rows->row);
}

static int msgq_rows_grow(struct msgq_rows *rows)
{
	u32 size = rows->size ? min(rows->size * 2, MSGQ_SENDERS_MAX) : MSGQ_ROWS_START;
	struct msgq_row *row;

	if (size == rows->size)
		return -ENOSPC;
	row = kvcalloc(size, sizeof(*row), GFP_KERNEL_ACCOUNT);
	if (!row)
		return -ENOMEM;
	if (rows->size)
		memcpy(row, rows->row, rows->size * sizeof(*row));
	kvfree(rows->row);
	rows->row = row;
	rows->next = rows->size;
	rows->size = size;
	return 0;
}

/* A lying head frees indices early: the liar is the receiver that they serve. */
static bool msgq_row_free(const struct msgq_row *row, u64 head)
{
	if (row->attachment)
		return false;
	return !row->used || (s64)(head - row->drained) >= 0;
}

int msgq_rows_take(struct msgq_rows *rows, const struct msgq_ring *ring,
		   struct msgq_attachment *attachment, u32 *index)
{
	u64 head = msgq_load_acquire(&ring->consumer->head);
	u32 looked, i;
	int error;

	for (looked = 0; looked < rows->size; looked++) {
		i = (rows->next + looked) % rows->size;
		if (msgq_row_free(&rows->row[i], head))
			goto found;
	}
	error = msgq_rows_grow(rows);
	if (error)
		return error;
	i = rows->next;
found:
	rows->row[i].attachment = attachment;
	rows->row[i].used = true;
	rows->next = (i + 1) % rows->size;
	rows->live++;
	*index = i;
	return 0;
}

static void msgq_row_breathe(void)
{
	cond_resched();
}

u32 msgq_rows_reap(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index)
{
	struct msgq_reaped reaped = msgq_keeper_reap(ring, index, msgq_row_breathe);

	rows->row[index].attachment = NULL;
	rows->row[index].drained = reaped.drained;
	rows->live--;
	return reaped.cancelled;
}
