// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/bug.h>
#include <linux/limits.h>
#include <linux/random.h>

#include "name.h"
#include "queue.h"
#include "scope.h"

void msgq_scope_init(struct msgq_scope *scope)
{
	u32 i;

	mutex_init(&scope->lock);
	msgq_table_init(&scope->queues, INT_MAX);
	for (i = 0; i < ARRAY_SIZE(scope->name); i++)
		INIT_HLIST_HEAD(&scope->name[i]);
	scope->next_generation = get_random_u64();
	scope->contexts = 0;
	msgq_users_init(&scope->users);
}

void msgq_scope_exit(struct msgq_scope *scope)
{
	/* Contexts hold the scope, and their queues go before they do. */
	WARN_ON(scope->queues.used);
	msgq_table_free(&scope->queues);
	mutex_destroy(&scope->lock);
}

int msgq_scope_enter(struct msgq_scope *scope, struct msgq_queue *queue)
{
	int error;

	lockdep_assert_held(&scope->lock);
	error = msgq_table_add(&scope->queues, queue, &queue->address.id);
	if (!error)
		queue->address.generation = scope->next_generation++;
	return error;
}

void msgq_scope_leave(struct msgq_scope *scope, struct msgq_queue *queue)
{
	lockdep_assert_held(&scope->lock);
	msgq_name_unbind(scope, queue);
	msgq_table_remove(&scope->queues, queue->address.id);
}

struct msgq_queue *msgq_scope_find(struct msgq_scope *scope, const struct msgq_address *address)
{
	struct msgq_queue *queue;

	mutex_lock(&scope->lock);
	queue = msgq_table_find(&scope->queues, address->id);
	if (queue && queue->address.generation == address->generation)
		msgq_queue_get(queue);
	else
		queue = NULL;
	mutex_unlock(&scope->lock);
	return queue;
}
