// SPDX-License-Identifier: MIT
/*
 * A context that waits has an eventfd, which its library polls along with the
 * bells of its queues. The library's own timer serves for KICK with a delay.
 */

#include "../../kmod/pulse.h"
#include "../../kmod/context.h"
#include "../../kmod/recheck.h"
#include "../../kmod/refuse.h"
#include "bell.h"

/* Those to be looked after, by their rechecks. */
static struct list_head watched = { &watched, &watched };
static u64 next_tick_ns;

void msgq_pulse_init(struct msgq_pulse *pulse)
{
	pulse->head.fd = -1;
	INIT_LIST_HEAD(&pulse->recheck.entry);
}

void msgq_pulse_end(struct msgq_pulse *pulse)
{
	list_del_init(&pulse->recheck.entry);
	bell_close(&pulse->head);
}

void msgq_pulse_beat(struct msgq_pulse *pulse)
{
	bell_ring(&pulse->head);
}

void msgq_pulse_rest(struct msgq_pulse *pulse)
{
	if (!pulse->watching || !list_empty(&pulse->recheck.entry))
		return;
	if (list_empty(&watched))
		next_tick_ns = bell_clock_ns() + MSGQ_RECHECK_MS * 1000000ull;
	list_add_tail(&pulse->recheck.entry, &watched);
}

int msgq_kick_request(struct msgq_context *context, void *request)
{
	struct msgq_pulse *pulse = &context->pulse;
	struct msgq_kick *kick = request;

	if (kick->flags & ~MSGQ_KICK_FLAGS)
		return msgq_refuse(&kick->refusal, -EINVAL, MSGQ_WHY_FLAGS, MSGQ_KICK_FLAGS);
	if (kick->delay_ns)
		return msgq_refuse(&kick->refusal, -EOPNOTSUPP, MSGQ_WHY_OPERATION, 0);
	if (kick->flags & MSGQ_KICK_WATCH) {
		pulse->watching = true;
		msgq_pulse_rest(pulse);
	}
	if (kick->flags & MSGQ_KICK_NOW) {
		pulse->kicked = true;
		msgq_pulse_beat(pulse);
	}
	return 0;
}

int core_tick(void)
{
	u64 now_ns = bell_clock_ns();
	struct list_head *entry, *next;

	if (list_empty(&watched))
		return -1;
	if (now_ns < next_tick_ns)
		return (int)((next_tick_ns - now_ns) / 1000000) + 1;
	next_tick_ns = now_ns + MSGQ_RECHECK_MS * 1000000ull;
	for (entry = watched.next; entry != &watched; entry = next) {
		struct msgq_context *context =
			container_of(entry, struct msgq_context, pulse.recheck.entry);

		next = entry->next;
		mutex_lock(&context->lock);
		if (!msgq_recheck(context))
			list_del_init(entry);
		mutex_unlock(&context->lock);
	}
	return MSGQ_RECHECK_MS;
}
