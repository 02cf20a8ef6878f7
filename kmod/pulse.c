// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/poll.h>

#include "context.h"
#include "pulse.h"
#include "recheck.h"
#include "refuse.h"
#include "trace.h"

/*
 * Takes no locks but those of who waits: it may run in an interrupt. Who takes
 * the kick clears it first and looks at the queues then, so one that comes
 * meanwhile stays.
 */
static void msgq_pulse_kick(struct msgq_pulse *pulse)
{
	WRITE_ONCE(pulse->kicked, true);
	msgq_pulse_beat(pulse);
}

static enum hrtimer_restart msgq_pulse_late(struct hrtimer *timer)
{
	msgq_pulse_kick(container_of(timer, struct msgq_pulse, timer));
	return HRTIMER_NORESTART;
}

static void msgq_pulse_recheck(struct work_struct *work)
{
	struct msgq_context *context =
		container_of(to_delayed_work(work), struct msgq_context, pulse.recheck);

	mutex_lock(&context->lock);
	/* Once something is pending, the next EVENTS starts it again. */
	if (!context->ended && msgq_recheck(context))
		msgq_pulse_rest(&context->pulse);
	mutex_unlock(&context->lock);
}

void msgq_pulse_init(struct msgq_pulse *pulse)
{
	init_waitqueue_head(&pulse->head);
	msgq_uring_init(&pulse->uring);
	msgq_hrtimer_setup(&pulse->timer, msgq_pulse_late);
	INIT_DELAYED_WORK(&pulse->recheck, msgq_pulse_recheck);
}

void msgq_pulse_end(struct msgq_pulse *pulse)
{
	hrtimer_cancel(&pulse->timer);
	cancel_delayed_work_sync(&pulse->recheck);
	wake_up_poll(&pulse->head, EPOLLHUP | EPOLLERR);
	msgq_uring_end(&pulse->uring);
}

void msgq_pulse_beat(struct msgq_pulse *pulse)
{
	wake_up_poll(&pulse->head, EPOLLIN | EPOLLRDNORM);
	msgq_uring_beat(&pulse->uring);
}

void msgq_pulse_rest(struct msgq_pulse *pulse)
{
	if (pulse->watching)
		queue_delayed_work(msgq_unbound_queue, &pulse->recheck,
				   msecs_to_jiffies(MSGQ_RECHECK_MS));
}

int msgq_kick_request(struct msgq_context *context, void *request)
{
	struct msgq_pulse *pulse = &context->pulse;
	struct msgq_kick *kick = request;
	u64 delay_ns = min_t(u64, kick->delay_ns, NSEC_PER_SEC);

	if (kick->flags & ~MSGQ_KICK_FLAGS)
		return msgq_refuse(&kick->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_KICK_FLAGS);
	trace_msgq_arm(context, kick);
	if (kick->flags & MSGQ_KICK_WATCH) {
		pulse->watching = true;
		msgq_pulse_rest(pulse);
	}
	if (delay_ns)
		hrtimer_start(&pulse->timer, ns_to_ktime(delay_ns), HRTIMER_MODE_REL);
	if (kick->flags & MSGQ_KICK_NOW)
		msgq_pulse_kick(pulse);
	return 0;
}
