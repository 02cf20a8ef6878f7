/* SPDX-License-Identifier: MIT */
/*
 * Queues in a program whose loop is io_uring's.
 *
 *   uring_server 100 3                  serves the queues 100, 101 and 102
 *   echo hello | msgqctl send 101       prints "101: hello"
 *
 * One poll for all queues, submitted once: multishot. Ends when every queue
 * has had the end of a stream, or at Ctrl-C. Needs Linux 5.13, and a system
 * that lets its users have io_uring.
 */
#include <liburing.h>
#include <msgqipc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n%s\n", what, msgqipc_strerror(msgqipc_get_error()),
		msgqipc_error_detail());
	exit(1);
}

static void die_of_ring(int error)
{
	fprintf(stderr, "io_uring is not there: %s\n", strerror(-error));
	exit(1);
}

/* The descriptor is what a completion is known by. */
static void watch(struct io_uring *ring, int fd)
{
	struct io_uring_sqe *entry = io_uring_get_sqe(ring);
	int submitted;

	io_uring_prep_poll_multishot(entry, fd, POLLIN);
	entry->user_data = (unsigned long)fd;
	submitted = io_uring_submit(ring);
	if (submitted < 0)
		die_of_ring(submitted);
}

/* Returns how many streams ended. */
static int serve(msgqipc_ctx *ctx, const msgqipc_event *event)
{
	char text[64];
	ssize_t len;

	/* Some messages only, for the sake of the other queues. */
	for (int i = 0; i < 32; i++) {
		len = msgqipc_recv(ctx, event->queue, text, sizeof(text));
		if (len < 0)
			return 0;
		if (len == 0)
			return 1;
		printf("%llu: %.*s\n", (unsigned long long)event->cookie,
		       text[len - 1] == '\n' ? (int)len - 1 : (int)len, text);
	}
	return 0;
}

static void run(msgqipc_ctx *ctx, struct io_uring *ring, int signals, int streams)
{
	msgqipc_event events[16];

	while (streams > 0) {
		int count = msgqipc_get_events(ctx, events, 16), error, fd;
		struct io_uring_cqe *done;

		if (count < 0)
			die("get_events");
		for (int i = 0; i < count; i++)
			if (events[i].type == MSGQIPC_EVT_CANRECV)
				streams -= serve(ctx, &events[i]);
		if (count)
			continue;
		fflush(stdout);
		/* From here on, what comes completes the poll, once for each ARM. */
		if (msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_ARM, 0, NULL))
			die("ARM");
		error = io_uring_wait_cqe(ring, &done);
		if (error == -EINTR)
			continue;
		if (error || done->res < 0)
			die_of_ring(error ? error : done->res);
		fd = (int)done->user_data;
		/* A full completion queue ends a multishot. */
		if (!(done->flags & IORING_CQE_F_MORE))
			watch(ring, fd);
		io_uring_cqe_seen(ring, done);
		if (fd == signals)
			return;
	}
}

int main(int argc, char **argv)
{
	unsigned long first = argc == 3 ? strtoul(argv[1], NULL, 0) : 0;
	int count = argc == 3 ? atoi(argv[2]) : 0, fd, signals, error;
	struct io_uring ring;
	msgqipc_ctx *ctx;
	sigset_t set;

	if (!first || count < 1) {
		fprintf(stderr, "usage: %s KEY COUNT\n", argv[0]);
		return 2;
	}
	error = io_uring_queue_init(16, &ring, 0);
	if (error)
		die_of_ring(error);
	ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
	if (!ctx)
		die("no context");
	if (msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_GET_FD, 0, &fd))
		die("GET_FD");
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	watch(&ring, fd);
	watch(&ring, signals);
	for (int i = 0; i < count; i++) {
		msgqipc_key key = first + (unsigned long)i;
		msgqipc_queue *queue = msgqipc_create(ctx, key, NULL, 64, key, 0);

		if (!queue || msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, NULL) ||
		    msgqipc_activate(ctx, queue))
			die("queue");
	}
	run(ctx, &ring, signals, count);
	/* Its poll holds the descriptor: the ring goes first. */
	io_uring_queue_exit(&ring);
	return msgqipc_destroy(ctx);
}
