/* SPDX-License-Identifier: MIT */
/* The network namespace of whoever runs: the ids of queues are its own. */
#ifndef MSGQCTL_NAMESPACE_H
#define MSGQCTL_NAMESPACE_H

/* Of the kernel's, what is looked at; the loader finds where that is. */
struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct net {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct nsproxy {
	struct net *net_ns;
} __attribute__((preserve_access_index));

struct task_struct {
	unsigned int flags;
	struct nsproxy *nsproxy;
} __attribute__((preserve_access_index));

#define PF_KTHREAD 0x00200000

/*
 * 0 if that tells nothing: kernel threads work for everyone, and a process that
 * has almost ended is in no namespace any more.
 */
static __always_inline __u32 current_netns(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct nsproxy *nsproxy = BPF_CORE_READ(task, nsproxy);

	if (!nsproxy || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	return BPF_CORE_READ(nsproxy, net_ns, ns.inum);
}

#endif
