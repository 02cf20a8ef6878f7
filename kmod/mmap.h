/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_MMAP_H
#define MSGQ_MMAP_H

struct address_space;
struct file;
struct msgq_context;
struct vm_area_struct;

/*
 * Mappings of the device are found by offset, when one has to be taken away, and
 * each context has its own offsets. So its file gets its own space for them, not
 * that of the inode, which all share. Returns 0 or -ENOMEM.
 */
int msgq_mmap_begin(struct msgq_context *context, struct file *file);

/* No mapping is left, and no context. */
void msgq_mmap_end(struct address_space *mapping);

int msgq_mmap(struct file *file, struct vm_area_struct *vma);

#endif
