// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A module for the VM's self-test: loading it makes the kernel complain. */
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/module.h>

static int __init warn_init(void)
{
	WARN_ON(1);
	return 0;
}

static void __exit warn_exit(void)
{
}

module_init(warn_init);
module_exit(warn_exit);

MODULE_DESCRIPTION("Complains when it is loaded");
MODULE_LICENSE("Dual MIT/GPL");
