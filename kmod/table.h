/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Small numbers for pointers: ids of queues, handles of a context. */
#ifndef MSGQ_TABLE_H
#define MSGQ_TABLE_H

#include <linux/types.h>

struct msgq_table {
	void **entry;
	u32 size;
	u32 used;
	u32 next; /* where to look for a free one: numbers come back late */
	u32 max;
};

void msgq_table_init(struct msgq_table *table, u32 max);
void msgq_table_free(struct msgq_table *table);

/* 0, or -ENOSPC when @max are in use, or -ENOMEM. Numbers start at 1. */
int msgq_table_add(struct msgq_table *table, void *pointer, u32 *number);

/* NULL for a number that is not in use. */
void *msgq_table_find(const struct msgq_table *table, u32 number);

/* The first in use from *@number on, which becomes its number; NULL at the end. */
void *msgq_table_from(const struct msgq_table *table, u32 *number);

void msgq_table_remove(struct msgq_table *table, u32 number);

#endif
