/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * The interface between msgq.ko and its library.
 *
 * The device. One open of /dev/msgq is one context. It serves the address
 * space that opened it and no other: a child that inherits the descriptor,
 * or a process that is passed it, is refused. A context ends with
 * MSGQ_IOC_DESTROY, with the last close, or when its address space goes away
 * (exit, exec, kill), whichever comes first; its queues are then closed, its
 * names free, its open claims cancelled.
 *
 * Greeting. The first request on a context is MSGQ_IOC_HELLO. Each side names
 * the version that it speaks and the oldest that it accepts; both must
 * accept the other. The layout of struct msgq_hello never changes.
 *
 * The promise. What has been released under a version stays: numbers,
 * layouts, meanings. What is added (a request, a flag, a field where one was
 * reserved, a reason) is refused by a module that does not have it yet, and
 * raises no version. The version is raised when something that is there has to
 * change; a module then serves the one before, too, and so does a library,
 * which is what OLDEST says. tests/compat holds both to it.
 *
 * Requests. All fields have fixed widths. Reserved fields and unknown flag
 * bits must be zero, or the request is refused: what a newer library asks of
 * an older module is never silently ignored. A request returns 0, or -1 with
 * errno; every structure starts with a struct msgq_refusal that is then
 * filled in: which argument it was, and what would have been accepted.
 *
 * Handles. Queues that a context created and queues that it attached to are
 * named by small numbers, local to the context.
 *
 * Areas. CREATE and ATTACH tell where in the device's mapping space the
 * areas of a queue begin (see msgq/ring.h for what they contain). An area of
 * size 0 is not there. A mapping must be MAP_SHARED, and start and end within
 * one area:
 *                  keeper     consumer     slots
 *   CREATE         read       read, write  read, write
 *   ATTACH         read       read         read, write
 *     mediated     none       none         none
 * Other rights are refused with EACCES, later too (mprotect); what is not
 * within an area of the context with EINVAL. A sender's slots may turn into
 * scratch pages of its own: see RENEW. Mappings are not inherited by
 * fork; one that MADV_DOFORK passes on all the same faults with SIGBUS. The
 * offsets have no other meaning, and may differ from one version to the next.
 */
#ifndef _UAPI_LINUX_MSGQ_H
#define _UAPI_LINUX_MSGQ_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define MSGQ_DEVICE "/dev/msgq"

/* What this header describes, and the oldest version that works with it. */
#define MSGQ_ABI_VERSION 1
#define MSGQ_ABI_OLDEST 1

/*
 * Why a request was refused. The second word of each line is what
 * msgq_refusal.bound tells; "-" is nothing.
 */
enum msgq_why {
	MSGQ_WHY_NONE = 0,
	MSGQ_WHY_NO_HELLO = 1,	    /* -       the context was not greeted */
	MSGQ_WHY_VERSION = 2,	    /* -       see struct msgq_hello */
	MSGQ_WHY_RESERVED = 3,	    /* -       a reserved field is not zero */
	MSGQ_WHY_FLAGS = 4,	    /* mask    the flags that are known */
	MSGQ_WHY_OPERATION = 5,	    /* -       unknown request or operation */
	MSGQ_WHY_FOREIGN = 6,	    /* -       another process's context */
	MSGQ_WHY_DESTROYED = 7,	    /* -       the context has ended */
	MSGQ_WHY_ENTRIES_ZERO = 8,  /* max     a queue holds at least one message */
	MSGQ_WHY_ENTRIES_MAX = 9,   /* max     more than a queue may hold */
	MSGQ_WHY_KEY_TAKEN = 10,    /* -       the name exists, and EXCL */
	MSGQ_WHY_KEY_OWNER = 11,    /* uid     the name is another user's */
	MSGQ_WHY_KEY_UNKNOWN = 12,  /* -       no queue has this name */
	MSGQ_WHY_KEY_PRIVATE = 13,  /* -       key 0 names no queue */
	MSGQ_WHY_ADDRESS = 14,	    /* -       no queue has this address */
	MSGQ_WHY_NODE = 15,	    /* node    the address is of another node */
	MSGQ_WHY_HANDLE = 16,	    /* -       not a handle of this context */
	MSGQ_WHY_MODE_SEND = 17,    /* mode    no w permission for this user */
	MSGQ_WHY_MODE_LOOK = 18,    /* mode    no r permission for this user */
	MSGQ_WHY_NOT_OWNER = 19,    /* uid     only the owner may */
	MSGQ_WHY_SENDERS = 20,	    /* max     too many senders at this queue */
	MSGQ_WHY_MEMORY = 21,	    /* bytes   not to be had */
	MSGQ_WHY_CLOSED = 22,	    /* -       the queue was closed meanwhile */
	MSGQ_WHY_SIGNAL = 23,	    /* -       a signal ended the wait */
	MSGQ_WHY_TIMEOUT = 24,	    /* -       the time was up */
	MSGQ_WHY_RING = 25,	    /* -       the ring was scribbled over */
	MSGQ_WHY_HANDLES = 26,	    /* max     too many queues in one context */
	MSGQ_WHY_NOT_LISTENING = 27, /* -      the address is not listened to */
	MSGQ_WHY_NRQR = 28,	    /* max     not one of msgqipc_nrqr_t */
	MSGQ_WHY_SENDID = 29,	    /* max     bytes of a sender id */
	MSGQ_WHY_MODE = 30,	    /* mask    the bits that a mode has */
	MSGQ_WHY_ID = 31,	    /* id      no such user or group here */
	MSGQ_WHY_NO_REVOKE = 32,    /* -       this host cannot take slots away */
	MSGQ_WHY_FULL = 33,	    /* max     messages, and all are there */
	MSGQ_WHY_INACTIVE = 34,	    /* -       the queue takes no sends now */
	MSGQ_WHY_LEN = 35,	    /* max     bytes in a message */
	/* The user's own limits; in the order of enum msgq_limit_name. */
	MSGQ_WHY_USER_QUEUES = 36,	/* max  see there */
	MSGQ_WHY_USER_CONTEXTS = 37,	/* max */
	MSGQ_WHY_USER_BYTES = 38,	/* max */
	MSGQ_WHY_USER_ATTACHMENTS = 39, /* max */
	MSGQ_WHY_COUNT
};

struct msgq_refusal {
	__u32 why; /* enum msgq_why */
	__u32 reserved;
	__u64 bound;
};

/* A queue. @node is 0 here; no (id, generation) is ever used again. */
struct msgq_address {
	__u32 id;
	__u16 node;
	__u16 reserved;
	__u64 generation;
};

enum msgq_area_name {
	MSGQ_AREA_KEEPER = 0,
	MSGQ_AREA_CONSUMER = 1,
	MSGQ_AREA_SLOTS = 2,
	MSGQ_AREAS = 4, /* one to spare */
};

struct msgq_area {
	__u64 offset;
	__u64 size; /* bytes, whole pages */
};

/* What a module may be without, because its kernel is. */
#define MSGQ_FEATURE_URING 0x1 /* MSGQ_URING_WAIT */

struct msgq_hello {
	struct msgq_refusal refusal;
	__u32 version;	   /* in: of the library; out: of the module */
	__u32 oldest;	   /* in: accepted by the library; out: by the module */
	__u64 features;	   /* MSGQ_FEATURE_*; in: that must be; out: that are */
	__u64 max_entries; /* out: the largest queue */
	__u32 max_msg;	   /* out: bytes in a message */
	__u32 node;	   /* out: this node, as in addresses */
	__u8 release[32];  /* out: the module's version, as text */
	__u64 reserved[4];
};

/* Memory on the NUMA node of the calling CPU. */
#define MSGQ_CREATE_BIND_CPU 0x1
/* Refused when the key is taken. Without it, a name of the same user moves. */
#define MSGQ_CREATE_EXCL 0x2
/* Nothing of it is mapped by who attaches: they SEND. (As in msgqipc.h.) */
#define MSGQ_CREATE_MEDIATED 0x10000
#define MSGQ_CREATE_FLAGS (MSGQ_CREATE_BIND_CPU | MSGQ_CREATE_EXCL | MSGQ_CREATE_MEDIATED)

/* Makes a queue, inactive; mode 0666 less the umask, the caller its owner. */
struct msgq_create {
	struct msgq_refusal refusal;
	__u64 key;     /* 0: no name */
	__u64 cookie;  /* told by LIST */
	__u32 entries; /* messages it holds, exactly */
	__u32 flags;
	__u32 handle; /* out */
	__u32 reserved0;
	struct msgq_address address;	   /* out */
	struct msgq_area area[MSGQ_AREAS]; /* out */
	__u64 reserved[4];
};

/*
 * Makes the caller a sender to a queue; takes w permission. To a mediated one
 * when there are no areas.
 */
struct msgq_attach {
	struct msgq_refusal refusal;
	struct msgq_address address;
	__u32 flags;  /* none yet */
	__u32 handle; /* out; a second attach tells the first's */
	__u32 sender; /* out: the index for claims */
	__u32 reserved0;
	struct msgq_area area[MSGQ_AREAS]; /* out */
	__u64 revokes; /* out: the count by which none of the caller's was revoked */
	__u64 reserved[3];
};

/*
 * SEND: a message to a mediated queue, which the receiver is woken for; POKE:
 * what that would be answered by. What is in @msg beyond @len is not looked at.
 * EAGAIN (full), ECONNREFUSED (inactive), ENOENT (gone), or EBADMSG, when the
 * receiver, who alone could, has scribbled over its ring.
 */
#define MSGQ_SEND_POKE 0x1
#define MSGQ_SEND_FLAGS MSGQ_SEND_POKE

struct msgq_send {
	struct msgq_refusal refusal;
	__u32 handle; /* of the attachment */
	__u32 flags;  /* MSGQ_SEND_* */
	__u32 len;
	__u32 reserved0;
	__u8 msg[64];
};

/* ACTIVATE, DEACTIVATE and CLOSE of an own queue; DETACH of an attachment. */
struct msgq_handle {
	struct msgq_refusal refusal;
	__u32 handle;
	__u32 flags; /* none yet */
	__u64 reserved[2];
};

/*
 * Sleeps until there is something at the head of an own queue. Returns when
 * there is, or with ECANCELED (closed), EINTR, ETIMEDOUT or EBADMSG.
 */
struct msgq_wait {
	struct msgq_refusal refusal;
	__u32 handle;
	__u32 flags;	  /* none yet */
	__s64 timeout_ns; /* from now; negative: for ever; out: of no meaning */
	__u64 reserved[2];
};

/*
 * Events. A context's descriptor is readable while something is pending for
 * it: an own queue that is armed (MSGQ_SLEEPS_ARMED) and on which WAKE was
 * called (fired), an address that was listened to and became sendable or
 * closed, or KICK. It hangs up when the context ends.
 *
 * EVENTS takes what is pending, up to @count of it, and what was asked for by
 * KICK. With QUEUES it takes fired queues only; @more tells whether there is
 * still something else. What EVENTS does not take stays pending.
 */
#define MSGQ_EVENTS_QUEUES 0x1

enum msgq_event_type {
	MSGQ_EVENT_FIRED = 1,	/* handle: of the queue; look at its head */
	MSGQ_EVENT_CANSEND = 2, /* address */
	MSGQ_EVENT_CLOSED = 3,	/* address; it is not listened to any more */
};

struct msgq_event {
	__u32 type;
	__u32 handle;
	struct msgq_address address;
};

#define MSGQ_EVENTS_MAX 16 /* that one EVENTS takes */

struct msgq_events {
	struct msgq_refusal refusal;
	__u32 count; /* in: room; out: filled in */
	__u32 flags; /* MSGQ_EVENTS_* */
	__u32 more;  /* out: 1: something is pending still */
	__u32 reserved0;
	struct msgq_event event[MSGQ_EVENTS_MAX]; /* out */
};

/*
 * Makes the descriptor readable until the next EVENTS: now, or after
 * @delay_ns. For a receiver that finds something at its queues' heads after
 * they fired. WATCH, from then on: while the descriptor is not readable, all
 * queues are looked at now and then, for a sender that was stopped before it
 * could WAKE.
 */
#define MSGQ_KICK_NOW 0x1
#define MSGQ_KICK_WATCH 0x2
#define MSGQ_KICK_FLAGS (MSGQ_KICK_NOW | MSGQ_KICK_WATCH)

struct msgq_kick {
	struct msgq_refusal refusal;
	__u64 delay_ns; /* 0: none; at most a second */
	__u32 flags;	/* MSGQ_KICK_* */
	__u32 reserved0;
	__u64 reserved[2];
};

/*
 * LISTEN: CANSEND, now or as soon as the queue is active and has as many free
 * entries as the context wants (NRQR); said once, and again after the next
 * LISTEN. CLOSED when it is gone. Takes w permission. FORGET ends it.
 */
struct msgq_listen {
	struct msgq_refusal refusal;
	struct msgq_address address;
	__u32 flags; /* none yet */
	__u32 reserved0;
	__u64 reserved[2];
};

/* What CANSEND waits for after a queue was full: 0: one entry; n: a 2^n-th. */
struct msgq_nrqr {
	struct msgq_refusal refusal;
	__u32 nrqr; /* 0 to 5 */
	__u32 reserved0;
	__u64 reserved[2];
};

#define MSGQ_SENDID_MAX 30

struct msgq_sendid {
	__u16 len; /* 0: none */
	__u8 id[MSGQ_SENDID_MAX];
};

/*
 * IDENTIFY: the sender id of all that the context sends from now on. Every
 * attachment then needs another index: RENEW, before the next send by it.
 */
struct msgq_identify {
	struct msgq_refusal refusal;
	struct msgq_sendid sendid;
	__u64 reserved[2];
};

/*
 * RENEW is also for a sender that is in DOUBT (msgq/sender.h), and tells it
 * whether its claims were revoked, and if so, whether the one in question was
 * undone. Its slots are then its own again. Nothing of the context may send by
 * that handle meanwhile. @undone is told even if the request fails.
 */
struct msgq_renew {
	struct msgq_refusal refusal;
	__u32 handle; /* of the attachment */
	__u32 sender; /* out: the index for claims */
	__u64 claim;  /* the position in doubt, or all ones */
	__u64 seen;   /* the count after the claim */
	__u64 revokes; /* out: as of ATTACH */
	__u32 revoked; /* out: 1: they were, since the last ATTACH or RENEW */
	__u32 undone;  /* out: 1: the claim's message was not sent */
	__u64 reserved[2];
};

/*
 * REVOKE: the claims that are open at positions before @until, from the head of an
 * own queue on, have been for too long. Their senders' slots are taken away, and
 * the claims are cancelled. Who has published meanwhile is left alone.
 *
 * STALL: after how long the kernel does that itself for a receiver that sleeps
 * in WAIT, or watches its descriptor. A queue begins with MSGQ_STALL_NS.
 */
struct msgq_revoke {
	struct msgq_refusal refusal;
	__u32 handle;
	__u32 cancelled; /* out: claims */
	__u64 until;
	__u64 reserved[2];
};

#define MSGQ_STALL_NS 100000000

struct msgq_stall {
	struct msgq_refusal refusal;
	__u32 handle;
	__u32 reserved0;
	__u64 stall_ns; /* 0: never */
	__u64 reserved[2];
};

/*
 * CANCEL: no message that carries the context's sender id, sent by its user,
 * is received from now on; with none set, none that the context sent without
 * one. Takes w permission, and no attachment.
 */
struct msgq_cancel {
	struct msgq_refusal refusal;
	struct msgq_address address;
	__u32 flags;	 /* none yet */
	__u32 cancelled; /* out: how many */
	__u64 reserved[2];
};

/* SENDER: who sends to an own queue by @index, while a message of it is there. */
struct msgq_sender_of {
	struct msgq_refusal refusal;
	__u32 handle;
	__u32 index;
	struct msgq_sendid sendid; /* out */
	__u32 uid;		   /* out */
	__u32 pid;		   /* out: 0 outside the caller's pid namespace */
	__u64 reserved[2];
};

enum msgq_name_op {
	MSGQ_NAME_LOOKUP = 1,	/* key -> the rest; takes r or w permission */
	MSGQ_NAME_UNLINK = 2,	/* the name goes, the queue stays; owner */
	MSGQ_NAME_GET_PERM = 3, /* -> uid, gid, mode; takes r permission */
	MSGQ_NAME_SET_PERM = 4, /* sets them; owner */
};

/* GET_PERM and SET_PERM: of the own queue with that handle; the key is 0. */
#define MSGQ_NAME_BY_HANDLE 0x1

struct msgq_name {
	struct msgq_refusal refusal;
	__u32 operation;
	__u32 flags; /* MSGQ_NAME_BY_HANDLE */
	__u64 key; /* BY_HANDLE: out, 0 if it has none */
	struct msgq_address address; /* out */
	__u32 uid, gid, mode;	     /* out; of SET_PERM: in */
	__u32 handle;
	__u64 reserved[4];
};

#define MSGQ_INFO_MEDIATED 0x1

/*
 * A queue, as seen by who has r permission. What is told of the ring is as true
 * as those are who may write it: a receiver can lie about what it receives, a
 * sender about what there is.
 *
 * @sent counts a message from the moment that a slot is claimed for it, until
 * the claim is taken back, for good: then it is one of @reaped. Once all is
 * received, sent = received + cancelled; meanwhile, @depth are between.
 *
 * @high is the capacity once a send has found the queue full, and the most that
 * its receiver, or a LIST, has seen otherwise: they look now and then.
 */
struct msgq_info {
	struct msgq_address address;
	__u64 key;	  /* 0: none, or no longer */
	__u64 cookie;	  /* as given to CREATE */
	__u64 received;	  /* messages */
	__u64 created_ns; /* wall clock */
	__u64 bytes;	  /* memory */
	__u32 entries;
	__u32 depth; /* messages in it */
	__u32 state; /* enum msgq_queue_state */
	__u32 senders;
	__u32 waiting; /* 1: its owner sleeps until something comes */
	__u32 uid, gid;
	__u32 creator_uid, creator_gid;
	__u32 mode;
	__u32 pid; /* of the owner, 0 outside the caller's pid namespace */
	__u32 flags; /* MSGQ_INFO_* */
	__u64 sent;	    /* messages */
	__u64 cancelled;    /* messages, by CANCEL */
	__u64 reaped;	    /* claims of senders that died, detached or were stopped */
	__u64 full;	    /* sends and pokes that found it full */
	__u64 activated_ns; /* wall clock: since when it is in @state */
	__u32 high;	    /* the most messages in it at once */
	__u32 listeners;    /* contexts that LISTEN to it */
	__u64 reserved[8];
};

/* Queues of the network namespace, by ascending id. */
struct msgq_list {
	struct msgq_refusal refusal;
	__u64 buffer; /* struct msgq_info * */
	__u32 count;  /* in: room there; out: filled in, 0 at the end */
	__u32 from;   /* in: the first id of interest; out: for the next call */
	__u64 reserved[2];
};

#define MSGQ_SENDER_REVOKED 0x1 /* its slots were taken away, and it has not sent since */
#define MSGQ_SENDER_MEDIATED 0x2 /* the kernel sends for it */

/* Positions and indices that there are not. */
#define MSGQ_SENDER_NONE (~0ull)

/*
 * A context that is attached to a queue. @recent, @last and @open are told by
 * the words in the ring, each of which names its sender until the slot is claimed
 * again: so they are of the last messages of the queue, as many as it has slots,
 * and forged as easily as words are, unless the queue is mediated.
 */
struct msgq_sender_info {
	__u64 attached_ns; /* wall clock */
	__u64 last;	   /* position of its last message there, or NONE */
	__u32 index;	   /* in the words it claims; revoked: all ones */
	__u32 pid;	   /* 0 outside the caller's pid namespace */
	__u32 uid;
	__u32 flags;  /* MSGQ_SENDER_* */
	__u32 recent; /* messages of it there, received or not */
	__u32 open;   /* claims */
	struct msgq_sendid sendid;
	__u64 reserved[4];
};

/*
 * SENDERS: who is attached to a queue, in the order in which they were; takes r
 * permission. It begins as LIST does.
 */
struct msgq_senders {
	struct msgq_refusal refusal;
	__u64 buffer; /* struct msgq_sender_info * */
	__u32 count;  /* in: room there; out: filled in, 0 at the end */
	__u32 slots;  /* out: of the ring, which is one more than entries */
	__u64 from;   /* 0 at first; then as the last call left it */
	struct msgq_address address;
	__u64 next; /* out: the position of the next message */
	__u64 reserved[3];
};

enum msgq_peek_state {
	MSGQ_PEEK_NOTHING = 0, /* there is no message at @position or after */
	MSGQ_PEEK_CLAIM = 1,   /* it is being sent; there is no text yet */
	MSGQ_PEEK_MESSAGE = 2,
};

/*
 * PEEK: the first message at @position or after that was neither received nor
 * cancelled. Nothing is taken; the receiver goes on meanwhile. For the owner, or
 * CAP_SYS_ADMIN; takes no permission of the mode. Who sent it is what the slot
 * says: of a queue that is not mediated a sender can forge it.
 */
struct msgq_peek {
	struct msgq_refusal refusal;
	struct msgq_address address;
	__u64 position; /* in: before the head is the head; out: where it is */
	__u32 flags;	/* none yet */
	__u32 state;	/* out: enum msgq_peek_state */
	__u32 len;	/* out */
	__u32 sender;	/* out: index */
	__u32 uid;	/* out: all ones: nobody has had this index */
	__u32 pid;	/* out: 0 outside the caller's pid namespace */
	struct msgq_sendid sendid; /* out */
	__u8 msg[64];		   /* out */
	__u64 reserved[4];
};

/*
 * Limits. What a user's contexts may have between them, in one network
 * namespace; a context's user is the effective one of who opened it. What
 * would exceed a limit is refused with EDQUOT, unless who asks for it has
 * CAP_SYS_RESOURCE over the machine; that is also what an open fails with.
 */
enum msgq_limit_name {
	MSGQ_LIMIT_QUEUES = 0,	    /* until their memory goes */
	MSGQ_LIMIT_CONTEXTS = 1,    /* until the last descriptor is closed */
	MSGQ_LIMIT_BYTES = 2,	    /* the memory of those queues */
	MSGQ_LIMIT_ATTACHMENTS = 3, /* queues attached or listened to */
	MSGQ_LIMITS = 8,	    /* some to spare */
};

struct msgq_limit {
	__u64 used;
	__u64 max; /* 0: none; less than is used when it was lowered since */
};

/* LIMITS: those of the context's user. */
struct msgq_limits {
	struct msgq_refusal refusal;
	__u32 flags;			      /* none yet */
	__u32 uid;			      /* out: the user */
	struct msgq_limit limit[MSGQ_LIMITS]; /* out: by enum msgq_limit_name */
	__u64 reserved[4];
};

#define MSGQ_IOC 0xB9
#define MSGQ_IOC_HELLO _IOWR(MSGQ_IOC, 0x00, struct msgq_hello)
#define MSGQ_IOC_DESTROY _IOWR(MSGQ_IOC, 0x01, struct msgq_handle)
#define MSGQ_IOC_CREATE _IOWR(MSGQ_IOC, 0x10, struct msgq_create)
#define MSGQ_IOC_ACTIVATE _IOWR(MSGQ_IOC, 0x11, struct msgq_handle)
#define MSGQ_IOC_DEACTIVATE _IOWR(MSGQ_IOC, 0x12, struct msgq_handle)
#define MSGQ_IOC_CLOSE _IOWR(MSGQ_IOC, 0x13, struct msgq_handle)
#define MSGQ_IOC_ATTACH _IOWR(MSGQ_IOC, 0x20, struct msgq_attach)
#define MSGQ_IOC_DETACH _IOWR(MSGQ_IOC, 0x21, struct msgq_handle)
#define MSGQ_IOC_RENEW _IOWR(MSGQ_IOC, 0x22, struct msgq_renew)
#define MSGQ_IOC_CANCEL _IOWR(MSGQ_IOC, 0x23, struct msgq_cancel)
#define MSGQ_IOC_IDENTIFY _IOWR(MSGQ_IOC, 0x24, struct msgq_identify)
#define MSGQ_IOC_SENDER _IOWR(MSGQ_IOC, 0x25, struct msgq_sender_of)
#define MSGQ_IOC_SEND _IOWR(MSGQ_IOC, 0x26, struct msgq_send)
#define MSGQ_IOC_REVOKE _IOWR(MSGQ_IOC, 0x27, struct msgq_revoke)
#define MSGQ_IOC_STALL _IOWR(MSGQ_IOC, 0x28, struct msgq_stall)
#define MSGQ_IOC_WAIT _IOWR(MSGQ_IOC, 0x30, struct msgq_wait)
#define MSGQ_IOC_WAKE _IOWR(MSGQ_IOC, 0x31, struct msgq_handle)
#define MSGQ_IOC_EVENTS _IOWR(MSGQ_IOC, 0x32, struct msgq_events)
#define MSGQ_IOC_KICK _IOWR(MSGQ_IOC, 0x33, struct msgq_kick)
#define MSGQ_IOC_LISTEN _IOWR(MSGQ_IOC, 0x34, struct msgq_listen)
#define MSGQ_IOC_FORGET _IOWR(MSGQ_IOC, 0x35, struct msgq_listen)
#define MSGQ_IOC_NRQR _IOWR(MSGQ_IOC, 0x36, struct msgq_nrqr)
/* The head of an own queue is where K.wanted says, or further. */
#define MSGQ_IOC_REACHED _IOWR(MSGQ_IOC, 0x37, struct msgq_handle)
#define MSGQ_IOC_NAME _IOWR(MSGQ_IOC, 0x40, struct msgq_name)
#define MSGQ_IOC_LIST _IOWR(MSGQ_IOC, 0x41, struct msgq_list)
#define MSGQ_IOC_LIMITS _IOWR(MSGQ_IOC, 0x42, struct msgq_limits)
#define MSGQ_IOC_SENDERS _IOWR(MSGQ_IOC, 0x43, struct msgq_senders)
#define MSGQ_IOC_PEEK _IOWR(MSGQ_IOC, 0x44, struct msgq_peek)

/*
 * io_uring. Its POLL_ADD, single and multishot, takes a context's descriptor
 * as poll does. IORING_OP_URING_CMD with cmd_op WAIT, where HELLO tells
 * FEATURE_URING (6.1.22, 6.2.9 or later), is the same without a poll: it carries
 * nothing, so all of sqe.cmd is zero, and it completes once, with
 *   0           the descriptor is readable, at once when it is already; as
 *               with poll it may be for nothing: EVENTS tells
 *   ETIME       a second was up, or less: submit again. Only kernels before
 *               6.7, where a ring cannot take its commands back, so that exec,
 *               or the ring's end, would wait for this one for ever
 *   ECANCELED   the ring, or the task that submitted it, ends. io_uring's own
 *               cancel and link timeouts do not know how to take back a
 *               command, and leave it alone
 *   ESHUTDOWN   the context ended, before or meanwhile
 *   EBUSY       URING_MAX of them are pending for the context
 *   EPERM       not the context's address space
 *   EINVAL      another cmd_op, or sqe.cmd is not zero
 *   EOPNOTSUPP  the kernel has commands, the module on it none
 * (all negative in cqe.res). Whose address space it is, is decided by the
 * thread that io_uring submits it by: the caller, a worker of the caller's, or
 * with SQPOLL the ring's thread, which is of the process that made the ring.
 */
#define MSGQ_URING_WAIT _IO(MSGQ_IOC, 0x50)
#define MSGQ_URING_MAX 64

#endif
