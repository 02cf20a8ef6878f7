// SPDX-License-Identifier: MIT
/*
 * Counts what the module's tracepoints and the library's probes tell, by queue
 * and by sender. Programs on several CPUs add to one counter, atomically: a
 * probe costs a trap, beside which that is nothing.
 */
#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

#include "counters.h"
#include "namespace.h"

/* The network namespace whose queues are counted: ids are its own. */
const volatile __u32 netns;
const volatile struct place place[FIELDS];
/* What sends to a full queue are refused with: by the module, by the library. */
const volatile __s32 full_errno;
const volatile __s32 full_error;

/* What there was no room to count. */
__u64 lost;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u32);
} lives SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct queue_id);
	__type(value, struct queue_count);
} queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct sender_id);
	__type(value, struct sender_count);
} senders SEC(".maps");

#define add(counter, n) __sync_fetch_and_add(counter, n)

static __always_inline __u64 read_field(void *ctx, const volatile struct place *at)
{
	__u64 value = 0;
	__u32 size = at->size;

	if (size == 0 || size > sizeof(value))
		return 0;
	bpf_probe_read_kernel(&value, size, ctx + at->offset);
	return value;
}

#define GET(event, field) read_field(ctx, &place[FIELD_##event##_##field])

static __always_inline int elsewhere(void)
{
	__u32 here = current_netns();

	return here && here != netns;
}

static __always_inline struct queue_id queue_id(__u32 id)
{
	__u32 *life = bpf_map_lookup_elem(&lives, &id);
	struct queue_id queue = { .id = id, .life = life ? *life : 0 };

	return queue;
}

static __always_inline struct queue_count *queue_of(const struct queue_id *id)
{
	struct queue_count *queue = bpf_map_lookup_elem(&queues, id);
	/* Too large for the stack; never written to. */
	static const struct queue_count none;

	if (queue)
		return queue;
	bpf_map_update_elem(&queues, id, &none, BPF_NOEXIST);
	queue = bpf_map_lookup_elem(&queues, id);
	if (!queue)
		add(&lost, 1);
	return queue;
}

/* @own: the caller is that process. */
static __always_inline struct sender_count *sender_of(const struct queue_id *queue, __u32 pid,
						      int own)
{
	struct sender_id id = { .queue = *queue, .pid = pid };
	struct sender_count *sender = bpf_map_lookup_elem(&senders, &id);
	struct sender_count none = {};

	if (sender)
		return sender;
	if (own)
		bpf_get_current_comm(none.comm, sizeof(none.comm));
	bpf_map_update_elem(&senders, &id, &none, BPF_NOEXIST);
	sender = bpf_map_lookup_elem(&senders, &id);
	if (!sender)
		add(&lost, 1);
	return sender;
}

static __always_inline __u32 self(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

/* ---- the module ---------------------------------------------------------- */

SEC("tp/msgq/msgq_create")
int on_create(void *ctx)
{
	__u32 id = GET(create, id), next = 1;
	__u32 *life;
	struct queue_id queue_is;
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	life = bpf_map_lookup_elem(&lives, &id);
	if (life)
		next = *life + 1;
	bpf_map_update_elem(&lives, &id, &next, BPF_ANY);
	queue_is = queue_id(id);
	queue = queue_of(&queue_is);
	if (!queue)
		return 0;
	queue->key = GET(create, key);
	queue->owner = GET(create, pid);
	return 0;
}

SEC("tp/msgq/msgq_close")
int on_close(void *ctx)
{
	struct queue_id id = queue_id(GET(close, id));
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (!queue)
		return 0;
	queue->key = GET(close, key);
	queue->owner = GET(close, pid);
	queue->closed_received = GET(close, received);
	queue->closed_depth = GET(close, depth);
	queue->asleep_ns = 0;
	queue->closed = 1;
	return 0;
}

SEC("tp/msgq/msgq_wait")
int on_wait(void *ctx)
{
	struct queue_id id = queue_id(GET(wait, id));
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (queue)
		queue->asleep_ns = bpf_ktime_get_ns();
	return 0;
}

SEC("tp/msgq/msgq_waited")
int on_waited(void *ctx)
{
	struct queue_id id = queue_id(GET(waited, id));
	__u64 ns = GET(waited, waited_ns), us = ns / 1000;
	struct queue_count *queue;
	__u32 slot = 0;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (!queue)
		return 0;
	queue->asleep_ns = 0;
	/* It began before anybody looked. */
	if (!ns)
		return 0;
	for (int i = 0; i < WAIT_SLOTS - 1 && us; i++) {
		us >>= 1;
		slot++;
	}
	if (slot < WAIT_SLOTS)
		add(&queue->waits[slot], 1);
	return 0;
}

SEC("tp/msgq/msgq_wake")
int on_wake(void *ctx)
{
	struct queue_id id = queue_id(GET(wake, id));
	__u32 pid = GET(wake, pid);
	struct queue_count *queue;
	struct sender_count *sender;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (queue) {
		add(&queue->wakes, 1);
		if (GET(wake, slept))
			add(&queue->slept, 1);
	}
	/* 0: no process, but the module's own clock. */
	sender = pid ? sender_of(&id, pid, pid == self()) : NULL;
	if (sender)
		add(&sender->wakes, 1);
	return 0;
}

/* What an event adds to the counter of that name, of queue and of sender. */
#define TAKEN(event, counter)                                                                      \
	({                                                                                         \
		struct queue_id id_ = queue_id(GET(event, id));                                    \
		__u32 pid_ = GET(event, pid), n_ = GET(event, cancelled);                          \
		struct queue_count *queue_ = queue_of(&id_);                                       \
		struct sender_count *sender_ =                                                     \
			pid_ && n_ ? sender_of(&id_, pid_, pid_ == self()) : NULL;                 \
		if (queue_)                                                                        \
			add(&queue_->counter, n_);                                                 \
		if (sender_)                                                                       \
			add(&sender_->counter, n_);                                                \
		queue_;                                                                            \
	})

SEC("tp/msgq/msgq_cancel")
int on_cancel(void *ctx)
{
	if (!elsewhere())
		TAKEN(cancel, cancelled);
	return 0;
}

SEC("tp/msgq/msgq_reap")
int on_reap(void *ctx)
{
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	queue = TAKEN(reap, reaped);
	if (queue)
		add(&queue->reaps, 1);
	return 0;
}

SEC("tp/msgq/msgq_revoke")
int on_revoke(void *ctx)
{
	if (!elsewhere())
		TAKEN(revoke, revoked);
	return 0;
}

static __always_inline void count_send(const struct queue_id *id, __u32 pid, __u64 len)
{
	struct queue_count *queue = queue_of(id);
	struct sender_count *sender = sender_of(id, pid, pid == self());

	if (queue)
		add(&queue->sent, 1);
	if (sender) {
		add(&sender->sent, 1);
		add(&sender->bytes, len);
	}
}

static __always_inline void count_refusal(const struct queue_id *id, __u32 pid)
{
	struct queue_count *queue = queue_of(id);
	struct sender_count *sender = sender_of(id, pid, pid == self());

	if (queue)
		add(&queue->refused, 1);
	if (sender)
		add(&sender->refused, 1);
}

SEC("tp/msgq/msgq_send")
int on_send(void *ctx)
{
	struct queue_id id = queue_id(GET(send, id));
	__s32 result = GET(send, result);
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (queue)
		queue->mediated = 1;
	if (!result)
		count_send(&id, GET(send, pid), GET(send, len));
	else if (result == full_errno)
		count_refusal(&id, GET(send, pid));
	return 0;
}

/* ---- the library --------------------------------------------------------- */

/* Of mediated ones, the module has told already. */
static __always_inline int told(const struct queue_id *id)
{
	struct queue_count *queue = bpf_map_lookup_elem(&queues, id);

	return queue && queue->mediated;
}

static __always_inline __u64 arg(struct pt_regs *ctx, __u64 n)
{
	long value = 0;

	bpf_usdt_arg(ctx, n, &value);
	return value;
}

SEC("usdt")
int probe_send(struct pt_regs *ctx)
{
	struct queue_id id = queue_id(arg(ctx, 0));

	if (!elsewhere() && !told(&id))
		count_send(&id, self(), arg(ctx, 2));
	return 0;
}

SEC("usdt")
int probe_refused(struct pt_regs *ctx)
{
	struct queue_id id = queue_id(arg(ctx, 0));

	if (!elsewhere() && !told(&id) && (__s32)arg(ctx, 1) == full_error)
		count_refusal(&id, self());
	return 0;
}

SEC("usdt")
int probe_recv(struct pt_regs *ctx)
{
	struct queue_id id = queue_id(arg(ctx, 0));
	struct queue_count *queue;

	if (elsewhere())
		return 0;
	queue = queue_of(&id);
	if (queue)
		add(&queue->received, 1);
	return 0;
}

/* Reading the kernel's memory takes the kernel's licence. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
