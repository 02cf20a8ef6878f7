/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a sender whose claims were revoked reads and writes in place of the slots. */
#ifndef MSGQ_SCRATCH_H
#define MSGQ_SCRATCH_H

struct msgq_attachment;

/*
 * Both with the queue's lock held, which the faults of the sender's mapping
 * take too.
 *
 * Takes the slots out of the sender's mappings, and has scratch ready: once this
 * returns, all that the sender stored is seen, and its next touch is a fault.
 * Returns 0, -ENOMEM, or -EOPNOTSUPP.
 */
int msgq_scratch_take(struct msgq_attachment *attachment);

/* There is no scratch any more; the next touch finds the slots. */
void msgq_scratch_free(struct msgq_attachment *attachment);

#endif
