// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <msgq/keeper.h>

#include "cache.h"
#include "row.h"

#define MSGQ_ROWS_START 8

void msgq_rows_init(struct msgq_rows *rows)
{
	memset(rows, 0, sizeof(*rows));
}

void msgq_rows_free(struct msgq_rows *rows)
{
	u32 i;

	for (i = 0; i < rows->size; i++)
		msgq_identity_drop(&rows->row[i].identity);
	kvfree(rows->row);
}

static int msgq_rows_grow(struct msgq_rows *rows)
{
	u32 size = rows->size ? min(rows->size * 2, MSGQ_SENDERS_MAX) : MSGQ_ROWS_START;
	struct msgq_row *row;

	if (size == rows->size)
		return -ENOSPC;
	row = kvcalloc(size, sizeof(*row), MSGQ_GFP);
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
	return !row->identity.context || (s64)(head - row->drained) >= 0;
}

/* An index that @identity can have; size: none. */
static u32 msgq_rows_find(const struct msgq_rows *rows, const struct msgq_ring *ring,
			  const struct msgq_identity *identity)
{
	u64 head = msgq_load_acquire(&ring->consumer->head);
	u32 found = rows->size;
	u32 looked, i;

	for (looked = 0; looked < rows->size; looked++) {
		const struct msgq_row *row;

		i = (rows->next + looked) % rows->size;
		row = &rows->row[i];
		if (!row->attachment && msgq_identity_same(&row->identity, identity))
			return i;
		if (found == rows->size && msgq_row_free(row, head))
			found = i;
	}
	return found;
}

int msgq_rows_take(struct msgq_rows *rows, const struct msgq_ring *ring,
		   struct msgq_attachment *attachment, const struct msgq_identity *identity,
		   u32 *index)
{
	u32 i = msgq_rows_find(rows, ring, identity);
	int error;

	if (i == rows->size) {
		error = msgq_rows_grow(rows);
		if (error)
			return error;
	}
	rows->row[i].attachment = attachment;
	msgq_identity_set(&rows->row[i].identity, identity);
	rows->next = (i + 1) % rows->size;
	rows->live++;
	*index = i;
	return 0;
}

static void msgq_row_breathe(void)
{
	cond_resched();
}

struct msgq_reaped msgq_rows_reap(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index)
{
	struct msgq_reaped reaped = msgq_keeper_reap(ring, index, msgq_row_breathe);

	rows->reaped += reaped.cancelled;
	return reaped;
}

void msgq_rows_drop(struct msgq_rows *rows, u32 index, const struct msgq_reaped *reaped)
{
	rows->row[index].attachment = NULL;
	rows->row[index].drained = reaped->drained;
	rows->live--;
}

void msgq_rows_retire(struct msgq_rows *rows, const struct msgq_ring *ring, u32 index)
{
	rows->row[index].attachment = NULL;
	rows->row[index].drained = msgq_keeper_boundary(ring).t;
	rows->live--;
}

struct msgq_attachment *msgq_rows_attachment(const struct msgq_rows *rows, u32 index)
{
	if (index >= rows->size)
		return NULL;
	return rows->row[array_index_nospec(index, rows->size)].attachment;
}

const struct msgq_identity *msgq_rows_identity(const struct msgq_rows *rows, u32 index)
{
	const struct msgq_identity *identity;

	if (index >= rows->size)
		return NULL;
	identity = &rows->row[array_index_nospec(index, rows->size)].identity;
	return identity->context ? identity : NULL;
}
