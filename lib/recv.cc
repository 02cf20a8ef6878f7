// SPDX-License-Identifier: MIT
#include <msgqipc.h>

#include <string.h>

#include "probe.h"
/* The word is at hand as it is; the sender's index is the tool's to take from it. */
#define MSGQ_RECEIVED(receiver, word)                                                              \
	MSGQ_PROBE4(recv, (receiver)->id, (receiver)->head.t, *len, word)

#include "clock.h"
#include "queue.h"

namespace msgq
{

/* Sleeps until there may be something. */
static int wait(msgqipc_ctx *ctx, const msgqipc_queue *queue, int64_t timeout_ns)
{
	__u64 *sleeps = &queue->receiver.ring.consumer->sleeps;
	int result;

	msgq_store(sleeps, *sleeps | MSGQ_SLEEPS_RECV);
	result = ctx->host.kind->wait(&ctx->host, queue->handle, &queue->receiver.ring, timeout_ns);
	msgq_store(sleeps, *sleeps & ~(__u64)MSGQ_SLEEPS_RECV);
	return result;
}

/* Takes the next message, and tells who waits for the head to be where it now is. */
static inline msgq_recv_result take(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t size,
				    uint32_t *len)
{
	msgq_receiver *receiver = &queue->receiver;
	const uint64_t head = receiver->head.t;
	msgq_recv_result result = msgq_receiver_recv(receiver, msg, size, len);

	if (receiver->head.t != head)
		queue_passed(ctx, queue);
	return result;
}

/* What came of looking at the ring, as the calls tell it. */
static ssize_t outcome(msgq_recv_result result, uint32_t len)
{
	switch (result) {
	case MSGQ_GOT:
		succeed();
		return (ssize_t)len;
	case MSGQ_EMPTY:
		return fail(MSGQIPC_ERR_NOTFOUND);
	case MSGQ_SHORT:
		return fail(MSGQIPC_ERR_TRUNC, "len is too small for the message; needed: %llu",
			    len);
	default:
		return fail(MSGQIPC_ERR_FAILURE, "a sender has scribbled over the queue's ring");
	}
}

static ssize_t recv_sleeping(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t size,
			     int64_t timeout_ns)
{
	const int64_t deadline_ns = deadline(timeout_ns);
	msgq_recv_result result;
	uint32_t len = 0;
	bool slept = false;

	queue->patience.begin();
	for (;;) {
		result = take(ctx, queue, msg, size, &len);
		if (result != MSGQ_EMPTY)
			break;
		ctx->waited++;
		if (queue->patience.lasts()) {
			msgq_pause();
			continue;
		}
		queue->patience.disappointed();
		if (wait(ctx, queue, timeout_ns < 0 ? -1 : remaining(deadline_ns)))
			return -1;
		queue->patience.begin();
		slept = true;
	}
	if (!slept)
		queue->patience.rewarded();
	else if (result == MSGQ_GOT)
		msgq_receiver_sample(&queue->receiver);
	queue->received = len;
	return outcome(result, len);
}

/* Most claims that are met open are published before so many looks more. */
constexpr uint32_t STALLED_LOOKS = 4;

/*
 * After a look in vain: is that worth a call? It is counted in looks that found a
 * claim, since who looks seldom is to notice in time, and who does nothing else
 * pays for it when something is on the way only.
 */
static inline bool stalled_perhaps(msgqipc_queue *queue)
{
	const uint64_t word = msgq_word_at(&queue->receiver.ring, queue->receiver.head);

	return msgq_word_state(word) == MSGQ_CLAIMED && ++queue->vain % STALLED_LOOKS == 0;
}

/* @timeout_ns: 0 only looks, a negative number waits for ever. */
static inline ssize_t recv(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len,
			   int64_t timeout_ns)
{
	msgq_recv_result result;
	uint32_t got = 0;

	if (__builtin_expect(!msg && len, 0))
		return fail(MSGQIPC_ERR_INVAL, "msg is NULL, and len is not 0");

	result = take(ctx, queue, msg, len, &got);
	if (__builtin_expect(result == MSGQ_GOT, 1)) {
		queue->received = got;
		succeed();
		return (ssize_t)got;
	}
	if (result == MSGQ_EMPTY) {
		ctx->waited++;
		if (__builtin_expect(stalled_perhaps(queue), 0))
			stalled_look(ctx, queue);
		if (timeout_ns)
			return recv_sleeping(ctx, queue, msg, len, timeout_ns);
	}
	if (result == MSGQ_SHORT)
		queue->received = got;
	return outcome(result, got);
}

static int sender_id(msgqipc_ctx *ctx, const msgqipc_queue *queue, uint32_t index,
		     msgqipc_sendid *sendid)
{
	msgq_sender_of sender = {};

	sender.handle = queue->handle;
	sender.index = index;
	if (host_request(&ctx->host, MSGQ_IOC_SENDER, &sender))
		return -1;
	if (sender.sendid.len > sizeof(sendid->spc))
		return fail(MSGQIPC_ERR_FAILURE, "a sender id of %llu bytes came; there is none",
			    sender.sendid.len);
	*sendid = {};
	sendid->len = sender.sendid.len;
	memcpy(sendid->spc, sender.sendid.id, sender.sendid.len);
	return 0;
}

} // namespace msgq

extern "C" {

ssize_t msgqipc_recv(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len)
{
	if (!msgq::usable(ctx, queue))
		return -1;
	return msgq::recv(ctx, queue, msg, len, queue->nonblocking ? 0 : -1);
}

ssize_t msgqipc_recv_timeout(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len,
			     int64_t timeout_ns)
{
	if (!msgq::usable(ctx, queue))
		return -1;
	return msgq::recv(ctx, queue, msg, len, timeout_ns);
}

/* The vector's form; it has no name of its own outside. */
ssize_t msgq_peek_sendid(msgqipc_ctx *ctx, msgqipc_queue *queue, msgqipc_sendid *sendid, void *msg,
			 size_t len, size_t index)
{
	msgq_recv_result result;
	uint32_t got = 0, sender;

	if (!msgq::usable(ctx, queue))
		return -1;
	if (!msg && len)
		return msgq::fail(MSGQIPC_ERR_INVAL, "msg is NULL, and len is not 0");
	result = msgq_receiver_peek(&queue->receiver, msg, len, index, &got, &sender);
	/* It stays where it is meanwhile, and its sender's index with it. */
	if (sendid && (result == MSGQ_GOT || result == MSGQ_SHORT) &&
	    msgq::sender_id(ctx, queue, sender, sendid))
		return -1;
	return msgq::outcome(result, got);
}

ssize_t msgqipc_peek(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len, size_t index)
{
	return msgq_peek_sendid(ctx, queue, nullptr, msg, len, index);
}
}
