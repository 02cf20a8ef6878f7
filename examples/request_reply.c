/* SPDX-License-Identifier: MIT */
/*
 * Requests and replies between two processes.
 *
 *   request_reply server            in one terminal, until Ctrl-C
 *   request_reply client hello      in another: prints HELLO
 *
 * The server has a queue with a name, by which clients find it. A client has a
 * queue without one: its address goes along with each request.
 */
#include <ctype.h>
#include <msgqipc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVER_KEY 0x5e57e4

/* An address is a plain value, and takes 16 of the 64 bytes. */
struct request {
	msgqipc_addr reply_to;
	char text[48];
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n%s\n", what, msgqipc_strerror(msgqipc_get_error()),
		msgqipc_error_detail());
	exit(1);
}

static int serve(msgqipc_ctx *ctx)
{
	struct request request;
	/* A full queue makes senders wait, it loses nothing: so size it for bursts. */
	msgqipc_queue *queue = msgqipc_create(ctx, SERVER_KEY, NULL, 256, 0, 0);
	struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A queue begins inactive, so that nothing comes before all is ready. */
	if (!queue || msgqipc_activate(ctx, queue))
		die("server");
	while (!stopped) {
		ssize_t len = msgqipc_recv(ctx, queue, &request, sizeof(request));

		if (len < 0 && msgqipc_get_error() == MSGQIPC_ERR_CANCEL)
			continue; /* a signal came */
		if (len < 0)
			die("recv");
		/* Anyone with permission can send anything: look at what came. */
		if ((size_t)len < sizeof(request.reply_to))
			continue;
		len -= (ssize_t)sizeof(request.reply_to);
		for (ssize_t i = 0; i < len; i++)
			request.text[i] = (char)toupper((unsigned char)request.text[i]);
		/*
		 * The client may be gone, or not fetch its replies: that is its
		 * problem, and no reason for the others to wait.
		 */
		if (msgqipc_send(ctx, &request.reply_to, request.text, (size_t)len))
			fprintf(stderr, "reply: %s\n", msgqipc_strerror(msgqipc_get_error()));
	}
	return msgqipc_destroy(ctx); /* closes the queue, too */
}

static int ask(msgqipc_ctx *ctx, const char *text)
{
	struct request request;
	msgqipc_named server = { .key = SERVER_KEY };
	size_t len = strlen(text);
	/* One entry is enough for who has one request out at a time. */
	msgqipc_queue *replies =
		msgqipc_create(ctx, MSGQIPC_KEY_PRIVATE, &request.reply_to, 1, 0, 0);
	char reply[64];
	ssize_t got;

	if (!replies || msgqipc_activate(ctx, replies))
		die("client");
	if (msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP, &server))
		die("there is no server");
	if (len > sizeof(request.text))
		len = sizeof(request.text);
	memcpy(request.text, text, len);
	/* RNR is the one error that passes by itself. */
	while (msgqipc_send(ctx, &server.addr, &request, sizeof(request.reply_to) + len))
		if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
			die("send");
	/* The server may die after it has taken the request: do not wait for ever. */
	got = msgqipc_recv_timeout(ctx, replies, reply, sizeof(reply), 5000000000);
	if (got < 0)
		die("reply");
	printf("%.*s\n", (int)got, reply);
	return msgqipc_destroy(ctx);
}

int main(int argc, char **argv)
{
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

	if (!ctx)
		die("no context");
	if (argc == 2 && !strcmp(argv[1], "server"))
		return serve(ctx);
	if (argc == 3 && !strcmp(argv[1], "client"))
		return ask(ctx, argv[2]);
	fprintf(stderr, "usage: %s server | client TEXT\n", argv[0]);
	return 2;
}
