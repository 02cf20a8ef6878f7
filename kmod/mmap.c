// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "attach.h"
#include "cache.h"
#include "context.h"
#include "mmap.h"
#include "queue.h"
#include "space.h"

/* Pages put into a mapping without a rest. */
#define MSGQ_MMAP_AT_ONCE 512ul

int msgq_mmap_begin(struct msgq_context *context, struct file *file)
{
	struct address_space *mapping = kzalloc(sizeof(*mapping), MSGQ_GFP);

	if (!mapping)
		return -ENOMEM;
	address_space_init_once(mapping);
	mapping->host = file->f_mapping->host;
	mapping->a_ops = file->f_mapping->a_ops;
	context->mapping = mapping;
	return 0;
}

void msgq_mmap_end(struct address_space *mapping)
{
	kfree(mapping);
}

/* A mapping holds its queue: an owner's does so itself, a sender's by its attachment. */
static void msgq_vma_open(struct vm_area_struct *vma)
{
	msgq_queue_get(vma->vm_private_data);
}

static void msgq_vma_close(struct vm_area_struct *vma)
{
	msgq_queue_put(vma->vm_private_data);
}

static void msgq_vma_open_sender(struct vm_area_struct *vma)
{
	msgq_attach_get(vma->vm_private_data);
}

static void msgq_vma_close_sender(struct vm_area_struct *vma)
{
	msgq_attach_put(vma->vm_private_data);
}

/*
 * The page is locked when this returns, until it is in the page table: see
 * scratch.c.
 */
static vm_fault_t msgq_vma_fault_in(struct vm_fault *fault, struct msgq_queue *queue,
				    struct msgq_attachment *attachment)
{
	struct msgq_context *context = fault->vma->vm_file->private_data;
	enum msgq_area_name area;
	u64 page;

	/*
	 * madvise(MADV_DOFORK) undoes VM_DONTCOPY. Whoever inherits the mapping
	 * so gets no page of it: it could outlive the context and its index.
	 */
	if (!msgq_space_is(context, fault->vma->vm_mm))
		return VM_FAULT_SIGBUS;
	msgq_context_decode((u64)fault->pgoff << PAGE_SHIFT, &area, &page);
	page += msgq_queue_area_start(queue, area) >> PAGE_SHIFT;
	if (page >= queue->memory.pages)
		return VM_FAULT_SIGBUS;

	mutex_lock(&queue->lock);
	if (attachment && attachment->revoked && area == MSGQ_AREA_SLOTS)
		fault->page = attachment->scratch.page[0];
	else
		fault->page = queue->memory.page[page];
	get_page(fault->page);
	lock_page(fault->page);
	mutex_unlock(&queue->lock);
	return VM_FAULT_LOCKED;
}

static vm_fault_t msgq_vma_fault(struct vm_fault *fault)
{
	return msgq_vma_fault_in(fault, fault->vma->vm_private_data, NULL);
}

static vm_fault_t msgq_vma_fault_sender(struct vm_fault *fault)
{
	struct msgq_attachment *attachment = fault->vma->vm_private_data;

	return msgq_vma_fault_in(fault, attachment->queue, attachment);
}

/*
 * What looks for pages on the wrong node takes them out of the page table now and
 * then, for faults to tell who uses them. These stay where they are, so that all it
 * would do is to slow down who sends and receives: mappings with a policy of their
 * own, or none, are left alone.
 */
#ifdef CONFIG_NUMA
static struct mempolicy *msgq_vma_policy(MSGQ_POLICY_OF)
{
	return NULL;
}

#define MSGQ_VMA_POLICY .get_policy = msgq_vma_policy,
#else
#define MSGQ_VMA_POLICY
#endif

static const struct vm_operations_struct msgq_vma_operations = {
	.open = msgq_vma_open,
	.close = msgq_vma_close,
	.fault = msgq_vma_fault,
	MSGQ_VMA_POLICY
};

static const struct vm_operations_struct msgq_vma_sender_operations = {
	.open = msgq_vma_open_sender,
	.close = msgq_vma_close_sender,
	.fault = msgq_vma_fault_sender,
	MSGQ_VMA_POLICY
};

/* What nobody may do with a mapping of @area, now or by a later mprotect. */
static vm_flags_t msgq_mmap_denied(enum msgq_area_name area, bool attached)
{
	return msgq_queue_area_writable(area, attached) ? VM_EXEC : VM_EXEC | VM_WRITE;
}

/*
 * All pages at once, which takes less than a fault for each. What does not
 * get in, for want of memory, a fault finds later.
 *
 * Such pages are like those of a fault, and the flag that they leave behind
 * does not fit: with it a fork would copy the entries of a mapping that
 * MADV_DOFORK made inheritable, and no fault could refuse the child.
 *
 * Slots that were taken away come back by being mapped again. Nobody honest
 * does that, and who is not could have scribbled before.
 */
static void msgq_mmap_fill(struct vm_area_struct *vma, struct msgq_queue *queue, u64 first)
{
	unsigned long count = vma_pages(vma), done = 0;

	while (done < count && !fatal_signal_pending(current)) {
		unsigned long some = min(count - done, MSGQ_MMAP_AT_ONCE), left = some;

		if (vm_insert_pages(vma, vma->vm_start + done * PAGE_SIZE,
				    &queue->memory.page[first + done], &left))
			break;
		done += some;
		cond_resched();
	}
	msgq_vma_flags(vma, 0, VM_MIXEDMAP);
}

int msgq_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct msgq_context *context = file->private_data;
	u64 size = vma->vm_end - vma->vm_start;
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	struct msgq_attachment *attachment;
	enum msgq_area_name area;
	struct msgq_queue *queue;
	int error = -EACCES;
	vm_flags_t denied;
	u64 page;

	/* A context, its claims included, ends with the space that opened it. */
	if (!msgq_space_is(context, current->mm))
		return -EACCES;
	/* A private copy of a ring would be of no use, and hide its senders. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EACCES;
	queue = msgq_context_at(context, offset, &attachment);
	if (!queue)
		return -EINVAL;

	msgq_context_decode(offset, &area, &page);
	denied = msgq_mmap_denied(area, attachment);
	if (vma->vm_flags & denied)
		goto put;
	if (page * PAGE_SIZE + size > msgq_queue_area_size(queue, area, attachment)) {
		error = -EINVAL;
		goto put;
	}
	/* Each VM_MAY flag stands a fixed distance above what it allows. */
	BUILD_BUG_ON(VM_MAYWRITE != VM_WRITE << 4 || VM_MAYEXEC != VM_EXEC << 4);
	msgq_vma_flags(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP, denied << 4);
	vma->vm_private_data = attachment ? (void *)attachment : queue;
	vma->vm_ops = attachment ? &msgq_vma_sender_operations : &msgq_vma_operations;
	msgq_mmap_fill(vma, queue, page + (msgq_queue_area_start(queue, area) >> PAGE_SHIFT));
	return 0;
put:
	msgq_context_let_go(queue, attachment);
	return error;
}
