// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cache.h"
#include "table.h"

#define MSGQ_TABLE_START 16

void msgq_table_init(struct msgq_table *table, u32 max)
{
	memset(table, 0, sizeof(*table));
	table->max = max;
}

void msgq_table_free(struct msgq_table *table)
{
	kvfree(table->entry);
	table->entry = NULL;
	table->size = 0;
}

static int msgq_table_grow(struct msgq_table *table)
{
	u32 size = table->size ? table->size * 2 : MSGQ_TABLE_START;
	void **entry = kvcalloc(size, sizeof(*entry), MSGQ_GFP);

	if (!entry)
		return -ENOMEM;
	if (table->size)
		memcpy(entry, table->entry, table->size * sizeof(*entry));
	kvfree(table->entry);
	table->entry = entry;
	table->next = table->size;
	table->size = size;
	return 0;
}

int msgq_table_add(struct msgq_table *table, void *pointer, u32 *number)
{
	u32 i;

	if (table->used >= table->max)
		return -ENOSPC;
	/* Entry 0 stays empty. */
	if (table->used + 1 >= table->size) {
		int error = msgq_table_grow(table);

		if (error)
			return error;
	}
	i = table->next;
	while (i == 0 || i >= table->size || table->entry[i])
		i = i + 1 < table->size ? i + 1 : 1;
	table->entry[i] = pointer;
	table->next = i + 1;
	table->used++;
	*number = i;
	return 0;
}

void *msgq_table_find(const struct msgq_table *table, u32 number)
{
	if (number >= table->size)
		return NULL;
	return table->entry[array_index_nospec(number, table->size)];
}

void *msgq_table_from(const struct msgq_table *table, u32 *number)
{
	u32 i;

	for (i = *number; i < table->size; i++) {
		if (table->entry[i]) {
			*number = i;
			return table->entry[i];
		}
	}
	return NULL;
}

void msgq_table_remove(struct msgq_table *table, u32 number)
{
	table->entry[number] = NULL;
	table->used--;
}
