// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* /dev/msgq: opens are contexts, ioctls are requests. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "cache.h"
#include "chardev.h"
#include "context.h"
#include "list.h"
#include "mmap.h"
#include "netns.h"
#include "refuse.h"
#include "request.h"
#include "space.h"
#include "uring.h"

static int msgq_chardev_open(struct inode *inode, struct file *file)
{
	struct msgq_scope *scope = msgq_scope_of_caller();
	struct pid *pid = get_pid(task_tgid(current));
	struct msgq_refusal refusal; /* an open has no room for it */
	struct msgq_context *context;
	int error;

	context = msgq_context_new(scope, pid, &refusal, &error);
	if (!context)
		goto put;
	error = msgq_mmap_begin(context, file);
	if (error)
		goto free;
	error = msgq_space_enter(context);
	if (error)
		goto mapping;
	file->f_mapping = context->mapping;
	file->private_data = context;
	return 0;

mapping:
	msgq_mmap_end(context->mapping);
free:
	msgq_context_free(context);
put:
	put_pid(pid);
	msgq_scope_put(scope);
	return error;
}

/* No descriptor and no mapping is left, hence nothing that could still send. */
static int msgq_chardev_release(struct inode *inode, struct file *file)
{
	struct msgq_context *context = file->private_data;
	struct msgq_scope *scope = context->scope;
	struct pid *pid = context->pid;
	struct address_space *mapping = context->mapping;

	msgq_space_leave(context);
	msgq_context_free(context);
	msgq_mmap_end(mapping);
	put_pid(pid);
	msgq_scope_put(scope);
	return 0;
}

static int msgq_chardev_list(struct msgq_context *context, unsigned int command,
			     union msgq_request *request, u32 item)
{
	void __user *buffer = u64_to_user_ptr(request->list.buffer);
	u32 room = min(request->list.count, MSGQ_LIST_ROOM);
	void *into = kvcalloc(MSGQ_LIST_ROOM, item, MSGQ_GFP);
	int error;

	if (!into)
		return msgq_refuse(&request->refusal, -ENOMEM, MSGQ_WHY_MEMORY,
				   MSGQ_LIST_ROOM * item);
	error = msgq_request_do(context, command, request, into, room);
	if (!error && copy_to_user(buffer, into, request->list.count * item))
		error = -EFAULT;
	kvfree(into);
	return error;
}

static long msgq_chardev_ioctl(struct file *file, unsigned int command, unsigned long arg)
{
	struct msgq_context *context = file->private_data;
	void __user *user = (void __user *)arg;
	union msgq_request request; /* of which only what the command's is, is looked at */
	u32 item = msgq_request_item(command);
	int error;

	if (!msgq_request_known(command))
		return -ENOTTY;
	/* Known commands are sized by the union's own members. */
	if (copy_from_user(&request, user, _IOC_SIZE(command)))
		return -EFAULT;

	request.refusal = (struct msgq_refusal){};
	if (!msgq_space_is(context, current->mm))
		error = msgq_refuse(&request.refusal, -EPERM, MSGQ_WHY_FOREIGN, 0);
	else if (item)
		error = msgq_chardev_list(context, command, &request, item);
	else
		error = msgq_request_do(context, command, &request, NULL, 0);

	/*
	 * Memory that could be read and cannot be written: what was made is
	 * then known to nobody, and goes with the context.
	 */
	if (copy_to_user(user, &request, _IOC_SIZE(command)))
		return -EFAULT;
	return error;
}

/* For whoever has the descriptor: it tells no more than that there is something. */
static __poll_t msgq_chardev_poll(struct file *file, struct poll_table_struct *table)
{
	struct msgq_context *context = file->private_data;

	poll_wait(file, &context->pulse.head, table);
	if (READ_ONCE(context->ended))
		return EPOLLHUP | EPOLLERR;
	return msgq_due_any(context) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations msgq_chardev_operations = {
	.owner = THIS_MODULE,
	.open = msgq_chardev_open,
	.release = msgq_chardev_release,
	.unlocked_ioctl = msgq_chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = msgq_mmap,
	.poll = msgq_chardev_poll,
#ifdef MSGQ_HAS_URING
	.uring_cmd = msgq_uring_command,
#endif
	.llseek = noop_llseek,
};

/* Everyone may open it; what they may do is decided queue by queue. */
static struct miscdevice msgq_chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "msgq",
	.fops = &msgq_chardev_operations,
	.mode = 0666,
};

int msgq_chardev_init(void)
{
	return misc_register(&msgq_chardev);
}

void msgq_chardev_exit(void)
{
	misc_deregister(&msgq_chardev);
}
