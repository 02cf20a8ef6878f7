// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "cache.h"
#include "context.h"
#include "space.h"

/*
 * One for each address space, however many contexts it has. It holds the mm
 * structure (not the memory), so that comparing pointers is sound.
 */
struct msgq_space {
	struct mmu_notifier notifier;
	struct mutex lock; /* the list */
	struct list_head contexts;
};

static struct mmu_notifier *msgq_space_alloc(struct mm_struct *mm)
{
	struct msgq_space *space = kzalloc(sizeof(*space), MSGQ_GFP);

	if (!space)
		return ERR_PTR(-ENOMEM);
	mutex_init(&space->lock);
	INIT_LIST_HEAD(&space->contexts);
	return &space->notifier;
}

static void msgq_space_free(struct mmu_notifier *notifier)
{
	kfree(container_of(notifier, struct msgq_space, notifier));
}

/* Called once, when the last user of the address space is gone; may sleep. */
static void msgq_space_gone(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	struct msgq_space *space = container_of(notifier, struct msgq_space, notifier);
	struct msgq_context *context;

	mutex_lock(&space->lock);
	list_for_each_entry(context, &space->contexts, in_space)
		msgq_context_end(context, false);
	mutex_unlock(&space->lock);
}

static const struct mmu_notifier_ops msgq_space_operations = {
	.alloc_notifier = msgq_space_alloc,
	.free_notifier = msgq_space_free,
	.release = msgq_space_gone,
};

int msgq_space_enter(struct msgq_context *context)
{
	struct mmu_notifier *notifier;

	if (!current->mm)
		return -EPERM;
	notifier = mmu_notifier_get(&msgq_space_operations, current->mm);
	/*
	 * It gives up at a signal, also at io_uring's work for the task, which is
	 * none: the caller shall not have to know, and comes again.
	 */
	if (IS_ERR(notifier))
		return PTR_ERR(notifier) == -EINTR ? -ERESTARTNOINTR : PTR_ERR(notifier);
	context->space = container_of(notifier, struct msgq_space, notifier);
	mutex_lock(&context->space->lock);
	list_add_tail(&context->in_space, &context->space->contexts);
	mutex_unlock(&context->space->lock);
	return 0;
}

void msgq_space_leave(struct msgq_context *context)
{
	mutex_lock(&context->space->lock);
	list_del(&context->in_space);
	mutex_unlock(&context->space->lock);
	mmu_notifier_put(&context->space->notifier);
}

struct mm_struct *msgq_space_mm(const struct msgq_context *context)
{
	return context->space->notifier.mm;
}

bool msgq_space_is(const struct msgq_context *context, const struct mm_struct *mm)
{
	return mm == context->space->notifier.mm;
}

void msgq_space_exit(void)
{
	/* The last notifiers are freed by callbacks into this module. */
	mmu_notifier_synchronize();
}
