/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What differs between kernels, so that no other file has to know. Included
 * by the compiler before everything else.
 */
#ifndef MSGQ_COMPAT_H
#define MSGQ_COMPAT_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/version.h>

#if BITS_PER_LONG != 64
#error "msgq needs a 64-bit kernel: mapping offsets and words are 64 bits wide"
#endif

/*
 * Of pages that are mapped. Before 5.11 the mark of a charged page is kept where
 * its mappings are counted, so that to map one corrupts it.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define MSGQ_GFP_MAPPED GFP_KERNEL
#else
#define MSGQ_GFP_MAPPED GFP_KERNEL_ACCOUNT
#endif

/* The CPUs that may run an address space, where the architecture keeps count of them. */
#ifdef CONFIG_X86
#define msgq_mm_cpus(mm) mm_cpumask(mm)
#else
#define msgq_mm_cpus(mm) ((void)(mm), cpu_online_mask)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync(timer) del_timer_sync(timer)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void msgq_vma_flags(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#else
static inline void msgq_vma_flags(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)
{
	vm_flags_mod(vma, set, clear);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void msgq_hrtimer_setup(struct hrtimer *timer,
				      enum hrtimer_restart (*expired)(struct hrtimer *timer))
{
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer->function = expired;
}
#else
static inline void msgq_hrtimer_setup(struct hrtimer *timer,
				      enum hrtimer_restart (*expired)(struct hrtimer *timer))
{
	hrtimer_setup(timer, expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
#endif

/* Where what is not bound to a CPU is worked at. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define msgq_unbound_queue system_unbound_wq
#else
#define msgq_unbound_queue system_dfl_wq
#endif

/* What a mapping's get_policy() takes. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define MSGQ_POLICY_OF struct vm_area_struct *vma, unsigned long address
#else
#define MSGQ_POLICY_OF struct vm_area_struct *vma, unsigned long address, pgoff_t *interleave
#endif

/*
 * io_uring's commands. Before 5.19 there are none; until 6.1.22, and in 6.2 until
 * 6.2.9, their callbacks are told no flags, by which alone they can complete. The
 * module is without, there, and says so in HELLO: MSGQ_FEATURE_URING.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 9) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 22) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))
#define MSGQ_HAS_URING
#endif

#if defined(MSGQ_HAS_URING) && IS_ENABLED(CONFIG_IO_URING)
#define MSGQ_FEATURES_HERE MSGQ_FEATURE_URING
#else
#define MSGQ_FEATURES_HERE 0
#endif

#ifdef MSGQ_HAS_URING

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#include <linux/io_uring.h>
#else
#include <linux/io_uring/cmd.h>
#endif

#define MSGQ_URING_PAYLOAD 16 /* bytes of an entry that are the command's own */

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define msgq_uring_payload(command) ((command)->cmd)
#elif !defined(io_uring_sqe_cmd)
#define msgq_uring_payload(command) io_uring_sqe_cmd((command)->sqe)
#else
struct msgq_uring_payload {
	u8 byte[MSGQ_URING_PAYLOAD];
};

#define msgq_uring_payload(command) io_uring_sqe_cmd((command)->sqe, struct msgq_uring_payload)
#endif

#ifdef IORING_URING_CMD_CANCELABLE
#define MSGQ_URING_CANCELABLE true
#else
#define MSGQ_URING_CANCELABLE false
#define IO_URING_F_CANCEL 0u
static inline void io_uring_cmd_mark_cancelable(struct io_uring_cmd *command, unsigned int flags)
{
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define msgq_uring_done(command, result, flags) io_uring_cmd_done(command, result, 0, flags)
#else
#define msgq_uring_done(command, result, flags) io_uring_cmd_done(command, result, flags)
#endif

/* Defines @name, what a command's task is to call, which calls @what. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define MSGQ_URING_IN_TASK(name, what)                                     \
	static void name(struct io_uring_cmd *command, unsigned int flags) \
	{                                                                  \
		what(command, flags);                                      \
	}
#else
#define MSGQ_URING_IN_TASK(name, what)                                                  \
	static void name(struct io_tw_req request, io_tw_token_t token)                 \
	{                                                                               \
		what(io_uring_cmd_from_tw(request), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS); \
	}
#endif

#endif /* MSGQ_HAS_URING */

#endif
