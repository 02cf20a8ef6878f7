/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Tracepoints: what the module is asked and what it does of itself. Sends and
 * receives that bypass it are the library's to tell, by its probes.
 *
 * They are for tools, so that fields only come to them, at the end: msgq(4)
 * lists them. Of a queue they begin with the id of its address, and the key
 * that it was made with. Process ids are those of the initial namespace, and
 * user ids, too: who may trace sees all of the machine.
 *
 * What an event shows is worked out in TP_fast_assign(), hence only while
 * somebody looks. msgqd takes the arguments and has no events.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM msgq

#if !defined(MSGQ_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MSGQ_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct msgq_attachment;
struct msgq_context;
struct msgq_create;
struct msgq_kick;
struct msgq_queue;
struct msgq_send;
struct msgq_user;

#define msgq_trace_event(event)                     \
	__print_symbolic(event,                     \
			 { MSGQ_EVENT_FIRED, "readable" },  \
			 { MSGQ_EVENT_CANSEND, "cansend" }, \
			 { MSGQ_EVENT_CLOSED, "closed" })

#define msgq_trace_limit(limit)                              \
	__print_symbolic(limit,                              \
			 { MSGQ_LIMIT_QUEUES, "queues" },    \
			 { MSGQ_LIMIT_CONTEXTS, "contexts" }, \
			 { MSGQ_LIMIT_BYTES, "bytes" },      \
			 { MSGQ_LIMIT_ATTACHMENTS, "attachments" })

#define msgq_trace_result(result)                           \
	__print_symbolic(result,                            \
			 { 0, "ok" },                       \
			 { -ENOENT, "gone" },               \
			 { -EINTR, "signal" },              \
			 { -EAGAIN, "full" },               \
			 { -EBADMSG, "broken" },            \
			 { -ETIMEDOUT, "timeout" },         \
			 { -ECONNREFUSED, "inactive" },     \
			 { -ECANCELED, "closed" },          \
			 { -ERESTARTNOINTR, "again" })

TRACE_EVENT(msgq_create,
	TP_PROTO(const struct msgq_queue *queue, u32 flags),
	TP_ARGS(queue, flags),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, entries)
		__field(u64, bytes)
		__field(u32, flags)
		__field(u32, uid)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->entries = queue->ring.capacity;
		__entry->bytes = queue->memory.bytes;
		__entry->flags = flags;
		__entry->uid = __kuid_val(queue->perm.creator_uid);
		__entry->pid = queue->made_pid;
	),
	TP_printk("id=%u key=%#llx entries=%u bytes=%llu flags=%#x uid=%u pid=%u",
		  __entry->id, __entry->key, __entry->entries, __entry->bytes, __entry->flags,
		  __entry->uid, __entry->pid)
);

DECLARE_EVENT_CLASS(msgq_state,
	TP_PROTO(const struct msgq_queue *queue),
	TP_ARGS(queue),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->pid = queue->made_pid;
	),
	TP_printk("id=%u key=%#llx pid=%u", __entry->id, __entry->key, __entry->pid)
);

DEFINE_EVENT(msgq_state, msgq_activate,
	TP_PROTO(const struct msgq_queue *queue),
	TP_ARGS(queue)
);

DEFINE_EVENT(msgq_state, msgq_deactivate,
	TP_PROTO(const struct msgq_queue *queue),
	TP_ARGS(queue)
);

TRACE_EVENT(msgq_close,
	TP_PROTO(const struct msgq_queue *queue),
	TP_ARGS(queue),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, depth)
		__field(u64, received)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->depth = msgq_keeper_depth(&queue->ring);
		__entry->received = msgq_load(&queue->ring.consumer->head);
		__entry->pid = queue->made_pid;
	),
	TP_printk("id=%u key=%#llx depth=%u received=%llu pid=%u", __entry->id, __entry->key,
		  __entry->depth, __entry->received, __entry->pid)
);

TRACE_EVENT(msgq_attach,
	TP_PROTO(const struct msgq_attachment *attachment, kuid_t uid),
	TP_ARGS(attachment, uid),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
		__field(u32, uid)
	),
	TP_fast_assign(
		__entry->id = attachment->queue->address.id;
		__entry->key = attachment->queue->made_key;
		__entry->index = attachment->index;
		__entry->pid = pid_nr(attachment->context->pid);
		__entry->uid = __kuid_val(uid);
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u uid=%u", __entry->id, __entry->key,
		  __entry->index, __entry->pid, __entry->uid)
);

TRACE_EVENT(msgq_renew,
	TP_PROTO(const struct msgq_attachment *attachment, kuid_t uid, u32 old),
	TP_ARGS(attachment, uid, old),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
		__field(u32, uid)
		__field(u32, old)
	),
	TP_fast_assign(
		__entry->id = attachment->queue->address.id;
		__entry->key = attachment->queue->made_key;
		__entry->index = attachment->index;
		__entry->pid = pid_nr(attachment->context->pid);
		__entry->uid = __kuid_val(uid);
		__entry->old = old;
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u uid=%u old=%u", __entry->id, __entry->key,
		  __entry->index, __entry->pid, __entry->uid, __entry->old)
);

TRACE_EVENT(msgq_detach,
	TP_PROTO(const struct msgq_attachment *attachment),
	TP_ARGS(attachment),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->id = attachment->queue->address.id;
		__entry->key = attachment->queue->made_key;
		__entry->index = attachment->index;
		__entry->pid = pid_nr(attachment->context->pid);
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u", __entry->id, __entry->key, __entry->index,
		  __entry->pid)
);

TRACE_EVENT(msgq_arm,
	TP_PROTO(const struct msgq_context *context, const struct msgq_kick *kick),
	TP_ARGS(context, kick),
	TP_STRUCT__entry(
		__field(u32, pid)
		__field(u32, flags)
		__field(u64, delay_ns)
	),
	TP_fast_assign(
		__entry->pid = pid_nr(context->pid);
		__entry->flags = kick->flags;
		__entry->delay_ns = kick->delay_ns;
	),
	TP_printk("pid=%u flags=%s delay_ns=%llu", __entry->pid,
		  __print_flags(__entry->flags, "|",
				{ MSGQ_KICK_NOW, "now" },
				{ MSGQ_KICK_WATCH, "watch" }),
		  __entry->delay_ns)
);

TRACE_EVENT(msgq_wait,
	TP_PROTO(const struct msgq_queue *queue, s64 timeout_ns),
	TP_ARGS(queue, timeout_ns),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, pid)
		__field(s64, timeout_ns)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->pid = queue->made_pid;
		__entry->timeout_ns = timeout_ns;
	),
	TP_printk("id=%u key=%#llx pid=%u timeout_ns=%lld", __entry->id, __entry->key,
		  __entry->pid, __entry->timeout_ns)
);

/* @since_ns: of ktime_get_ns(); 0: nobody looked then. */
TRACE_EVENT(msgq_waited,
	TP_PROTO(const struct msgq_queue *queue, u64 since_ns, int result),
	TP_ARGS(queue, since_ns, result),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, pid)
		__field(u64, waited_ns)
		__field(s32, result)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->pid = queue->made_pid;
		__entry->waited_ns = since_ns ? ktime_get_ns() - since_ns : 0;
		__entry->result = result == -ERESTARTNOHAND ? -EINTR : result;
	),
	TP_printk("id=%u key=%#llx pid=%u waited_ns=%llu result=%s", __entry->id, __entry->key,
		  __entry->pid, __entry->waited_ns, msgq_trace_result(__entry->result))
);

/* Within the lock of those who wait: before whoever is woken can say so. */
TRACE_EVENT(msgq_wake,
	TP_PROTO(const struct msgq_queue *queue),
	TP_ARGS(queue),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, pid)
		__field(u32, owner)
		__field(bool, slept)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->pid = in_task() ? task_tgid_nr(current) : 0;
		__entry->owner = queue->made_pid;
		__entry->slept = !list_empty(&queue->waiter.head.head);
	),
	TP_printk("id=%u key=%#llx pid=%u owner=%u slept=%d", __entry->id, __entry->key,
		  __entry->pid, __entry->owner, __entry->slept)
);

TRACE_EVENT(msgq_event,
	TP_PROTO(const struct msgq_queue *queue, u32 event, const struct msgq_context *context),
	TP_ARGS(queue, event, context),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, event)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->event = event;
		__entry->pid = pid_nr(context->pid);
	),
	TP_printk("id=%u key=%#llx event=%s pid=%u", __entry->id, __entry->key,
		  msgq_trace_event(__entry->event), __entry->pid)
);

TRACE_EVENT(msgq_cancel,
	TP_PROTO(const struct msgq_queue *queue, const struct msgq_context *context,
		 u32 cancelled),
	TP_ARGS(queue, context, cancelled),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, pid)
		__field(u32, cancelled)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->pid = pid_nr(context->pid);
		__entry->cancelled = cancelled;
	),
	TP_printk("id=%u key=%#llx pid=%u cancelled=%u", __entry->id, __entry->key, __entry->pid,
		  __entry->cancelled)
);

TRACE_EVENT(msgq_reap,
	TP_PROTO(const struct msgq_attachment *attachment, u32 cancelled),
	TP_ARGS(attachment, cancelled),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
		__field(u32, cancelled)
	),
	TP_fast_assign(
		__entry->id = attachment->queue->address.id;
		__entry->key = attachment->queue->made_key;
		__entry->index = attachment->index;
		__entry->pid = pid_nr(attachment->context->pid);
		__entry->cancelled = cancelled;
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u cancelled=%u", __entry->id, __entry->key,
		  __entry->index, __entry->pid, __entry->cancelled)
);

/* @context: NULL for claims in nobody's name. */
TRACE_EVENT(msgq_revoke,
	TP_PROTO(const struct msgq_queue *queue, u32 index, const struct msgq_context *context,
		 u32 cancelled),
	TP_ARGS(queue, index, context, cancelled),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
		__field(u32, cancelled)
	),
	TP_fast_assign(
		__entry->id = queue->address.id;
		__entry->key = queue->made_key;
		__entry->index = index;
		__entry->pid = context ? pid_nr(context->pid) : 0;
		__entry->cancelled = cancelled;
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u cancelled=%u", __entry->id, __entry->key,
		  __entry->index, __entry->pid, __entry->cancelled)
);

TRACE_EVENT(msgq_quota,
	TP_PROTO(const struct msgq_user *user, u32 limit, u64 max),
	TP_ARGS(user, limit, max),
	TP_STRUCT__entry(
		__field(u32, uid)
		__field(u32, limit)
		__field(u64, max)
		__field(u64, used)
		__field(u32, pid)
	),
	TP_fast_assign(
		__entry->uid = __kuid_val(user->uid);
		__entry->limit = limit;
		__entry->max = max;
		__entry->used = user->used[limit];
		__entry->pid = task_tgid_nr(current);
	),
	TP_printk("uid=%u limit=%s max=%llu used=%llu pid=%u", __entry->uid,
		  msgq_trace_limit(__entry->limit), __entry->max, __entry->used, __entry->pid)
);

/* Mediated ones; the queue is locked, and its @sent is past a message that was sent. */
TRACE_EVENT(msgq_send,
	TP_PROTO(const struct msgq_attachment *attachment, u32 len, int result),
	TP_ARGS(attachment, len, result),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u64, key)
		__field(u32, index)
		__field(u32, pid)
		__field(u64, position)
		__field(u32, len)
		__field(s32, result)
	),
	TP_fast_assign(
		__entry->id = attachment->queue->address.id;
		__entry->key = attachment->queue->made_key;
		__entry->index = attachment->index;
		__entry->pid = pid_nr(attachment->context->pid);
		__entry->position = result ? 0 : attachment->queue->sent.t;
		__entry->len = len;
		__entry->result = result;
	),
	TP_printk("id=%u key=%#llx index=%u pid=%u position=%llu len=%u result=%s",
		  __entry->id, __entry->key, __entry->index, __entry->pid, __entry->position,
		  __entry->len, msgq_trace_result(__entry->result))
);

#endif
