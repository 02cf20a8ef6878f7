// SPDX-License-Identifier: MIT
#include "refusal.h"

#include <errno.h>

#include "thread.h"

namespace msgq
{

namespace
{

struct Meaning {
	int error;
	const char *detail;
};

/* By enum msgq_why. */
const Meaning meanings[] = {
	/* NONE */ { MSGQIPC_ERR_FAILURE, nullptr },
	/* NO_HELLO */ { MSGQIPC_ERR_FAILURE, "the module was not greeted by this library" },
	/* VERSION */
	{ MSGQIPC_ERR_NOTSUPP, "library and module are of versions that do not go together" },
	/* RESERVED */
	{ MSGQIPC_ERR_NOTSUPP, "the module is older than what this library asked of it" },
	/* FLAGS */ { MSGQIPC_ERR_INVAL, "flags has unknown bits; accepted: those in 0x%llx" },
	/* OPERATION */ { MSGQIPC_ERR_NOTSUPP, "the module does not know this operation" },
	/* FOREIGN */ { MSGQIPC_ERR_INVAL, "ctx belongs to another process" },
	/* DESTROYED */ { MSGQIPC_ERR_INVAL, "ctx was destroyed" },
	/* ENTRIES_ZERO */ { MSGQIPC_ERR_INVAL, "entries is 0; accepted: 1 to %llu" },
	/* ENTRIES_MAX */
	{ MSGQIPC_ERR_SIZE,
	  "entries is too large; accepted: 1 to %llu (module parameter max_entries)" },
	/* KEY_TAKEN */
	{ MSGQIPC_ERR_EXISTS,
	  "key is the name of another queue, and MSGQIPC_CREATE_EXCL was given" },
	/* KEY_OWNER */ { MSGQIPC_ERR_ACCES, "key is the name of a queue of uid %llu" },
	/* KEY_UNKNOWN */ { MSGQIPC_ERR_NOTFOUND, "key is not the name of any queue" },
	/* KEY_PRIVATE */
	{ MSGQIPC_ERR_INVAL, "key is MSGQIPC_KEY_PRIVATE, which names no queue; accepted: not 0" },
	/* ADDRESS */
	{ MSGQIPC_ERR_NOTFOUND, "addr is not the address of any queue, or not any more" },
	/* NODE */
	{ MSGQIPC_ERR_NOTFOUND, "addr is of another node; only node %llu can be reached" },
	/* HANDLE */ { MSGQIPC_ERR_INVAL, "queue is not one of this ctx" },
	/* MODE_SEND */
	{ MSGQIPC_ERR_ACCES, "no permission to send: the queue's mode is 0%llo, w is needed" },
	/* MODE_LOOK */
	{ MSGQIPC_ERR_ACCES, "no permission to look: the queue's mode is 0%llo, r or w is needed" },
	/* NOT_OWNER */ { MSGQIPC_ERR_ACCES, "only the queue's owner may: uid %llu" },
	/* SENDERS */
	{ MSGQIPC_ERR_NORES, "the queue has no room for another sender; it takes %llu" },
	/* MEMORY */ { MSGQIPC_ERR_NORES, "%llu bytes of memory are not to be had" },
	/* CLOSED */ { MSGQIPC_ERR_CANCEL, "the queue was closed" },
	/* SIGNAL */ { MSGQIPC_ERR_CANCEL, "a signal ended the wait" },
	/* TIMEOUT */ { MSGQIPC_ERR_NOTFOUND, "nothing came in that time" },
	/* RING */ { MSGQIPC_ERR_FAILURE, "a sender has scribbled over the queue's ring" },
	/* HANDLES */
	{ MSGQIPC_ERR_NORES, "ctx has too many queues or targets; it takes %llu of each" },
	/* NOT_LISTENING */ { MSGQIPC_ERR_NOTFOUND, "addr is not monitored by this ctx" },
	/* NRQR */
	{ MSGQIPC_ERR_NRQR, "arg is not a msgqipc_nrqr_t; accepted: 0 to %llu" },
	/* SENDID */ { MSGQIPC_ERR_SIZE, "the sender id is too long; accepted: 0 to %llu bytes" },
	/* MODE */ { MSGQIPC_ERR_INVAL, "mode has unknown bits; accepted: those in 0%llo" },
	/* ID */ { MSGQIPC_ERR_INVAL, "uid or gid %llu does not exist in this user namespace" },
	/* NO_REVOKE */
	{ MSGQIPC_ERR_NOTSUPP, "msgqd cannot take a claim back from a sender that has stopped" },
	/* FULL */ { MSGQIPC_ERR_RNR, "the queue is full; it holds %llu messages" },
	/* INACTIVE */ { MSGQIPC_ERR_INACTIVE, "the queue is not active" },
	/* LEN */ { MSGQIPC_ERR_SIZE, "len is too large; accepted: 0 to %llu" },
	/* USER_QUEUES */
	{ MSGQIPC_ERR_NORES,
	  "the user has too many queues; accepted: %llu (module parameter user_queues, or "
	  "msgqd --user-queues)" },
	/* USER_CONTEXTS */
	{ MSGQIPC_ERR_NORES,
	  "the user has too many contexts; accepted: %llu (module parameter user_contexts, or "
	  "msgqd --user-contexts)" },
	/* USER_BYTES */
	{ MSGQIPC_ERR_NORES,
	  "the user's queues would take too much memory; accepted: %llu bytes (module parameter "
	  "user_bytes, or msgqd --user-bytes)" },
	/* USER_ATTACHMENTS */
	{ MSGQIPC_ERR_NORES,
	  "the user's contexts send to or monitor too many queues; accepted: %llu (module "
	  "parameter user_attachments, or msgqd --user-attachments)" },
};

static_assert(sizeof(meanings) / sizeof(meanings[0]) == MSGQ_WHY_COUNT);

/* The request did not get as far as a reason. */
int fail_errno(int error)
{
	switch (error) {
	case ENOMEM:
		return fail(MSGQIPC_ERR_NORES, "the kernel is out of memory");
	case EFAULT:
		return fail(MSGQIPC_ERR_INVAL, "a pointer is not into memory of this process");
	case ENOTTY:
		return fail(MSGQIPC_ERR_NOTSUPP, "the module does not know this request");
	case ECONNRESET:
	case EPIPE:
		return fail(MSGQIPC_ERR_NORES,
			    "msgqd hung up: it ended, or has no descriptors for another client");
	case ENOSYS:
		return fail(MSGQIPC_ERR_NOTSUPP,
			    "membarrier(2) may not be called here, and msgqd needs it to cancel");
	default:
		return fail(MSGQIPC_ERR_FAILURE, "the module answered with errno %llu",
			    (uint64_t)error);
	}
}

} // namespace

int fail_refused(int error, const msgq_refusal &refusal)
{
	/* A reason of its own would not be known to older libraries. */
	if (refusal.why == MSGQ_WHY_MEMORY && error == ETOOMANYREFS)
		return fail(MSGQIPC_ERR_NORES,
			    "msgqd has too many descriptors under way to clients that do not take "
			    "them: try again, or raise its limit (ulimit -n)");
	if (refusal.why == MSGQ_WHY_NONE)
		return fail_errno(error);
	if (refusal.why >= MSGQ_WHY_COUNT)
		return fail(MSGQIPC_ERR_FAILURE,
			    "the module, newer than this library, gave reason %llu", refusal.why);
	return fail(meanings[refusal.why].error, meanings[refusal.why].detail, refusal.bound);
}

} // namespace msgq
