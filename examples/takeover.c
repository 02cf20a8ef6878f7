/* SPDX-License-Identifier: MIT */
/*
 * A server that is replaced while it is in use.
 *
 *   takeover server old         in one terminal
 *   takeover client 100000      in another: counts what it sends
 *   takeover server new         in a third, while the client runs
 *
 * The new server takes the name. The old one sees that, lets nothing more in,
 * does what it had accepted, and ends. The client sees that its address has
 * had its time, and looks the name up again. No message is lost.
 */
#include <msgqipc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY 0x7a4e04e4
#define SECOND 1000000000ll

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n%s\n", what, msgqipc_strerror(msgqipc_get_error()),
		msgqipc_error_detail());
	exit(1);
}

static int lookup(msgqipc_ctx *ctx, msgqipc_addr *addr)
{
	msgqipc_named named = { .key = KEY };
	int result = msgqipc_ctl(ctx, NULL, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP, &named);

	*addr = named.addr;
	return result;
}

static int serve(msgqipc_ctx *ctx, const char *name)
{
	msgqipc_addr own, current;
	unsigned long count = 0;
	unsigned number;
	/* Without MSGQIPC_CREATE_EXCL: the name moves here, if it was elsewhere. */
	msgqipc_queue *queue = msgqipc_create(ctx, KEY, &own, 64, 0, 0);

	/*
	 * Between these two calls clients find this queue, and find it inactive:
	 * they try again. Who wants no such gap activates a private queue first,
	 * and tells its address to those who ask the named one.
	 */
	if (!queue || msgqipc_activate(ctx, queue))
		die(name);
	printf("%s: ready\n", name);
	fflush(stdout);
	for (;;) {
		/* Now and then is often enough to look whether we are still it. */
		while (msgqipc_recv_timeout(ctx, queue, &number, sizeof(number), SECOND / 5) >= 0)
			if (++count % 1000 == 0)
				break;
		/* NOTFOUND: the name was unlinked, or the new server is gone again. */
		if (lookup(ctx, &current) || memcmp(&current, &own, sizeof(own)))
			break;
	}
	/* From here on the client is told INACTIVE, and goes where the name is. */
	if (msgqipc_deactivate(ctx, queue))
		die("deactivate");
	/* A send that was under way has a moment to finish. */
	while (msgqipc_recv_timeout(ctx, queue, &number, sizeof(number), SECOND / 5) >= 0)
		count++;
	printf("%s: taken over after %lu messages\n", name, count);
	return msgqipc_destroy(ctx);
}

static int flood(msgqipc_ctx *ctx, unsigned long count)
{
	msgqipc_addr server;
	unsigned long moves = 0;

	if (lookup(ctx, &server))
		die("there is no server");
	for (unsigned number = 0; number < count;) {
		if (!msgqipc_send(ctx, &server, &number, sizeof(number))) {
			number++; /* it is in a queue, whose owner will see to it */
			continue;
		}
		switch (msgqipc_get_error()) {
		case MSGQIPC_ERR_RNR: /* full: the server is behind */
			break;
		case MSGQIPC_ERR_INACTIVE: /* on its way out, or not ready yet */
		case MSGQIPC_ERR_NOTFOUND: /* gone */
			/* The message was not taken by the old: the new one gets it. */
			if (lookup(ctx, &server))
				die("no server takes over");
			moves++;
			break;
		default:
			die("send");
		}
	}
	printf("sent %lu messages; looked the name up again %s\n", count,
	       moves ? "on the way" : "never");
	return msgqipc_destroy(ctx);
}

int main(int argc, char **argv)
{
	msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

	if (!ctx)
		die("no context");
	if (argc == 3 && !strcmp(argv[1], "server"))
		return serve(ctx, argv[2]);
	if (argc == 3 && !strcmp(argv[1], "client"))
		return flood(ctx, strtoul(argv[2], NULL, 10));
	fprintf(stderr, "usage: %s server NAME | client COUNT\n", argv[0]);
	return 2;
}
