/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* /proc/net/msgq: the queues of a network namespace, for scripts. */
#ifndef MSGQ_PROC_H
#define MSGQ_PROC_H

int msgq_proc_init(void);
void msgq_proc_exit(void);

#endif
