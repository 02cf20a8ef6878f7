/* SPDX-License-Identifier: MIT */
/* The parts that are played in a soak, a process each. */
#ifndef MSGQ_TESTS_SOAK_CAST_H
#define MSGQ_TESTS_SOAK_CAST_H

#include <random>

#include <poll.h>
#include <sched.h>

#include "../api/fixture.h"
#include "../api/message.h"
#include "../api/processes.h"
#include "../hostile/attack.h"
#include "../hostile/honest.h"
#include "scene.h"

namespace soak
{

constexpr int64_t MOMENT_NS = 10000000;

/* ---- the counted queue: its senders are killed ---------------------------- */

inline uint32_t name_of(uint32_t seat, uint64_t life)
{
	return uint32_t(life * SEATS + seat);
}

inline void send_until_killed(Scene &scene, const msgqipc_addr &addr, uint32_t seat, uint64_t life)
{
	api::Context ctx;
	api::Message message;

	for (uint64_t number = 0;;) {
		size_t len = api::compose(message, name_of(seat, life), number);

		if (!msgqipc_send(ctx, &addr, &message, len)) {
			scene.told[seat][life % LIVES] = ++number;
			continue;
		}
		ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_RNR) << msgqipc_error_detail();
		sched_yield();
	}
}

/* What has come of each seat's senders, one life after the other. */
class Counts
{
	const Scene &scene;
	uint64_t life[SEATS], next[SEATS] = {};

public:
	explicit Counts(const Scene &of) : scene(of)
	{
		for (uint32_t seat = 0; seat < SEATS; seat++)
			life[seat] = scene.first[seat];
	}

	/* The life that is seen is over: all that it was told is there, and at most one more. */
	void bury(uint32_t seat)
	{
		uint64_t told = scene.told[seat][life[seat] % LIVES];

		ASSERT_GE(next[seat], told) << "lost, of seat " << seat;
		ASSERT_LE(next[seat], told + 1) << "of seat " << seat;
		life[seat]++;
		next[seat] = 0;
	}

	void take(const api::Message &message, ssize_t len)
	{
		uint32_t seat = message.sender % SEATS;
		uint64_t of = message.sender / SEATS;

		ASSERT_TRUE(api::whole(message, len));
		ASSERT_GE(of, life[seat]) << "late, or twice";
		while (life[seat] < of)
			ASSERT_NO_FATAL_FAILURE(bury(seat));
		ASSERT_EQ(message.number, next[seat]) << "of life " << of;
		next[seat]++;
	}
};

inline void receive_counted(api::Line &up, Scene &scene)
{
	api::Context ctx;
	api::Queue queue(ctx, 64);
	api::Message message;
	Counts counts(scene);

	up.say(queue.addr);
	for (bool last = false;;) {
		ssize_t len =
			msgqipc_recv_timeout(ctx, queue, &message, sizeof(message), MOMENT_NS);

		if (len < 0) {
			ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
			if (last)
				break;
			last = scene.over;
			continue;
		}
		ASSERT_NO_FATAL_FAILURE(counts.take(message, len));
		scene.progress[COUNTED]++;
	}
	for (uint32_t seat = 0; seat < SEATS; seat++)
		ASSERT_NO_FATAL_FAILURE(counts.bury(seat));
}

/* ---- the cancelled queue ---------------------------------------------------- */

inline bool send_number(msgqipc_ctx *ctx, const msgqipc_addr &addr, uint64_t number)
{
	api::Message message;
	size_t len = api::compose(message, 0, number);

	while (msgqipc_send(ctx, &addr, &message, len)) {
		if (msgqipc_get_error() != MSGQIPC_ERR_RNR)
			return false;
		sched_yield();
	}
	return true;
}

/* Takes back every other bunch; of the others all have to arrive. */
inline void send_and_cancel(Scene &scene, const msgqipc_addr &addr)
{
	Done done(scene.cancelled.done);
	std::mt19937_64 random(1);
	api::Context ctx;
	uint64_t number = 0;

	for (bool cancel = true; !scene.over; cancel = !cancel) {
		for (uint64_t some = random() % 40; some; some--) {
			ASSERT_TRUE(send_number(ctx, addr, number)) << msgqipc_error_detail();
			scene.cancelled.sent = ++number;
		}
		if (cancel) {
			scene.cancelling = number;
			ASSERT_SUCC(msgqipc_cancel(ctx, &addr));
			scene.taken = number;
			continue;
		}
		/* The receiver ends only when told that this did. */
		while (number > scene.taken && scene.cancelled.received < number)
			sched_yield();
	}
}

inline void receive_cancelled(api::Line &up, Scene &scene)
{
	api::Context ctx;
	api::Queue queue(ctx, 32);
	api::Message message;
	uint64_t next = 0;

	up.say(queue.addr);
	for (bool last = false;;) {
		uint64_t taken = scene.taken;
		ssize_t len =
			msgqipc_recv_timeout(ctx, queue, &message, sizeof(message), MOMENT_NS);

		if (len < 0) {
			ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
			if (last)
				break;
			last = scene.cancelled.done;
			continue;
		}
		ASSERT_TRUE(api::whole(message, len));
		ASSERT_GE(message.number, taken) << "received and cancelled";
		ASSERT_GE(message.number, next) << "late, or twice";
		if (message.number > next) {
			ASSERT_LE(message.number, scene.cancelling) << "lost, from " << next;
		}
		next = message.number + 1;
		scene.cancelled.received = next;
		scene.progress[CANCELLED]++;
	}
}

/* ---- the switched queue: it opens and closes, and both sides wait by events -- */

inline void sleep_on(msgqipc_ctx *ctx)
{
	msgqipc_event events[4];
	pollfd waiting = { -1, POLLIN, 0 };

	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_FD, 0, &waiting.fd));
	EXPECT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr));
	poll(&waiting, 1, 10);
	EXPECT_GE(msgqipc_get_events(ctx, events, 4), 0);
}

inline void send_switched(Scene &scene, const msgqipc_addr &addr)
{
	Done done(scene.switched.done);
	api::Context ctx;
	msgqipc_addr copy = addr;
	api::Message message;

	ASSERT_SUCC(msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &copy));
	for (uint64_t number = 0; !scene.over;) {
		size_t len = api::compose(message, 0, number);

		if (!msgqipc_send(ctx, &addr, &message, len)) {
			scene.switched.sent = ++number;
			continue;
		}
		ASSERT_TRUE(hostile::one_of(msgqipc_get_error(),
					    { MSGQIPC_ERR_RNR, MSGQIPC_ERR_INACTIVE }))
			<< msgqipc_strerror(msgqipc_get_error());
		sleep_on(ctx);
	}
}

inline void receive_switched(api::Line &up, Scene &scene)
{
	std::mt19937_64 random(2);
	api::Context ctx;
	api::Queue queue(ctx, 8);
	api::Message message;
	uint64_t next = 0;
	const auto drain = [&] {
		ssize_t len;

		while ((len = msgqipc_recv(ctx, queue, &message, sizeof(message))) >= 0) {
			ASSERT_TRUE(api::whole(message, len));
			ASSERT_EQ(message.number, next++);
			scene.progress[SWITCHED]++;
		}
		ASSERT_EQ(msgqipc_get_error(), MSGQIPC_ERR_NOTFOUND);
	};

	up.say(queue.addr);
	while (!scene.switched.done) {
		ASSERT_NO_FATAL_FAILURE(drain());
		if (random() % 8) {
			sleep_on(ctx);
			continue;
		}
		ASSERT_SUCC(msgqipc_deactivate(ctx, queue));
		ASSERT_NO_FATAL_FAILURE(drain());
		uint64_t shut = next;
		usleep(unsigned(random() % 500));
		ASSERT_NO_FATAL_FAILURE(drain());
		// One may have been let in before, and its sender stopped in the middle.
		ASSERT_LE(next, shut + 1) << "it took a message while it was inactive";
		ASSERT_SUCC(msgqipc_activate(ctx, queue));
	}
	ASSERT_NO_FATAL_FAILURE(drain());
	ASSERT_EQ(next, scene.switched.sent);
}

/* ---- the attacked queue, and the strangers ----------------------------------- */

inline void receive_attacked(api::Line &up, Scene &scene)
{
	api::Context ctx;
	hostile::Owned owned(ctx, 100, scene.attacked);

	up.say(owned.queue().addr);
	for (uint64_t round = 0; !scene.over; round++) {
		if (round % 64 == 0)
			hostile::bound();
		ASSERT_NO_FATAL_FAILURE(hostile::receive_bravely(owned, round));
		scene.progress[ATTACKED]++;
	}
	ASSERT_SUCC(msgqipc_close(ctx, owned.queue(), 0));
}

/* Until it is killed, and the namespace with it. */
inline void live_in_a_namespace()
{
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	api::Context receiver, sender;
	msgqipc_addr found;
	char msg[64];

	for (;;) {
		api::Queue queue(receiver, 4, 1);

		ASSERT_SUCC(api::lookup(sender, 1, &found));
		for (int each = 0; each < 20; each++) {
			ASSERT_SUCC(msgqipc_send(sender, &found, &each, sizeof(each)));
			ASSERT_EQ(msgqipc_recv(receiver, queue, msg, sizeof(msg)), 4);
			ASSERT_EQ(memcmp(msg, &each, sizeof(each)), 0);
		}
		ASSERT_SUCC(msgqipc_close(receiver, queue, 0));
		ASSERT_ERR(NOTFOUND, msgqipc_send(sender, &found, "x", 1));
	}
}

} // namespace soak

#endif
