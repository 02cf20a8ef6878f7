/* SPDX-License-Identifier: MIT */
/*
 * msgqipc.h - MSGQIPC: low-latency, kernel-bypass message queues
 *
 * A queue is a receive endpoint of fixed capacity for messages of up to 64
 * bytes. Whoever knows its address, and has permission, may send to it. Its
 * ring is mapped into the receiver and the senders; with the receiver
 * polling, neither send nor receive makes a system call.
 *
 * Quotations ("...") are from msgqipc(3), the specification. The page is
 * silent on what is described without one.
 *
 * Every call sets the calling thread's error, which msgqipc_get_error() tells:
 * MSGQIPC_ERR_SUCC when it succeeded. int calls return 0 or -1, ssize_t calls
 * a length or -1, pointer calls NULL on failure.
 */
#ifndef MSGQIPC_H
#define MSGQIPC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Also for who compiles with -fvisibility=hidden, as the library does. */
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#define MSGQIPC_API_V1 (1)
#define MSGQIPC_API_V2 (2)

/* "api client": the owner of queues; belongs to the thread that made it */
typedef struct msgqipc_ctx msgqipc_ctx;
/* "message queue" */
typedef struct msgqipc_queue msgqipc_queue;
/* "key for named objects": shared by all processes of a network namespace */
typedef uint64_t msgqipc_key;
/* "null key - private queue" */
#define MSGQIPC_KEY_PRIVATE ((msgqipc_key)0)

/*
 * "globally unique 'address'" of a queue. A plain value: it may be copied,
 * compared bytewise, sent in a message or stored. It never comes to mean
 * another queue; once its queue is gone, sends answer NOTFOUND.
 */
typedef struct msgqipc_addr {
	uint64_t opaque[2];
} msgqipc_addr;

#define MSGQIPC_SENDID_SPC (30)
/* "Client specified id associated with a send()." */
typedef struct msgqipc_sendid {
	uint16_t len; /* bytes of spc in use; 0: none set */
	uint8_t spc[MSGQIPC_SENDID_SPC];
} msgqipc_sendid;

/* Error codes. From 100 on: extensions of this implementation. */
#define MSGQIPC_ERR_SUCC 0	/* "operation successful" */
#define MSGQIPC_ERR_INVAL 1	/* "invalid argument" */
#define MSGQIPC_ERR_NORES 2	/* "out of resources" */
#define MSGQIPC_ERR_RNR 3	/* "receiver not ready": the queue is full */
#define MSGQIPC_ERR_FAILOVER 4	/* "hardware failover occurred" */
#define MSGQIPC_ERR_FAILURE 5	/* "general failure occurred" */
#define MSGQIPC_ERR_NOTSUPP 6	/* "not supported" */
#define MSGQIPC_ERR_TRUNC 7	/* "object truncated" */
#define MSGQIPC_ERR_SIZE 8	/* "object too large" */
#define MSGQIPC_ERR_INACTIVE 9	/* "target exists but inactive" */
#define MSGQIPC_ERR_EXISTS 11	/* "object already exists" */
#define MSGQIPC_ERR_CANCEL 12	/* "object or operation cancelled" */
#define MSGQIPC_ERR_NOTFOUND 13 /* "object not found" */
#define MSGQIPC_ERR_NRQR 14	/* "NRQR value is invalid" */
#define MSGQIPC_ERR_ACCES 100	/* permission denied */

/* Flags of msgqipc_create(). From 0x10000 on: extensions. */
#define MSGQIPC_CREATE_BIND_CPU (0x00000001) /* "bind to local cpu" */
#define MSGQIPC_CREATE_EXCL (0x00000002)     /* "fail if name exists" */
#define MSGQIPC_CREATE_MEDIATED (0x00010000) /* senders do not touch its memory */

/* "Types of events generated for a context." From 100 on: extensions. */
enum msgqipc_event_type {
	MSGQIPC_EVT_CANSEND = 1,  /* "monitored addr became ready for send()" */
	MSGQIPC_EVT_CANRECV = 2,  /* "queue has messages ready for recv()" */
	MSGQIPC_EVT_FAILOVER = 3, /* "failover occurred in the cluster" */
	MSGQIPC_EVT_CLOSED = 100, /* a monitored addr's queue is gone; monitored no more */
};

/* "Event descriptor." */
typedef struct msgqipc_event {
	uint32_t type; /* enum msgqipc_event_type */
	uint32_t reserved;
	msgqipc_queue *queue; /* CANRECV */
	uint64_t cookie;      /* CANRECV: as given to msgqipc_create() */
	msgqipc_addr addr;    /* CANSEND and extensions */
} msgqipc_event;

/* Commands of msgqipc_ctl(); see there. From 200 on: extensions. */
#define MSGQIPC_CTL_GET_MAX_MSG_SIZE (1)
#define MSGQIPC_CTL_GET_MAX_MESSAGES (2)
#define MSGQIPC_CTL_GET_ADDR_SIZE (3)
#define MSGQIPC_CTL_NONBLOCK (103)
#define MSGQIPC_CTL_GET_FD (104)
#define MSGQIPC_CTL_ARM (105)
#define MSGQIPC_CTL_LISTEN_ADDR (107)
#define MSGQIPC_CTL_FORGET_ADDR (108)
#define MSGQIPC_CTL_NAMED_OPTS (109)
#define MSGQIPC_CTL_SET_SENDER_ID (110)
#define MSGQIPC_CTL_RECV_SIZE (111)
#define MSGQIPC_CTL_SET_NRQR (112)
#define MSGQIPC_CTL_GET_HOST (200)
#define MSGQIPC_CTL_SET_STALL (201)
#define MSGQIPC_CTL_GET_LIMITS (202)

/* Values of MSGQIPC_CTL_SET_NRQR: the part of the entries that must be free */
typedef enum {
	MSGQIPC_NRQR_DEFAULT = 0, /* "1 message entry" */
	MSGQIPC_NRQR_2 = 1,
	MSGQIPC_NRQR_4 = 2,
	MSGQIPC_NRQR_8 = 3,
	MSGQIPC_NRQR_16 = 4,
	MSGQIPC_NRQR_32 = 5
} msgqipc_nrqr_t;

/* Operations of MSGQIPC_CTL_NAMED_OPTS */
#define MSGQIPC_NAMED_LOOKUP (1)   /* key -> the rest */
#define MSGQIPC_NAMED_UNLINK (2)   /* the name goes, the queue stays */
#define MSGQIPC_NAMED_GET_PERM (3) /* uid, gid and mode of a queue */
#define MSGQIPC_NAMED_SET_PERM (4) /* sets them */
#define MSGQIPC_NAMED_LIST (5)	   /* ptr: struct msgqipc_list * */
#define MSGQIPC_NAMED_SENDERS (6)  /* ptr: struct msgqipc_senders * */
#define MSGQIPC_NAMED_PEEK (7)	   /* ptr: struct msgqipc_message * */

typedef struct msgqipc_named {
	msgqipc_key key;
	msgqipc_addr addr;
	uint32_t uid, gid, mode; /* mode: w the right to send, r to look */
	uint32_t reserved;
} msgqipc_named;

/*
 * What MSGQIPC_NAMED_LIST tells of a queue that the caller may look at. Once all
 * is received, sent = received + cancelled; meanwhile depth are between, which
 * counts cancelled messages until the receiver has passed them.
 */
typedef struct msgqipc_info {
	msgqipc_key key; /* 0: private, or its name was unlinked */
	msgqipc_addr addr;
	uint64_t cookie;
	uint64_t received;   /* messages */
	uint64_t created_ns; /* since the epoch */
	uint64_t bytes;	     /* of memory */
	uint32_t entries;
	uint32_t depth;	  /* messages in it now */
	uint32_t active;  /* 1: takes sends */
	uint32_t senders; /* contexts attached to it */
	uint32_t waiting; /* 1: its owner is asleep in recv */
	uint32_t uid, gid, creator_uid, creator_gid, mode;
	uint32_t pid;	   /* of the owner; 0: in another pid namespace */
	uint32_t mediated; /* 1: made with MSGQIPC_CREATE_MEDIATED */
	/*
	 * The most messages that were in it at once, as far as was seen: entries
	 * if a send ever found it full, else what its receiver, which looks now
	 * and then, or a listing has come upon.
	 */
	uint32_t high;
	uint32_t listeners;    /* contexts that monitor it */
	uint64_t sent;	       /* messages */
	uint64_t cancelled;    /* messages, by msgqipc_cancel() */
	uint64_t reaped;       /* sends that a death or a stop cut short: not in sent */
	uint64_t full;	       /* sends and pokes that were answered by RNR */
	uint64_t activated_ns; /* since the epoch: active, or not, since then */
	uint64_t reserved[6];
} msgqipc_info;

typedef struct msgqipc_list {
	msgqipc_info *info; /* the caller's, room for @count */
	uint32_t count;	    /* in: room; out: filled in, 0 at the end */
	uint32_t from;	    /* 0 at first; then as the last call left it */
} msgqipc_list;

#define MSGQIPC_SENDER_REVOKED (1)  /* it was stopped in a send, which is taken back */
#define MSGQIPC_SENDER_MEDIATED (2) /* the host sends for it */

#define MSGQIPC_POS_NONE (UINT64_MAX)

/*
 * What MSGQIPC_NAMED_SENDERS tells of a context that sends to a queue. recent,
 * last and open are what the last messages of the queue tell, received or not, as
 * many as it has entries, and one. Positions count the messages of a queue from 0.
 * Senders that are hostile can forge these three, unless the queue is mediated.
 */
typedef struct msgqipc_sender {
	uint64_t attached_ns; /* since the epoch: its first send */
	uint64_t last;	      /* position of its last message, or MSGQIPC_POS_NONE */
	uint32_t index;	      /* by which the ring names it; revoked: UINT32_MAX */
	uint32_t pid;	      /* 0: in another pid namespace */
	uint32_t uid;
	uint32_t flags;	 /* MSGQIPC_SENDER_* */
	uint32_t recent; /* how many of the last messages are its */
	uint32_t open;	 /* sends that it is in the middle of, or has left */
	msgqipc_sendid sendid;
	uint64_t reserved[4];
} msgqipc_sender;

typedef struct msgqipc_senders {
	msgqipc_addr addr;
	msgqipc_sender *sender; /* the caller's, room for @count */
	uint32_t count;		/* in: room; out: filled in, 0 at the end */
	uint32_t slots;		/* out: how many messages are looked at */
	uint64_t from;		/* 0 at first; then as the last call left it */
	uint64_t next;		/* out: the position of the next message */
} msgqipc_senders;

/* What MSGQIPC_NAMED_PEEK tells of a message in somebody's queue. */
#define MSGQIPC_PEEK_NOTHING (0) /* there is none at @position or after */
#define MSGQIPC_PEEK_CLAIM (1)	 /* it is being sent: no text yet */
#define MSGQIPC_PEEK_MESSAGE (2)

typedef struct msgqipc_message {
	msgqipc_addr addr; /* in: of the queue */
	uint64_t position; /* in: 0, or that of the last one and 1; out: of this one */
	msgqipc_sendid sendid;
	uint32_t uid, pid; /* of the sender; all ones and 0: not known */
	uint32_t sender;   /* a number of its own among those of the queue */
	uint32_t state;	   /* MSGQIPC_PEEK_* */
	uint32_t len;
	uint32_t reserved;
	uint8_t msg[64];
} msgqipc_message;

/* What a user has, and may have: MSGQIPC_CTL_GET_LIMITS. */
typedef struct msgqipc_limit {
	uint64_t used;
	uint64_t max; /* 0: no limit; less than is used when it was lowered since */
} msgqipc_limit;

typedef struct msgqipc_limits {
	uint32_t uid; /* whose */
	uint32_t reserved;
	msgqipc_limit queues;
	msgqipc_limit contexts;
	msgqipc_limit bytes;	   /* of memory, in its queues */
	msgqipc_limit attachments; /* queues that it sends to or monitors */
	uint64_t reserved2[8];
} msgqipc_limits;

/* Who keeps the queues of a context: MSGQIPC_CTL_GET_HOST. */
#define MSGQIPC_HOST_MODULE (1) /* msgq.ko */
#define MSGQIPC_HOST_DAEMON (2) /* msgqd */

typedef struct msgqipc_host {
	uint32_t kind; /* MSGQIPC_HOST_* */
	uint32_t reserved;
	char release[32]; /* its version, a string */
	char path[128];	  /* of its device or socket, a string */
} msgqipc_host;

typedef struct msgqipc_api msgqipc_api;

/* ---- Client initialization ------------------------------------------- */

/*
 * "load api for verno": MSGQIPC_API_V1 or MSGQIPC_API_V2. The result is
 * static and not to be written to. NOTSUPP for a version that does not exist.
 */
msgqipc_api *msgqipc_load(uint16_t verno);

/*
 * "must be called in each thread that accesses the API [...] It is acceptable
 * to call it multiple times from the same thread." This implementation does
 * without, too. Returns 0.
 */
int msgqipc_thread_init(void);

/* "The status is stored per-thread, and applies to the last function called" */
int msgqipc_get_error(void);

/* The name of an error code and a sentence about it; static, never NULL. */
const char *msgqipc_strerror(int error);

/*
 * What the last failed call of this thread was refused for: which argument,
 * and what would have been accepted. "" when there is no more to say than
 * msgqipc_strerror() does. Valid until the thread's next call.
 */
const char *msgqipc_error_detail(void);

/*
 * "initialize a context for given API". It belongs to the calling thread:
 * another thread's use of it is answered by INVAL, and so is a forked
 * child's. INVAL: @api is NULL. NOTSUPP: the library and the module are of
 * versions that do not go together. NOTFOUND: there is no module. ACCES: the
 * device may not be opened. NORES: also, the user has too many contexts.
 */
msgqipc_ctx *msgqipc_ini(const msgqipc_api *api);

/*
 * "destroy context and its resources/state": closes its queues, detaches
 * from others, frees everything. INVAL.
 */
int msgqipc_destroy(msgqipc_ctx *ctx);

/* ---- Queues ------------------------------------------------------------ */

/*
 * "create a queue", inactive, that holds exactly @entries messages.
 *
 * @key: MSGQIPC_KEY_PRIVATE, or the name under which others find it. A name
 *	that a queue of the same user has moves to the new one, which is how
 *	a restarted server takes over; the old queue keeps its address. With
 *	MSGQIPC_CREATE_EXCL: EXISTS. Another user's: ACCES.
 * @addr: where the address is stored, or NULL.
 * @cookie: "client cookie for queue", told by events.
 * @flags: MSGQIPC_CREATE_BIND_CPU: all of its memory is asked of the NUMA node
 *	that the calling thread runs on now. That is all that it does: no
 *	thread is bound, and a receiver is woken where it may run, which is for
 *	sched_setaffinity(2) to say. With msgqd it changes nothing.
 *	MSGQIPC_CREATE_EXCL: see @key.
 *	MSGQIPC_CREATE_MEDIATED: for senders who are not trusted with its memory:
 *	none of it is mapped into them, and each of their sends and pokes is a
 *	system call. So they can harm neither each other's messages nor the
 *	queue, one that is stopped holds up nobody, and the sender id and the
 *	process that are told of a message are true. All else is the same.
 *
 * Its mode is 0666 less the umask. Each entry takes 72 bytes of memory.
 * INVAL: entries 0, unknown flags. SIZE: entries over GET_MAX_MESSAGES.
 * NORES: also, the user has too many queues, or too much memory in them.
 */
msgqipc_queue *msgqipc_create(msgqipc_ctx *ctx, msgqipc_key key, msgqipc_addr *addr,
			      uint32_t entries, uint64_t cookie, uint32_t flags);

/* "enable queue for incoming sends". Idempotent. INVAL. */
int msgqipc_activate(msgqipc_ctx *ctx, msgqipc_queue *queue);

/*
 * "disable sends for queue": once it has returned, none enters. What is in
 * the queue can be received. Idempotent. INVAL, FAILURE (a sender scribbled
 * over the ring).
 */
int msgqipc_deactivate(msgqipc_ctx *ctx, msgqipc_queue *queue);

/*
 * "close a queue and release its resources": its messages are gone, its
 * senders get NOTFOUND, a receiver blocked in it gets CANCEL. @flags: 0.
 * INVAL.
 */
int msgqipc_close(msgqipc_ctx *ctx, msgqipc_queue *queue, uint32_t flags);

/* ---- Receive ----------------------------------------------------------- */

/*
 * "receive message at head of queue, if any": up to @len bytes to @msg;
 * returns its length, 0 to 64.
 *
 * When the queue is empty: "a non-blocking queue would return failure [...]
 * while a blocking queue would wait in the kernel": NOTFOUND in the first
 * case; in the second CANCEL when a signal or a close ends the wait.
 * TRUNC: the message is longer than @len; the first @len bytes are copied,
 * the message stays, MSGQIPC_CTL_RECV_SIZE tells its size. INVAL. FAILURE: a
 * sender scribbled over the ring.
 */
ssize_t msgqipc_recv(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len);

/*
 * The same, and waits for at most @timeout_ns nanoseconds, whatever
 * MSGQIPC_CTL_NONBLOCK says: 0 only looks, a negative number waits for ever.
 * NOTFOUND: nothing came in that time. An extension.
 */
ssize_t msgqipc_recv_timeout(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len,
			     int64_t timeout_ns);

/*
 * "peek at message at head of queue": like a receive that takes nothing and
 * never waits. @index: 0 is the head; NOTFOUND beyond the last. TRUNC, INVAL,
 * FAILURE as for msgqipc_recv().
 */
ssize_t msgqipc_peek(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len, size_t index);

/* ---- Send -------------------------------------------------------------- */

/*
 * "send a message to a queue": @len bytes, 0 to 64. "on return of the
 * function, the message is either in the receive queue of the target, or [...]
 * the operation has failed and the message is NOT in the queue."
 *
 * What is sent before another send begins, by any process, is received
 * before it.
 *
 * RNR: full, try again. INACTIVE. NOTFOUND: closed, its owner died, or no
 * queue ever had this address. ACCES: no w permission (looked at by the first
 * send to an address). SIZE: @len over 64. INVAL. NORES: the queue has too
 * many senders, or the user too many targets. FAILURE: a sender scribbled over the ring.
 */
int msgqipc_send(msgqipc_ctx *ctx, const msgqipc_addr *addr, const void *msg, size_t len);

/*
 * "mark messages in target queue as cancelled, if sender id" is the one that
 * this context has set, whichever context of the same user sent them; with
 * none set, those that this context sent without one. What is not received by
 * then never is; what is, is not cancelled. Cancelled messages take up room
 * until the receiver has passed them.
 *
 * ACCES, NOTFOUND, NORES as for msgqipc_send(). INVAL. FAILURE: a sender
 * scribbled over the ring.
 */
int msgqipc_cancel(msgqipc_ctx *ctx, const msgqipc_addr *addr);

/*
 * "Send an empty message to a queue. The sent message will not be saved in
 * queue (no space consumed)." Answers as msgqipc_send() would. NOTSUPP in a
 * context of MSGQIPC_API_V1.
 */
int msgqipc_poke(msgqipc_ctx *ctx, const msgqipc_addr *addr);

/* ---- Events and control ------------------------------------------------ */

/*
 * "get events pending for context": up to @len of them to @events; returns
 * how many, 0 when there are none. Never waits.
 *
 * CANRECV is told of every queue that has something to receive, again and
 * again until it has not. CANSEND is told once of an address for which
 * MSGQIPC_CTL_LISTEN_ADDR was called, and again after a send to it was
 * answered by RNR or INACTIVE. CLOSED is told once. The cost grows with the
 * queues that had messages since the last call, not with all.
 *
 * INVAL. NORES. FAILURE.
 */
int msgqipc_get_events(msgqipc_ctx *ctx, msgqipc_event *events, size_t len);

/*
 * "control context or object". @queue is NULL but where a queue is named:
 *
 * GET_MAX_MSG_SIZE	ptr: uint64_t *, bytes
 * GET_MAX_MESSAGES	ptr: uint64_t *, the largest @entries
 * GET_ADDR_SIZE	ptr: uint64_t *, bytes
 * NONBLOCK		queue; arg: 1 recv does not block, 0 it does (default)
 * RECV_SIZE		queue; ptr: uint64_t *, "size of last recv()", also of
 *			one that answered TRUNC
 * GET_HOST		ptr: msgqipc_host *
 * GET_LIMITS		ptr: msgqipc_limits *, those of the context's user
 * SET_STALL		queue; arg: nanoseconds, 0: never. A sender that is stopped
 *			in the middle of a send, or has left it for good (its
 *			thread died, longjmp), keeps what was sent after it from
 *			being received, for that long at least (default 100 ms)
 *			and a tenth of a second more at most, counted from the
 *			receiver's first look or sleep; who looks less often
 *			than every ten milliseconds takes eight of its looks.
 *			Then its message is passed over; once it goes on, the
 *			same call sends it again, or fails. Not with msgqd,
 *			which cannot take a queue's memory away from a process:
 *			there it is waited for until it goes on or its process
 *			ends
 * NAMED_OPTS		arg: MSGQIPC_NAMED_LOOKUP, _UNLINK, _GET_PERM and
 *			_SET_PERM: ptr: msgqipc_named *; the queue is the one
 *			that its key names, or for the last two @queue, where
 *			that is not NULL; SET_PERM takes uid, gid and mode,
 *			the others fill in the rest. MSGQIPC_NAMED_LIST: ptr:
 *			msgqipc_list *. MSGQIPC_NAMED_SENDERS: ptr:
 *			msgqipc_senders *: who sends to the queue at addr, in
 *			the order in which they began; takes r permission.
 *			MSGQIPC_NAMED_PEEK: ptr: msgqipc_message *: looks at a
 *			message of any queue, for its owner or root
 * GET_FD		ptr: int *, the context's descriptor, for poll, select,
 *			epoll and io_uring; not to be read, written or closed
 * ARM			"arm ctx for interrupts": from now on the descriptor is
 *			readable as soon as an event is pending or a queue has
 *			something to receive, also from before this call. To
 *			be called before each wait: it may be readable for
 *			nothing, and stays so until the next ARM
 * LISTEN_ADDR		"monitor queue status"; ptr: const msgqipc_addr *:
 *			CANSEND, now or when the queue is active and has room
 *			(SET_NRQR), CLOSED when it is gone. Idempotent
 * FORGET_ADDR		"stop monitoring queue"; ptr: const msgqipc_addr *
 * SET_SENDER_ID	"set sender id": ptr: const msgqipc_sendid *; goes with
 *			each later send of this context; len 0: none
 * SET_NRQR		arg: msgqipc_nrqr_t: how much of a queue that was full
 *			must be free for CANSEND, rounded up to whole entries;
 *			of all addresses of this context
 *
 * INVAL: unknown command, argument out of range, NULL. NRQR: of SET_NRQR.
 * SIZE: the sender id is over MSGQIPC_SENDID_SPC. NOTFOUND: no such key or
 * address; FORGET_ADDR of what is not monitored. ACCES, NORES.
 */
int msgqipc_ctl(msgqipc_ctx *ctx, msgqipc_queue *queue, int cmd, uint64_t arg, void *ptr);

/* ---- The function vectors ---------------------------------------------- */

/*
 * "The API is accessed through function pointers obtained through the
 * msgqipc_load() call." The functions above are the same code; they also
 * serve languages that cannot call through a vector.
 */
typedef msgqipc_ctx *(*msgqipc_ini_t)(const msgqipc_api *api);
typedef int (*msgqipc_destroy_t)(msgqipc_ctx *ctx);
typedef msgqipc_queue *(*msgqipc_create_t)(msgqipc_ctx *ctx, msgqipc_key key, msgqipc_addr *addr,
					   uint32_t entries, uint64_t cookie, uint32_t flags);
typedef int (*msgqipc_activate_t)(msgqipc_ctx *ctx, msgqipc_queue *queue);
typedef int (*msgqipc_deactivate_t)(msgqipc_ctx *ctx, msgqipc_queue *queue);
typedef int (*msgqipc_close_t)(msgqipc_ctx *ctx, msgqipc_queue *queue, uint32_t flags);
typedef ssize_t (*msgqipc_recv_t)(msgqipc_ctx *ctx, msgqipc_queue *queue, void *msg, size_t len);
/* @sendid: where the sender's id is stored (len 0: it has none), or NULL */
typedef ssize_t (*msgqipc_peek_t)(msgqipc_ctx *ctx, msgqipc_queue *queue, msgqipc_sendid *sendid,
				  void *msg, size_t len, size_t index);
typedef int (*msgqipc_send_t)(msgqipc_ctx *ctx, const msgqipc_addr *addr, const void *msg,
			      size_t len);
typedef int (*msgqipc_cancel_t)(msgqipc_ctx *ctx, const msgqipc_addr *addr);
typedef int (*msgqipc_poke_t)(msgqipc_ctx *ctx, const msgqipc_addr *addr);
typedef int (*msgqipc_get_events_t)(msgqipc_ctx *ctx, msgqipc_event *events, size_t len);
typedef int (*msgqipc_ctl_t)(msgqipc_ctx *ctx, msgqipc_queue *queue, int cmd, uint64_t arg,
			     void *ptr);
typedef msgqipc_api *(*msgqipc_load_t)(uint16_t verno);
typedef int (*msgqipc_get_error_t)(void);
typedef int (*msgqipc_thread_init_t)(void);

/* "api version 1 vector" */
typedef struct msgqipc_v1 {
	msgqipc_ini_t ini;
	msgqipc_destroy_t destroy;
	msgqipc_create_t create;
	msgqipc_activate_t activate;
	msgqipc_deactivate_t deactivate;
	msgqipc_close_t close;
	msgqipc_recv_t recv;
	msgqipc_peek_t peek;
	msgqipc_send_t send;
	msgqipc_cancel_t cancel;
	msgqipc_get_events_t get_events;
	msgqipc_ctl_t ctl;
} msgqipc_v1;

/* The same, and poke */
typedef struct msgqipc_v2 {
	msgqipc_ini_t ini;
	msgqipc_destroy_t destroy;
	msgqipc_create_t create;
	msgqipc_activate_t activate;
	msgqipc_deactivate_t deactivate;
	msgqipc_close_t close;
	msgqipc_recv_t recv;
	msgqipc_peek_t peek;
	msgqipc_send_t send;
	msgqipc_cancel_t cancel;
	msgqipc_get_events_t get_events;
	msgqipc_ctl_t ctl;
	msgqipc_poke_t poke;
} msgqipc_v2;

/* "loaded api": the vector of its version; a V2 api has both. */
struct msgqipc_api {
	uint32_t version;
	uint32_t reserved;
	const msgqipc_v1 *v1;
	const msgqipc_v2 *v2; /* NULL in a V1 api */
};

/*
 * The one member of a context that is public, and its first: the API it was
 * made with.
 */
static inline const msgqipc_api *msgqipc_ctx_api(const msgqipc_ctx *ctx)
{
	return *(const msgqipc_api *const *)ctx;
}

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
