/* SPDX-License-Identifier: MIT */
/*
 * One thread, many queues, and something else to wait for.
 *
 *   epoll_server 100 3                  serves the queues 100, 101 and 102
 *   echo hello | msgqctl send 101       prints "101: hello"
 *
 * Ends when every queue has had the end of a stream, or at Ctrl-C: the signal
 * comes by a descriptor of its own, as sockets and timers would.
 */
#include <msgqipc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n%s\n", what, msgqipc_strerror(msgqipc_get_error()),
		msgqipc_error_detail());
	exit(1);
}

/* Returns how many streams ended. */
static int serve(msgqipc_ctx *ctx, const msgqipc_event *event)
{
	char text[64];
	ssize_t len;

	/*
	 * Some messages only, or a busy queue would keep the others waiting:
	 * the event is told again while there are more.
	 */
	for (int i = 0; i < 32; i++) {
		len = msgqipc_recv(ctx, event->queue, text, sizeof(text));
		if (len < 0)
			return 0;
		if (len == 0)
			return 1;
		/* The cookie says which queue it is without a search. */
		printf("%llu: %.*s\n", (unsigned long long)event->cookie,
		       text[len - 1] == '\n' ? (int)len - 1 : (int)len, text);
	}
	return 0;
}

static int run(msgqipc_ctx *ctx, int epoll, int signals, int streams)
{
	msgqipc_event events[16];
	struct epoll_event ready;

	while (streams > 0) {
		int count = msgqipc_get_events(ctx, events, 16);

		if (count < 0)
			die("get_events");
		for (int i = 0; i < count; i++)
			if (events[i].type == MSGQIPC_EVT_CANRECV)
				streams -= serve(ctx, &events[i]);
		/* With something in hand, look again: sleeping is what costs. */
		if (count)
			continue;
		fflush(stdout);
		/*
		 * What came since get_events() makes the descriptor readable
		 * just as what comes later does: nothing is slept through.
		 */
		if (msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_ARM, 0, NULL))
			die("ARM");
		if (epoll_wait(epoll, &ready, 1, -1) == 1 && ready.data.fd == signals)
			return 0;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long first = argc == 3 ? strtoul(argv[1], NULL, 0) : 0;
	int count = argc == 3 ? atoi(argv[2]) : 0;
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
	int epoll = epoll_create1(EPOLL_CLOEXEC), fd, signals;
	sigset_t set;

	if (!first || count < 1) {
		fprintf(stderr, "usage: %s KEY COUNT\n", argv[0]);
		return 2;
	}
	if (!ctx)
		die("no context");
	if (msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_GET_FD, 0, &fd))
		die("GET_FD");
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	/* One descriptor for the context, however many queues it has. */
	for (int i = 0; i < 2; i++) {
		struct epoll_event in = { .events = EPOLLIN, .data.fd = i ? fd : signals };

		epoll_ctl(epoll, EPOLL_CTL_ADD, in.data.fd, &in);
	}
	for (int i = 0; i < count; i++) {
		msgqipc_key key = first + (unsigned long)i;
		msgqipc_queue *queue = msgqipc_create(ctx, key, NULL, 64, key, 0);

		/* Empty queues are to be left alone, not waited for in recv. */
		if (!queue || msgqipc_ctl(ctx, queue, MSGQIPC_CTL_NONBLOCK, 1, NULL) ||
		    msgqipc_activate(ctx, queue))
			die("queue");
	}
	run(ctx, epoll, signals, count);
	return msgqipc_destroy(ctx);
}
