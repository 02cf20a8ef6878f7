/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_MMAP_H
#define MSGQ_MMAP_H

struct file;
struct vm_area_struct;

int msgq_mmap(struct file *file, struct vm_area_struct *vma);

#endif
