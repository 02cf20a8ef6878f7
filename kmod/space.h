/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An address space with contexts: they end when it does.
 *
 * That is the one instant that is right. A descriptor may outlive its
 * process in a forked child, so a close comes too late; and a thread may
 * still run, with a claim open, after another has closed the descriptor, so
 * a close also comes too early. When the address space goes, none of its
 * threads can run any more.
 */
#ifndef MSGQ_SPACE_H
#define MSGQ_SPACE_H

#include <linux/types.h>

struct mm_struct;
struct msgq_context;

/* Makes the context one of the caller's address space. 0 or -errno. */
int msgq_space_enter(struct msgq_context *context);
void msgq_space_leave(struct msgq_context *context);

/* Is this the context's address space? */
bool msgq_space_is(const struct msgq_context *context, const struct mm_struct *mm);
/* For who wants to know where it runs; the context holds the structure, no more. */
struct mm_struct *msgq_space_mm(const struct msgq_context *context);

void msgq_space_exit(void);

#endif
