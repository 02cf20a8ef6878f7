// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <msgq/ring.h>

#include "context.h"
#include "due.h"
#include "queue.h"
#include "refuse.h"
#include "trace.h"
#include "watch.h"

void msgq_due_init(struct msgq_due *due)
{
	spin_lock_init(&due->lock);
	INIT_LIST_HEAD(&due->queues);
	INIT_LIST_HEAD(&due->watches);
}

void msgq_alarm_init(struct msgq_alarm *alarm, struct msgq_context *owner)
{
	spin_lock_init(&alarm->lock);
	INIT_LIST_HEAD(&alarm->in_due);
	alarm->owner = owner;
}

void msgq_alarm_close(struct msgq_alarm *alarm)
{
	struct msgq_context *owner;

	spin_lock(&alarm->lock);
	owner = alarm->owner;
	alarm->owner = NULL;
	if (owner) {
		spin_lock(&owner->due.lock);
		list_del_init(&alarm->in_due);
		spin_unlock(&owner->due.lock);
	}
	spin_unlock(&alarm->lock);
}

/*
 * The owner sets ARMED in its page before it arms the head's word, and the
 * sender that fires has swapped that word: so it is seen.
 */
void msgq_due_fire(struct msgq_queue *queue)
{
	struct msgq_alarm *alarm = &queue->alarm;
	struct msgq_due *due;

	if (!(msgq_load(&queue->ring.consumer->sleeps) & MSGQ_SLEEPS_ARMED))
		return;
	spin_lock(&alarm->lock);
	if (alarm->owner) {
		due = &alarm->owner->due;
		spin_lock(&due->lock);
		if (list_empty(&alarm->in_due)) {
			list_add_tail(&alarm->in_due, &due->queues);
			trace_msgq_event(queue, MSGQ_EVENT_FIRED, alarm->owner);
		}
		msgq_pulse_beat(&alarm->owner->pulse);
		spin_unlock(&due->lock);
	}
	spin_unlock(&alarm->lock);
}

/*
 * The beat is within the lock: without it the watch could be taken and freed
 * by then, and its context, which nothing else here keeps, too.
 */
void msgq_due_tell(struct msgq_watch *watch, u32 type)
{
	struct msgq_context *context = watch->context;
	struct msgq_due *due = &context->due;

	spin_lock(&due->lock);
	watch->tells = type;
	if (list_empty(&watch->in_due))
		list_add_tail(&watch->in_due, &due->watches);
	trace_msgq_event(watch->queue, type, context);
	msgq_pulse_beat(&context->pulse);
	spin_unlock(&due->lock);
}

void msgq_due_withdraw(struct msgq_watch *watch)
{
	struct msgq_due *due = &watch->context->due;

	spin_lock(&due->lock);
	list_del_init(&watch->in_due);
	spin_unlock(&due->lock);
}

bool msgq_due_any(struct msgq_context *context)
{
	struct msgq_due *due = &context->due;
	bool any;

	spin_lock(&due->lock);
	any = READ_ONCE(context->pulse.kicked) || !list_empty(&due->queues) ||
	      !list_empty(&due->watches);
	spin_unlock(&due->lock);
	return any;
}

/* Own queues cannot go away meanwhile: that takes the context's lock. */
static bool msgq_due_take_queue(struct msgq_due *due, struct msgq_event *event)
{
	struct msgq_queue *queue = NULL;

	spin_lock(&due->lock);
	if (!list_empty(&due->queues)) {
		queue = list_first_entry(&due->queues, struct msgq_queue, alarm.in_due);
		list_del_init(&queue->alarm.in_due);
	}
	spin_unlock(&due->lock);
	if (!queue)
		return false;
	event->type = MSGQ_EVENT_FIRED;
	event->handle = queue->handle;
	return true;
}

static bool msgq_due_take_watch(struct msgq_due *due, struct msgq_event *event)
{
	struct msgq_watch *watch = NULL;

	spin_lock(&due->lock);
	if (!list_empty(&due->watches)) {
		watch = list_first_entry(&due->watches, struct msgq_watch, in_due);
		list_del_init(&watch->in_due);
		event->type = watch->tells;
	}
	spin_unlock(&due->lock);
	if (!watch)
		return false;
	event->address = watch->queue->address;
	if (event->type == MSGQ_EVENT_CLOSED)
		msgq_watch_free(watch);
	return true;
}

int msgq_events_request(struct msgq_context *context, void *request)
{
	struct msgq_events *events = request;
	u32 room = min_t(u32, events->count, MSGQ_EVENTS_MAX);
	bool all = !(events->flags & MSGQ_EVENTS_QUEUES);
	u32 count = 0;

	if (events->flags & ~MSGQ_EVENTS_QUEUES)
		return msgq_refuse(&events->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_EVENTS_QUEUES);
	memset(events->event, 0, sizeof(events->event));
	WRITE_ONCE(context->pulse.kicked, false);
	while (count < room && msgq_due_take_queue(&context->due, &events->event[count]))
		count++;
	while (all && count < room && msgq_due_take_watch(&context->due, &events->event[count]))
		count++;
	events->count = count;
	events->more = msgq_due_any(context);
	msgq_pulse_rest(&context->pulse);
	return 0;
}
