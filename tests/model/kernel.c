/* SPDX-License-Identifier: MIT */
/*
 * The sources of kmod/ that work on a ring, and below them what they stand on.
 * What they keep in structures of their own is made anew for each request out
 * of a struct kernel_queue. They allocate nothing here: all senders are
 * attached, and listen, from the start.
 */
#include "kmod/attach.c"
#include "kmod/cancel.c"
#include "kmod/queue.c"
#include "kmod/revoke.c"
#include "kmod/row.c"
#include "kmod/send.c"
#include "kmod/watch.c"

#include "kernel.h"

static struct msgq_scope scope;
static struct msgq_queue queue;
static struct msgq_row rows[KERNEL_ROWS];
static struct msgq_context owner, context[KERNEL_SENDERS];
static struct msgq_attachment attachment[KERNEL_SENDERS];
static struct msgq_watch watch[KERNEL_SENDERS];
static unsigned int listen_nrqr;

#define NO_POSITION 0xffff

static unsigned int number_of(const struct msgq_context *who)
{
	return (unsigned int)(who - context);
}

static void restore_sent(const struct kernel_queue *from)
{
	queue.sent.t = from->sent;
	queue.sent.lap = from->sent_lap;
	queue.sent.index = from->sent_index;
	queue.sent_head = from->sent_head;
}

static void save_sent(struct kernel_queue *to)
{
	to->sent = queue.sent.t;
	to->sent_lap = queue.sent.lap;
	to->sent_index = queue.sent.index;
	to->sent_head = queue.sent_head;
}

static void restore_rows(const struct kernel_queue *from)
{
	unsigned int i;

	memset(rows, 0, sizeof(rows));
	queue.rows.row = rows;
	queue.rows.size = KERNEL_ROWS;
	queue.rows.next = from->next;
	for (i = 0; i < KERNEL_ROWS; i++) {
		if (from->attached[i])
			rows[i].attachment = &attachment[from->attached[i] - 1];
		rows[i].identity.context = from->bearer[i];
		rows[i].drained = from->drained[i];
	}
}

static void restore(const struct kernel_queue *from)
{
	unsigned int i;

	queue.state = from->state;
	queue.scope = &scope;
	queue.lock.held = scope.lock.held = false;
	queue.references.count = 100;
	INIT_LIST_HEAD(&queue.attachments);
	INIT_LIST_HEAD(&queue.watches);
	restore_rows(from);
	restore_sent(from);
	for (i = 0; i < KERNEL_SENDERS; i++) {
		memset(&context[i], 0, sizeof(context[i]));
		context[i].scope = &scope;
		context[i].lock.held = true;
		context[i].number = i + 1;
		INIT_LIST_HEAD(&context[i].watches);

		memset(&attachment[i], 0, sizeof(attachment[i]));
		kref_init(&attachment[i].references);
		attachment[i].mapped = true;
		attachment[i].context = &context[i];
		attachment[i].queue = &queue;
		attachment[i].index = from->index[i];
		attachment[i].revoked = from->revoked[i];
		attachment[i].undone =
			from->undone[i] == NO_POSITION ? MSGQ_NEVER : from->undone[i];
		if (!(from->ended >> i & 1))
			list_add_tail(&attachment[i].by_queue, &queue.attachments);

		memset(&watch[i], 0, sizeof(watch[i]));
		watch[i].context = &context[i];
		watch[i].queue = &queue;
		watch[i].waiting = from->waiting >> i & 1;
		watch[i].nrqr = listen_nrqr;
		INIT_LIST_HEAD(&watch[i].in_due);
		/* On a list of its own, if on any: only that is looked at. */
		if (from->due >> i & 1)
			watch[i].in_due.next = watch[i].in_due.prev = NULL;
		list_add_tail(&watch[i].by_context, &context[i].watches);
		if (from->listed >> i & 1)
			list_add_tail(&watch[i].by_queue, &queue.watches);
		else
			INIT_LIST_HEAD(&watch[i].by_queue);
	}
}

void kernel_save(struct kernel_queue *to)
{
	unsigned int i;

	memset(to, 0, sizeof(*to));
	to->state = queue.state;
	to->next = queue.rows.next;
	save_sent(to);
	for (i = 0; i < KERNEL_ROWS; i++) {
		if (rows[i].attachment)
			to->attached[i] = 1 + (rows[i].attachment - attachment);
		to->bearer[i] = rows[i].identity.context;
		to->drained[i] = rows[i].drained;
	}
	for (i = 0; i < KERNEL_SENDERS; i++) {
		struct msgq_attachment *at;
		bool ended = true;

		list_for_each_entry(at, &queue.attachments, by_queue)
		{
			if (at == &attachment[i])
				ended = false;
		}
		to->ended |= ended << i;
		to->index[i] = attachment[i].index;
		to->revoked[i] = attachment[i].revoked;
		to->undone[i] = attachment[i].undone;
		to->waiting |= watch[i].waiting << i;
		to->listed |= !list_empty(&watch[i].by_queue) << i;
	}
}

void kernel_init(struct kernel_queue *to, const struct msgq_ring *ring, unsigned int senders,
		 unsigned int nrqr, bool mediated)
{
	unsigned int i;

	memset(to, 0, sizeof(*to));
	listen_nrqr = nrqr;
	queue.ring = *ring;
	queue.mediated = mediated;
	queue.sent = msgq_pos_at(ring, 0);
	queue.sent_head = 0;
	save_sent(to);
	to->state = MSGQ_QUEUE_ACTIVE;
	to->next = senders;
	for (i = 0; i < KERNEL_SENDERS; i++) {
		to->index[i] = i;
		if (i >= senders) {
			to->ended |= 1 << i;
			continue;
		}
		to->attached[i] = i + 1;
		to->bearer[i] = i + 1;
		to->listed |= 1 << i;
	}
}

static void listen_to(unsigned int sender, struct kernel_answer *answer)
{
	struct msgq_listen listen = {};

	answer->error = msgq_listen_request(&context[sender], &listen);
}

static void cancel_of(unsigned int sender, struct kernel_answer *answer)
{
	struct msgq_cancel cancel = {};

	answer->error = msgq_cancel_request(&context[sender], &cancel);
}

static void renew_for(unsigned int sender, struct kernel_answer *answer)
{
	struct msgq_renew renew = { .claim = answer->claim, .seen = answer->seen };

	answer->error = msgq_renew_request(&context[sender], &renew);
	answer->index = renew.sender;
	answer->revokes = renew.revokes;
	answer->undone = renew.undone;
}

static void send_for(unsigned int sender, struct kernel_answer *answer)
{
	struct msgq_send send = { .len = MSGQ_MSG_MAX };

	memset(send.msg, answer->message, sizeof(send.msg));
	answer->error = msgq_send_request(&context[sender], &send);
}

/* All claims that are open have been for long enough. */
static void revoke_by(enum kernel_request whom, struct kernel_answer *answer)
{
	struct msgq_revoke revoke = { .until = NO_POSITION };

	if (whom == KERNEL_REVOKE) {
		answer->error = msgq_revoke_request(&owner, &revoke);
		return;
	}
	queue.stalled.limit_ns = 1;
	queue.stalled.since_ns = 0;
	queue.stalled.until = NO_POSITION;
	msgq_revoke_stalled(&queue);
}

void kernel_ask(enum kernel_request what, unsigned int sender, const struct kernel_queue *before,
		struct kernel_answer *answer)
{
	struct msgq_handle handle = {};

	restore(before);
	switch (what) {
	case KERNEL_ACTIVATE:
		answer->error = msgq_queue_activate_request(&owner, &handle);
		break;
	case KERNEL_DEACTIVATE:
		answer->error = msgq_queue_deactivate_request(&owner, &handle);
		break;
	case KERNEL_CLOSE:
		msgq_queue_close(&queue);
		break;
	case KERNEL_CANCEL:
		cancel_of(sender, answer);
		break;
	case KERNEL_LISTEN:
		listen_to(sender, answer);
		break;
	case KERNEL_REACHED:
		answer->error = msgq_reached_request(&owner, &handle);
		break;
	case KERNEL_UNWATCH:
		msgq_watch_remove(&watch[sender]);
		break;
	case KERNEL_END:
		msgq_attach_end(&attachment[sender], false);
		break;
	case KERNEL_RENEW:
		renew_for(sender, answer);
		break;
	case KERNEL_REVOKE:
	case KERNEL_STALLED:
		revoke_by(what, answer);
		break;
	case KERNEL_SEND:
		send_for(sender, answer);
		break;
	}
}

/* ---- what they stand on ----------------------------------------------------- */

void mutex_lock(struct mutex *mutex)
{
	if (mutex == &queue.lock)
		model_lock();
	WARN_ON(mutex->held);
	mutex->held = true;
}

void mutex_unlock(struct mutex *mutex)
{
	WARN_ON(!mutex->held);
	mutex->held = false;
	if (mutex == &queue.lock)
		model_unlock();
}

void shim_warn(const char *file, int line, const char *what)
{
	(void)file;
	(void)line;
	(void)what;
	abort();
}

void msgq_waiter_wake(struct msgq_waiter *waiter)
{
	model_wake();
}

void msgq_waiter_close(struct msgq_waiter *waiter)
{
	model_wake();
}

/* The queue outlives the case. */
void msgq_waiter_exit(struct msgq_waiter *waiter)
{
	abort();
}

void msgq_memory_free(struct msgq_memory *memory)
{
	abort();
}

void msgq_identity_drop(struct msgq_identity *row)
{
	abort();
}

int msgq_scratch_take(struct msgq_attachment *from)
{
	model_take(number_of(from->context));
	return 0;
}

void msgq_scratch_free(struct msgq_attachment *of)
{
	model_give(number_of(of->context));
}

void msgq_fence_receivers(const struct msgq_queue *queue)
{
	model_fence_receiver();
}

void msgq_due_tell(struct msgq_watch *who, u32 type)
{
	model_tell(number_of(who->context), type == MSGQ_EVENT_CLOSED);
}

/* The receiver sleeps in WAIT. */
void msgq_due_fire(struct msgq_queue *fired)
{
}

void msgq_due_withdraw(struct msgq_watch *who)
{
}

void msgq_alarm_close(struct msgq_alarm *alarm)
{
}

int msgq_user_charge(struct msgq_user *user, enum msgq_limit_name what,
		     struct msgq_refusal *refusal)
{
	return 0;
}

void msgq_user_uncharge(struct msgq_user *user, enum msgq_limit_name what)
{
}

/* The queue outlives the case. */
void msgq_user_uncharge_queue(struct msgq_user *user, u64 bytes)
{
	abort();
}

struct msgq_queue *msgq_context_queue(struct msgq_context *who, u32 handle)
{
	return &queue;
}

struct msgq_attachment *msgq_context_attachment(struct msgq_context *who, u32 handle)
{
	return &attachment[number_of(who)];
}

struct msgq_queue *msgq_scope_find(struct msgq_scope *where, const struct msgq_address *address)
{
	return &queue;
}

void msgq_scope_leave(struct msgq_scope *where, struct msgq_queue *left)
{
}

bool msgq_perm_may(const struct msgq_perm *perm, struct msgq_scope *where, u32 want)
{
	return true;
}

struct msgq_identity msgq_identity_of(const struct msgq_context *who)
{
	return (struct msgq_identity){ .context = who->number };
}

void msgq_identity_set(struct msgq_identity *row, const struct msgq_identity *identity)
{
	*row = *identity;
}

bool msgq_identity_same(const struct msgq_identity *a, const struct msgq_identity *b)
{
	return a->context == b->context;
}

bool msgq_identity_cancels(const struct msgq_identity *canceller,
			   const struct msgq_identity *sender)
{
	return sender->context == canceller->context;
}
