// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>

#include "list.h"
#include "netns.h"
#include "proc.h"

struct msgq_proc {
	struct seq_net_private net; /* first, for seq_file_net() */
	struct msgq_info info;	    /* of the line that is next */
};

/*
 * By the rights of who has opened it, not of who happens to read it. Positions
 * are ids, so that queues that come and go between two reads move no other.
 */
static void *msgq_proc_from(struct seq_file *seq, loff_t *pos)
{
	struct msgq_proc *proc = seq->private;
	const struct cred *reader;
	u32 from = *pos, filled;

	if (*pos > U32_MAX)
		return NULL;
	reader = override_creds(seq->file->f_cred);
	filled = msgq_list_queues(msgq_scope_of_net(seq_file_net(seq)), &from, &proc->info, 1);
	revert_creds(reader);
	*pos = filled ? proc->info.address.id : from;
	return filled ? &proc->info : NULL;
}

static void *msgq_proc_start(struct seq_file *seq, loff_t *pos)
{
	return *pos ? msgq_proc_from(seq, pos) : SEQ_START_TOKEN;
}

static void *msgq_proc_next(struct seq_file *seq, void *line, loff_t *pos)
{
	++*pos;
	return msgq_proc_from(seq, pos);
}

static void msgq_proc_stop(struct seq_file *seq, void *line)
{
}

/* Columns stay where they are; what is new goes to the end of the line. */
static void msgq_proc_heading(struct seq_file *seq)
{
	seq_puts(seq, "               key         id         generation state ");
	seq_puts(seq, "   depth  entries     high ");
	seq_puts(seq, "                sent             received    cancelled       reaped         full ");
	seq_puts(seq, "       bytes senders listeners waiting ");
	seq_puts(seq, "       pid        uid        gid       cuid       cgid perms ");
	seq_puts(seq, "mediated           created_ns         activated_ns             cookie\n");
}

static void msgq_proc_line(struct seq_file *seq, const struct msgq_info *info)
{
	seq_printf(seq, "0x%016llx %10u 0x%016llx %5u ",
		   info->key, info->address.id, info->address.generation, info->state);
	seq_printf(seq, "%8u %8u %8u ",
		   info->depth, info->entries, info->high);
	seq_printf(seq, "%20llu %20llu %12llu %12llu %12llu ",
		   info->sent, info->received, info->cancelled, info->reaped, info->full);
	seq_printf(seq, "%12llu %7u %9u %7u ",
		   info->bytes, info->senders, info->listeners, info->waiting);
	seq_printf(seq, "%10u %10u %10u %10u %10u %5o ",
		   info->pid, info->uid, info->gid, info->creator_uid, info->creator_gid,
		   info->mode);
	seq_printf(seq, "%8u %20llu %20llu 0x%016llx\n",
		   !!(info->flags & MSGQ_INFO_MEDIATED), info->created_ns, info->activated_ns,
		   info->cookie);
}

static int msgq_proc_show(struct seq_file *seq, void *line)
{
	if (line == SEQ_START_TOKEN)
		msgq_proc_heading(seq);
	else
		msgq_proc_line(seq, line);
	return 0;
}

static const struct seq_operations msgq_proc_operations = {
	.start = msgq_proc_start,
	.next = msgq_proc_next,
	.stop = msgq_proc_stop,
	.show = msgq_proc_show,
};

static __net_init int msgq_proc_enter(struct net *net)
{
	if (proc_create_net("msgq", 0444, net->proc_net, &msgq_proc_operations,
			    sizeof(struct msgq_proc)))
		return 0;
	return IS_ENABLED(CONFIG_PROC_FS) ? -ENOMEM : 0;
}

/* Waits for who is reading, and makes further reads fail. */
static __net_exit void msgq_proc_leave(struct net *net)
{
	remove_proc_entry("msgq", net->proc_net);
}

static struct pernet_operations msgq_proc_net_operations = {
	.init = msgq_proc_enter,
	.exit = msgq_proc_leave,
};

int msgq_proc_init(void)
{
	return register_pernet_subsys(&msgq_proc_net_operations);
}

void msgq_proc_exit(void)
{
	unregister_pernet_subsys(&msgq_proc_net_operations);
}
