/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef MSGQ_CHARDEV_H
#define MSGQ_CHARDEV_H

int msgq_chardev_init(void);
void msgq_chardev_exit(void);

#endif
