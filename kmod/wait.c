// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include <msgq/keeper.h>

#include "attach.h"
#include "context.h"
#include "queue.h"
#include "recheck.h"
#include "refuse.h"
#include "revoke.h"
#include "trace.h"
#include "wait.h"

#define MSGQ_RECHECK_NS (MSGQ_RECHECK_MS * NSEC_PER_MSEC)

/* An open claim at the head cannot be armed: naps, growing. */
#define MSGQ_NAP_FIRST_NS (20 * NSEC_PER_USEC)
#define MSGQ_NAP_LAST_NS (5 * NSEC_PER_MSEC)

/*
 * The lock of the wait queue orders the count before the wake-up; the
 * sleeper reads the count before it arms. So a sender that saw the armed
 * word always changes a count that the sleeper still compares.
 */
static void msgq_waiter_wake_locked(struct msgq_waiter *waiter)
{
	WRITE_ONCE(waiter->wakes, waiter->wakes + 1);
	wake_up_locked(&waiter->head);
}

void msgq_waiter_wake(struct msgq_waiter *waiter)
{
	unsigned long flags;

	spin_lock_irqsave(&waiter->head.lock, flags);
	trace_msgq_wake(container_of(waiter, struct msgq_queue, waiter));
	msgq_waiter_wake_locked(waiter);
	spin_unlock_irqrestore(&waiter->head.lock, flags);
}

/* Nobody's wake-up, least of all the task's that the timer has interrupted. */
static void msgq_waiter_recheck(struct timer_list *timer)
{
	struct msgq_waiter *waiter = container_of(timer, struct msgq_waiter, recheck);
	unsigned long flags;

	spin_lock_irqsave(&waiter->head.lock, flags);
	msgq_waiter_wake_locked(waiter);
	spin_unlock_irqrestore(&waiter->head.lock, flags);
}

void msgq_waiter_init(struct msgq_waiter *waiter)
{
	init_waitqueue_head(&waiter->head);
	timer_setup(&waiter->recheck, msgq_waiter_recheck, 0);
}

void msgq_waiter_exit(struct msgq_waiter *waiter)
{
	timer_delete_sync(&waiter->recheck);
}

void msgq_waiter_close(struct msgq_waiter *waiter)
{
	WRITE_ONCE(waiter->closed, true);
	msgq_waiter_wake(waiter);
}

static void msgq_waiter_nap(s64 nap_ns)
{
	ktime_t nap = ns_to_ktime(nap_ns);

	if (nap_ns < MSGQ_RECHECK_NS)
		schedule_hrtimeout(&nap, HRTIMER_MODE_REL);
	else
		schedule();
}

/*
 * Sleeps at most @nap_ns, and perhaps less: the caller looks for itself.
 * -EINTR for a signal, or what looks like one, else 0.
 */
static int msgq_waiter_sleep(struct msgq_waiter *waiter, u32 seen, s64 nap_ns)
{
	DEFINE_WAIT(entry);
	bool woken;

	/*
	 * Not set and taken back with every sleep: one that is under way from
	 * an earlier sleep does, and only comes too early. Before the count is
	 * compared, so that it cannot come unseen.
	 */
	if (nap_ns >= MSGQ_RECHECK_NS && !timer_pending(&waiter->recheck))
		mod_timer(&waiter->recheck, jiffies + msecs_to_jiffies(MSGQ_RECHECK_MS));

	prepare_to_wait(&waiter->head, &entry, TASK_INTERRUPTIBLE);
	woken = READ_ONCE(waiter->wakes) != seen;
	if (!woken && !signal_pending(current)) {
		msgq_waiter_nap(nap_ns);
		woken = READ_ONCE(waiter->wakes) != seen;
	}
	finish_wait(&waiter->head, &entry);
	return !woken && signal_pending(current) ? -EINTR : 0;
}

static int msgq_wait_in(struct msgq_queue *queue, struct msgq_wait *wait)
{
	struct msgq_waiter *waiter = &queue->waiter;
	bool bounded = wait->timeout_ns >= 0;
	s64 nap_ns = MSGQ_NAP_FIRST_NS;
	ktime_t deadline = 0;

	if (bounded)
		deadline = ktime_add_safe(ktime_get(), ns_to_ktime(wait->timeout_ns));
	for (;;) {
		u32 seen = READ_ONCE(waiter->wakes);
		s64 sleep_ns = MSGQ_RECHECK_NS;
		int error;

		if (READ_ONCE(waiter->closed))
			return msgq_refuse(&wait->refusal, -ECANCELED, MSGQ_WHY_CLOSED, 0);

		switch (msgq_keeper_arm(&queue->ring)) {
		case MSGQ_KEEP_READY:
			return 0;
		case MSGQ_KEEP_BROKEN:
			return msgq_refuse(&wait->refusal, -EBADMSG, MSGQ_WHY_RING, 0);
		case MSGQ_KEEP_PENDING:
			msgq_revoke_stalled(queue);
			sleep_ns = nap_ns;
			nap_ns = min_t(s64, nap_ns * 2, MSGQ_NAP_LAST_NS);
			break;
		case MSGQ_KEPT:
			break;
		}

		if (bounded) {
			s64 left_ns = ktime_to_ns(ktime_sub(deadline, ktime_get()));

			if (left_ns <= 0)
				return msgq_refuse(&wait->refusal, -ETIMEDOUT, MSGQ_WHY_TIMEOUT, 0);
			sleep_ns = min(sleep_ns, left_ns);
		}
		error = msgq_waiter_sleep(waiter, seen, sleep_ns);
		if (!error)
			continue;
		if (bounded)
			wait->timeout_ns = max_t(s64, 0, ktime_sub(deadline, ktime_get()));
		/*
		 * One that stops the task, or starts a debugger's look at it, runs no
		 * handler: that wait goes on. Whatever SA_RESTART says, one with a
		 * handler ends it.
		 */
		if (task_sigpending(current)) {
			msgq_refuse(&wait->refusal, error, MSGQ_WHY_SIGNAL, 0);
			return -ERESTARTNOHAND;
		}
		/*
		 * Work for the task, as io_uring's, is no signal, but done on the
		 * way to user space only: from there it comes again, by itself.
		 */
		return -ERESTARTNOINTR;
	}
}

int msgq_wait_request(struct msgq_context *context, void *request)
{
	struct msgq_wait *wait = request;
	struct msgq_queue *queue;
	u64 since_ns = 0;
	int error;

	mutex_lock(&context->lock);
	queue = msgq_context_queue(context, wait->handle);
	if (queue)
		msgq_queue_get(queue);
	mutex_unlock(&context->lock);
	if (!queue)
		return msgq_refuse(&wait->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);

	trace_msgq_wait(queue, wait->timeout_ns);
	if (trace_msgq_waited_enabled())
		since_ns = ktime_get_ns();
	error = msgq_wait_in(queue, wait);
	trace_msgq_waited(queue, since_ns, error);
	msgq_queue_put(queue);
	return error;
}

int msgq_wake_request(struct msgq_context *context, void *request)
{
	struct msgq_handle *handle = request;
	struct msgq_attachment *attachment = msgq_context_attachment(context, handle->handle);

	if (!attachment)
		return msgq_refuse(&handle->refusal, -EBADF, MSGQ_WHY_HANDLE, 0);
	msgq_waiter_wake(&attachment->queue->waiter);
	msgq_due_fire(attachment->queue);
	return 0;
}
