/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What differs between kernels, so that no other file has to know. Included
 * by the compiler before everything else.
 */
#ifndef MSGQ_COMPAT_H
#define MSGQ_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/version.h>

#if BITS_PER_LONG != 64
#error "msgq needs a 64-bit kernel: mapping offsets and words are 64 bits wide"
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

#endif
