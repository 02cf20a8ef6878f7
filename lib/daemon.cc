// SPDX-License-Identifier: MIT
/* msgqd, behind a socket. Sleeping and waking do without it. */
#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <msgqipc.h>

#include <msgq/keeper.h>

#include "clock.h"
#include "exchange.h"
#include "host.h"
#include "hosts.h"
#include "place.h"
#include "thread.h"
#include "wire.h"

namespace msgq
{

/* The same as the module's, and for the same reasons: see kmod/wait.c. */
constexpr int64_t RECHECK_NS = 100'000'000;
constexpr int64_t NAP_FIRST_NS = 20'000;
constexpr int64_t NAP_LAST_NS = 5'000'000;

/* Returns 0, or errno. */
static int connect_to(Host *host, const char *path)
{
	sockaddr_un address = {};
	int fd, error = 0;

	address.sun_family = AF_UNIX;
	static_assert(sizeof(host->path) == sizeof(address.sun_path));
	memcpy(host->path, path, strlen(path) + 1);
	memcpy(address.sun_path, path, strlen(path));
	{
		HostsHeld held;

		fd = host->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	}
	if (fd < 0)
		return errno;
	/* Of a daemon that has much to do it waits, and nothing is begun by then. */
	do {
		if (!connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof(address)))
			return 0;
		error = errno;
	} while (error == EINTR);
	host->fd = -1;
	close(fd);
	return error;
}

static bool nobody_listens(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ECONNREFUSED || error == EPROTOTYPE;
}

/* Of a directory that is not to be entered: as XDG_RUNTIME_DIR is after su. */
static bool of_another_user(const char *path, int error)
{
	return error == EACCES && access(path, F_OK) && errno == EACCES;
}

static int fail_connect(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return fail(MSGQIPC_ERR_ACCES,
			    "msgqd may not be connected to: ask for the group that its socket is "
			    "of, or start it with another --mode");
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ENOBUFS:
		return fail(
			MSGQIPC_ERR_NORES,
			"no descriptor or memory is left to connect to msgqd, errno %llu: raise "
			"the limit (ulimit -n)",
			(uint64_t)error);
	default:
		return fail(MSGQIPC_ERR_FAILURE, "msgqd could not be connected to, errno %llu",
			    (uint64_t)error);
	}
}

static int open_named(Host *host, const char *path)
{
	int error;

	if (!*path || strlen(path) >= PATH_SIZE)
		return fail(MSGQIPC_ERR_NOTFOUND,
			    MSGQ_WIRE_SOCKET_VARIABLE " is a path of %llu bytes; accepted: 1 to "
						      "%llu, as addresses of sockets are",
			    strlen(path), PATH_SIZE - 1);
	error = connect_to(host, path);
	if (!error)
		return 0;
	if (nobody_listens(error))
		return fail(MSGQIPC_ERR_NOTFOUND,
			    MSGQ_WIRE_SOCKET_VARIABLE
			    " is set, but no msgqd listens there: start it, or unset the variable "
			    "(errno %llu)",
			    (uint64_t)error);
	return fail_connect(error);
}

static int daemon_open(Host *host)
{
	const char *named = place_named();
	char path[PATH_SIZE];
	int length, refused = 0;

	if (named)
		return open_named(host, named);
	for (unsigned i = 0; (length = place(i, path, sizeof(path))) >= 0; i++) {
		int error;

		if ((size_t)length >= sizeof(path))
			continue;
		error = connect_to(host, path);
		if (!error)
			return 0;
		if (!refused && !nobody_listens(error) && !of_another_user(path, error))
			refused = error;
	}
	return refused ? fail_connect(refused) : fail(MSGQIPC_ERR_NOTFOUND);
}

/*
 * A receiver's half of cancelling leaves the barrier to whoever cancels: msgqd,
 * which reaches only processes that have asked for it (tools/msgqd/fence.c). A
 * kernel too old to be asked reaches them all. Again for each queue: it costs
 * next to nothing, and a forked child asks for itself.
 */
static int register_receiver()
{
	if (!syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0))
		return 0;
	return errno == EINVAL ? 0 : ENOSYS;
}

static int daemon_request(Host *host, unsigned long command, void *request)
{
	int error = command == MSGQ_IOC_CREATE ? register_receiver() : 0;

	return error ? error : exchange(host, command, request);
}

static void *daemon_map(Host *host, int area, const msgq_area *where, int rights)
{
	int fd = host_take_area(host, area);
	void *base = MAP_FAILED;
	struct stat memory;
	int error = EPROTO;

	/* Beyond its end a touch would be a signal. */
	if (!fstat(fd, &memory) && (uint64_t)memory.st_size >= where->size) {
		base = mmap(nullptr, where->size, rights, MAP_SHARED | MAP_POPULATE, fd, 0);
		error = errno;
	}
	if (base != MAP_FAILED)
		madvise(base, where->size, MADV_DONTFORK);
	if (fd >= 0)
		close(fd);
	errno = error;
	return base;
}

/* A futex is 32 bits: the half of the word with state and flags. */
static __u32 *low_half(__u64 *word)
{
	return reinterpret_cast<__u32 *>(word) + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* -1 for a signal, or when no time is left; else 0. */
static int sleep_on(__u64 *word, __u32 expected, int64_t ns, int64_t left_ns)
{
	timespec nap = { 0, ns < left_ns ? ns : left_ns };

	if (left_ns <= 0)
		return fail(MSGQIPC_ERR_NOTFOUND, "nothing came in that time");
	if (syscall(SYS_futex, low_half(word), FUTEX_WAIT, expected, &nap, nullptr, 0) &&
	    errno == EINTR)
		return fail(MSGQIPC_ERR_CANCEL, "a signal ended the wait");
	return 0;
}

static int daemon_wait(Host *, uint32_t, const msgq_ring *ring, int64_t timeout_ns)
{
	const int64_t deadline_ns = deadline(timeout_ns);
	int64_t nap_ns = NAP_FIRST_NS;

	for (;;) {
		int64_t left_ns = deadline_ns - clock_ns();
		msgq_pos head = msgq_pos_at(ring, msgq_load(&ring->consumer->head));
		__u64 *word = &ring->slot[head.index].word;
		__u64 armed;

		switch (msgq_keeper_arm(ring)) {
		case MSGQ_KEEP_READY:
			return 0;
		case MSGQ_KEEP_BROKEN:
			return fail(MSGQIPC_ERR_FAILURE,
				    "a sender has scribbled over the queue's ring");
		case MSGQ_KEPT:
			/*
			 * Whoever claims swaps the word, so that the kernel finds
			 * another one than this and does not let us sleep.
			 */
			armed = msgq_load_acquire(word);
			if (!(armed & MSGQ_WORD_ARMED))
				break;
			if (sleep_on(word, (__u32)armed, RECHECK_NS, left_ns))
				return -1;
			break;
		case MSGQ_KEEP_PENDING:
			if (sleep_on(word, (__u32)msgq_load(word), nap_ns, left_ns))
				return -1;
			nap_ns = nap_ns < NAP_LAST_NS ? nap_ns * 2 : NAP_LAST_NS;
			break;
		}
	}
}

/*
 * What the owner does is in its page before it arms the word that the claim
 * has swapped. Only who but polls is not to be looked for in the kernel.
 */
static void daemon_wake(Host *host, uint32_t handle, const msgq_sender *sender, Bell *bell)
{
	__u64 sleeps = msgq_load(&sender->ring.consumer->sleeps);
	msgq_handle target = {};

	if (sleeps != MSGQ_SLEEPS_ARMED)
		syscall(SYS_futex, low_half(msgq_sender_word(sender)), FUTEX_WAKE, 1, nullptr,
			nullptr, 0);
	if (!(sleeps & MSGQ_SLEEPS_ARMED) || bells_ring(host, handle, bell))
		return;
	target.handle = handle;
	daemon_request(host, MSGQ_IOC_WAKE, &target);
}

const HostKind daemon = {
	.code = MSGQIPC_HOST_DAEMON,
	.open = daemon_open,
	.request = daemon_request,
	.map = daemon_map,
	.wait = daemon_wait,
	.wake = daemon_wake,
	.descriptor = bells_descriptor,
	.arm = bells_arm,
	.disarm = bells_disarm,
	.events = bells_events,
	.kick = bells_kick,
};

} // namespace msgq
