// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/msgq.h>

#include "context.h"
#include "due.h"
#include "space.h"
#include "uring.h"

#ifdef MSGQ_HAS_URING

/* What a command that is pending carries along, in the room it has for that. */
struct msgq_uring_wait {
	struct list_head in_pending;
	int result;	/* once it is not in there any more */
	bool cancelled; /* before it was in there, or too late */
};

static struct msgq_uring_wait *msgq_uring_wait(struct io_uring_cmd *command)
{
	BUILD_BUG_ON(sizeof(struct msgq_uring_wait) > sizeof(command->pdu));
	return (void *)command->pdu;
}

static struct io_uring_cmd *msgq_uring_of(struct msgq_uring_wait *wait)
{
	return container_of((void *)wait, struct io_uring_cmd, pdu);
}

static void msgq_uring_complete(struct io_uring_cmd *command, unsigned int flags)
{
	msgq_uring_done(command, msgq_uring_wait(command)->result, flags);
}

MSGQ_URING_IN_TASK(msgq_uring_in_task, msgq_uring_complete)

/*
 * The submitter's task does the rest, since here may be an interrupt. It
 * takes none of our locks on the way there.
 */
static void msgq_uring_tell(struct msgq_uring *uring, int result)
{
	struct msgq_uring_wait *wait, *next;
	unsigned long irq;

	spin_lock_irqsave(&uring->lock, irq);
	list_for_each_entry_safe(wait, next, &uring->pending, in_pending) {
		list_del_init(&wait->in_pending);
		wait->result = result;
		io_uring_cmd_complete_in_task(msgq_uring_of(wait), msgq_uring_in_task);
	}
	uring->count = 0;
	spin_unlock_irqrestore(&uring->lock, irq);
}

static void msgq_uring_late(struct work_struct *work)
{
	msgq_uring_tell(container_of(to_delayed_work(work), struct msgq_uring, late), -ETIME);
}

void msgq_uring_init(struct msgq_uring *uring)
{
	spin_lock_init(&uring->lock);
	INIT_LIST_HEAD(&uring->pending);
	INIT_DELAYED_WORK(&uring->late, msgq_uring_late);
}

void msgq_uring_end(struct msgq_uring *uring)
{
	cancel_delayed_work_sync(&uring->late);
	msgq_uring_tell(uring, -ESHUTDOWN);
}

void msgq_uring_beat(struct msgq_uring *uring)
{
	msgq_uring_tell(uring, 0);
}

/* 0 and it may be gone as soon as the lock is; or why it is not pending. */
static int msgq_uring_add(struct msgq_uring *uring, struct msgq_uring_wait *wait)
{
	bool first = false;
	unsigned long irq;
	int error = 0;

	spin_lock_irqsave(&uring->lock, irq);
	if (wait->cancelled) {
		error = -ECANCELED;
	} else if (uring->count == MSGQ_URING_MAX) {
		error = -EBUSY;
	} else {
		first = !uring->count++;
		list_add_tail(&wait->in_pending, &uring->pending);
	}
	spin_unlock_irqrestore(&uring->lock, irq);
	/* A ring that cannot cancel would wait for it for ever when it goes. */
	if (first && !MSGQ_URING_CANCELABLE)
		mod_delayed_work(system_wq, &uring->late, HZ);
	return error;
}

/*
 * By the end of the ring, or of its task. A command that is not pending is
 * being added at this moment, or is as good as complete.
 */
static void msgq_uring_cancel(struct msgq_uring *uring, struct io_uring_cmd *command,
			      unsigned int flags)
{
	struct msgq_uring_wait *wait = msgq_uring_wait(command);
	unsigned long irq;
	bool pending;

	spin_lock_irqsave(&uring->lock, irq);
	pending = !list_empty(&wait->in_pending);
	if (pending) {
		list_del_init(&wait->in_pending);
		uring->count--;
	}
	wait->cancelled = true;
	spin_unlock_irqrestore(&uring->lock, irq);
	if (pending)
		msgq_uring_done(command, -ECANCELED, flags);
}

static int msgq_uring_pend(struct msgq_context *context, struct io_uring_cmd *command,
			   unsigned int flags)
{
	struct msgq_uring_wait *wait = msgq_uring_wait(command);
	struct msgq_uring *uring = &context->pulse.uring;
	int error;

	INIT_LIST_HEAD(&wait->in_pending);
	wait->cancelled = false;
	/* Before it is pending: it may be complete, and gone, right after that. */
	io_uring_cmd_mark_cancelable(command, flags);
	error = msgq_uring_add(uring, wait);
	if (error)
		msgq_uring_done(command, error, flags);
	/* What came between the first look and being pending told nobody. */
	else if (READ_ONCE(context->ended))
		msgq_uring_tell(uring, -ESHUTDOWN);
	else if (msgq_due_any(context))
		msgq_uring_tell(uring, 0);
	return -EIOCBQUEUED;
}

int msgq_uring_command(struct io_uring_cmd *command, unsigned int flags)
{
	struct msgq_context *context = command->file->private_data;

	if (flags & IO_URING_F_CANCEL) {
		msgq_uring_cancel(&context->pulse.uring, command, flags);
		return 0;
	}
	if (command->cmd_op != MSGQ_URING_WAIT ||
	    memchr_inv(msgq_uring_payload(command), 0, MSGQ_URING_PAYLOAD))
		return -EINVAL;
	if (!msgq_space_is(context, current->mm))
		return -EPERM;
	if (READ_ONCE(context->ended))
		return -ESHUTDOWN;
	if (msgq_due_any(context))
		return 0;
	return msgq_uring_pend(context, command, flags);
}

#endif
