// SPDX-License-Identifier: MIT
/*
 * Hands on what the module's tracepoints and the library's probes tell, as it
 * is: which fields an event has, only the reader needs to know.
 */
#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

#include "namespace.h"
#include "record.h"

#define KINDS 64

/* How long the record of a tracepoint is, by its kind. */
const volatile __u32 length[KINDS];

/* Events that the reader was too slow for. */
__u64 lost;

/* The reader gives it its size. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

static __always_inline struct record *begin(__u32 kind)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		__sync_fetch_and_add(&lost, 1);
		return NULL;
	}
	record->ns = bpf_ktime_get_ns();
	record->kind = kind;
	record->pid = bpf_get_current_pid_tgid() >> 32;
	record->netns = current_netns();
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	return record;
}

SEC("tp")
int on_event(void *ctx)
{
	__u32 kind = bpf_get_attach_cookie(ctx);
	struct record *record;
	__u32 size;

	if (kind >= KINDS)
		return 0;
	record = begin(kind);
	if (!record)
		return 0;
	size = length[kind];
	if (size > sizeof(record->raw))
		size = sizeof(record->raw);
	record->size = size;
	bpf_probe_read_kernel(record->raw, size, ctx);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

static __always_inline int on_probe(struct pt_regs *ctx, __u32 kind, int args)
{
	struct record *record = begin(kind);
	long value;

	if (!record)
		return 0;
	for (int i = 0; i < RECORD_ARGS; i++) {
		value = 0;
		if (i < args)
			bpf_usdt_arg(ctx, i, &value);
		record->arg[i] = value;
	}
	record->size = sizeof(record->arg);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("usdt")
int probe_send(struct pt_regs *ctx)
{
	return on_probe(ctx, RECORD_SEND, 4);
}

SEC("usdt")
int probe_refused(struct pt_regs *ctx)
{
	return on_probe(ctx, RECORD_REFUSED, 3);
}

SEC("usdt")
int probe_recv(struct pt_regs *ctx)
{
	return on_probe(ctx, RECORD_RECV, 4);
}

/* Reading the kernel's memory takes the kernel's licence. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
