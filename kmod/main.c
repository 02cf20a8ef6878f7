// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/init.h>
#include <linux/module.h>

#include "attach.h"
#include "chardev.h"
#include "context.h"
#include "memory.h"
#include "netns.h"
#include "proc.h"
#include "queue.h"
#include "space.h"
#include "user.h"
#include "watch.h"

static int __init msgq_init(void)
{
	int error;

	error = msgq_user_init();
	if (error)
		return error;
	error = msgq_context_init();
	if (error)
		goto user;
	error = msgq_queue_init();
	if (error)
		goto context;
	error = msgq_attach_init();
	if (error)
		goto queue;
	error = msgq_watch_init();
	if (error)
		goto attach;
	error = msgq_netns_init();
	if (error)
		goto watch;
	error = msgq_proc_init();
	if (error)
		goto netns;
	/* Last: from here on there are users. */
	error = msgq_chardev_init();
	if (error)
		goto proc;
	return 0;

proc:
	msgq_proc_exit();
netns:
	msgq_netns_exit();
watch:
	msgq_watch_exit();
attach:
	msgq_attach_exit();
queue:
	msgq_queue_exit();
context:
	msgq_context_exit();
user:
	msgq_user_exit();
	return error;
}

static void __exit msgq_exit(void)
{
	msgq_chardev_exit();
	msgq_proc_exit();
	msgq_space_exit();
	msgq_netns_exit();
	msgq_watch_exit();
	msgq_attach_exit();
	msgq_queue_exit();
	msgq_context_exit();
	msgq_user_exit();
	msgq_memory_exit();
}

module_init(msgq_init);
module_exit(msgq_exit);

MODULE_DESCRIPTION("MSGQIPC: kernel-bypass message queues");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(MSGQ_VERSION);
