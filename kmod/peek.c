// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <msgq/ring.h>

#include "context.h"
#include "identity.h"
#include "peek.h"
#include "perm.h"
#include "queue.h"
#include "refuse.h"
#include "scope.h"

/*
 * How often the receiver may take the message that is being copied, before it is
 * told that there is none: it has then received as many meanwhile.
 */
#define MSGQ_PEEK_TRIES 64

/* With a reference; NULL: refused. */
static struct msgq_queue *msgq_peek_target(struct msgq_context *context, struct msgq_peek *peek,
					   int *error)
{
	struct msgq_scope *scope = context->scope;
	struct msgq_queue *queue = NULL;
	bool owns;
	u32 uid;

	if (peek->address.node != MSGQ_NODE) {
		*error = msgq_refuse(&peek->refusal, -ENOENT, MSGQ_WHY_NODE, MSGQ_NODE);
		return NULL;
	}
	if (!peek->address.reserved)
		queue = msgq_scope_find(scope, &peek->address);
	if (!queue) {
		*error = msgq_refuse(&peek->refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
		return NULL;
	}
	mutex_lock(&scope->lock);
	owns = msgq_perm_owns(&queue->perm, scope);
	uid = msgq_perm_uid(queue->perm.uid);
	mutex_unlock(&scope->lock);
	if (owns)
		return queue;
	*error = msgq_refuse(&peek->refusal, -EACCES, MSGQ_WHY_NOT_OWNER, uid);
	msgq_queue_put(queue);
	return NULL;
}

/* The first message from @position on that was not cancelled; false: none. */
static bool msgq_peek_find(const struct msgq_ring *ring, u64 position, struct msgq_pos *pos,
			   u64 *word)
{
	u64 head = msgq_load_acquire(&ring->consumer->head);
	u64 ahead = position - head;
	u32 looked;

	if ((s64)ahead < 0)
		ahead = 0;
	if (ahead >= ring->capacity)
		return false;
	*pos = msgq_pos_at(ring, head + ahead);
	for (looked = ahead; looked < ring->capacity; looked++) {
		*word = msgq_word_at(ring, *pos);
		if (msgq_word_ahead(*word, pos->lap))
			return false;
		if (msgq_word_state(*word) == MSGQ_CLAIMED || msgq_word_state(*word) == MSGQ_READY)
			return true;
		if ((looked & 4095) == 4095)
			cond_resched();
		*pos = msgq_pos_next(ring, *pos);
	}
	return false;
}

/*
 * Copies it. False: it was not there any more by then, and what was copied may
 * be anything. Whoever claims the slot next changes the word before the body.
 */
static bool msgq_peek_copy(const struct msgq_ring *ring, struct msgq_pos pos, u64 word,
			   struct msgq_peek *peek)
{
	memset(peek->msg, 0, sizeof(peek->msg));
	peek->len = 0;
	if (msgq_word_state(word) == MSGQ_READY) {
		peek->len = min_t(u32, msgq_word_len(word), MSGQ_MSG_MAX);
		msgq_copy_out(ring, pos.index, peek->msg, peek->len);
	}
	/* The copy before the second look. */
	smp_rmb();
	return msgq_word_at(ring, pos) == word &&
	       (s64)(pos.t - msgq_load(&ring->consumer->head)) >= 0;
}

static void msgq_peek_sender(const struct msgq_queue *queue, u32 index, struct msgq_peek *peek)
{
	const struct msgq_identity *identity = msgq_rows_identity(&queue->rows, index);

	memset(&peek->sendid, 0, sizeof(peek->sendid));
	peek->sender = index;
	peek->uid = identity ? msgq_perm_uid(identity->uid) : ~0u;
	peek->pid = identity ? pid_vnr(identity->pid) : 0;
	if (identity)
		peek->sendid = identity->sendid;
}

static void msgq_peek_locked(const struct msgq_queue *queue, struct msgq_peek *peek)
{
	u32 tries;

	lockdep_assert_held(&queue->lock);
	peek->state = MSGQ_PEEK_NOTHING;
	for (tries = 0; tries < MSGQ_PEEK_TRIES; tries++) {
		struct msgq_pos pos;
		u64 word;

		if (!msgq_peek_find(&queue->ring, peek->position, &pos, &word))
			return;
		if (!msgq_peek_copy(&queue->ring, pos, word, peek))
			continue;
		peek->position = pos.t;
		peek->state = msgq_word_state(word) == MSGQ_READY ? MSGQ_PEEK_MESSAGE :
								    MSGQ_PEEK_CLAIM;
		msgq_peek_sender(queue, msgq_word_sender(word), peek);
		return;
	}
}

int msgq_peek_request(struct msgq_context *context, void *request)
{
	struct msgq_peek *peek = request;
	struct msgq_queue *queue;
	int error = 0;

	BUILD_BUG_ON(sizeof(peek->msg) != MSGQ_MSG_MAX);

	queue = msgq_peek_target(context, peek, &error);
	if (!queue)
		return error;
	mutex_lock(&queue->lock);
	if (queue->state == MSGQ_QUEUE_GONE)
		error = msgq_refuse(&peek->refusal, -ENOENT, MSGQ_WHY_ADDRESS, 0);
	else
		msgq_peek_locked(queue, peek);
	mutex_unlock(&queue->lock);
	msgq_queue_put(queue);
	return error;
}
