// SPDX-License-Identifier: MIT
#include "bells.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <msgqipc.h>

#include "host.h"
#include "refusal.h"
#include "ringer.h"
#include "thread.h"
#include "wire.h"

namespace msgq
{

/* What an edge is of: one of these, or the queue of that handle. */
constexpr uint64_t OWN = UINT64_MAX, DAEMON = UINT64_MAX - 1;

static msgq_ringer ringer;

void bells_init(Bells *bells)
{
	bells->epoll = bells->own = bells->timer = bells->daemon = -1;
	chain_init(&bells->given);
}

void bells_close(Bells *bells)
{
	int *const all[] = { &bells->epoll, &bells->own, &bells->timer, &bells->daemon };

	for (int *one : all) {
		const int fd = *one;

		*one = -1;
		if (fd >= 0)
			close(fd);
	}
}

void bells_abandon(Bells *bells)
{
	for (const Link *one = bells->given.next; one != &bells->given; one = one->next)
		close(bell_of(one)->fd);
	bells_close(bells);
}

void bells_in_child()
{
	msgq_ringer_abandon(&ringer);
}

static int fail_descriptors()
{
	return fail(MSGQIPC_ERR_NORES,
		    "no descriptor is left, and each queue that events are told of takes one: "
		    "raise the limit (ulimit -n)");
}

/* A bell from the daemon; -1 with the thread's error set. */
static int ask(Host *host, uint32_t handle)
{
	msgq_handle request = {};
	int bell, error;

	request.handle = handle;
	error = host->kind->request(host, MSGQ_WIRE_BELL, &request);
	if (error && request.refusal.why == MSGQ_WHY_MEMORY)
		return fail(MSGQIPC_ERR_NORES,
			    "msgqd has no descriptor left: raise its limit (ulimit -n)");
	if (error)
		return fail_refused(error, request.refusal);
	bell = host_take_area(host, 0);
	return bell < 0 ? fail_descriptors() : bell;
}

static int watch(Bells *bells, int fd, uint64_t what)
{
	epoll_event event = {};

	event.events = EPOLLIN | EPOLLET;
	event.data.u64 = what;
	if (fd >= 0 && !epoll_ctl(bells->epoll, EPOLL_CTL_ADD, fd, &event))
		return 0;
	if (errno == ENOSPC)
		return fail(MSGQIPC_ERR_NORES, "fs.epoll.max_user_watches is reached");
	return fail_descriptors();
}

static int open_all(Host *host)
{
	Bells *bells = &host->bells;

	if (bells->epoll >= 0)
		return 0;
	{
		HostsHeld held;

		bells->epoll = epoll_create1(EPOLL_CLOEXEC);
		bells->own = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		bells->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	}
	bells->daemon = bells->epoll < 0 ? fail_descriptors() : ask(host, 0);
	if (bells->daemon < 0 || watch(bells, bells->own, OWN) || watch(bells, bells->timer, OWN) ||
	    watch(bells, bells->daemon, DAEMON)) {
		bells_close(bells);
		return -1;
	}
	return 0;
}

int bells_descriptor(Host *host, int *fd)
{
	if (open_all(host))
		return -1;
	*fd = host->bells.epoll;
	return 0;
}

int bells_arm(Host *host, uint32_t handle, Bell *bell)
{
	int fd;

	if (bell->fd >= 0)
		return 0;
	if (open_all(host))
		return -1;
	fd = ask(host, handle);
	if (fd < 0)
		return -1;
	if (watch(&host->bells, fd, handle)) {
		close(fd);
		return -1;
	}
	bell_keep(bell, fd, &host->bells.given);
	return 0;
}

void bells_disarm(Host *host, Bell *bell)
{
	epoll_event ignored = {};

	if (bell->fd < 0)
		return;
	/* Closing does not take it off: the senders have it open as well. */
	epoll_ctl(host->bells.epoll, EPOLL_CTL_DEL, bell->fd, &ignored);
	bell_drop(bell);
}

/* The edges since the last look; @events->count becomes how many are of queues. */
static void take_edges(Bells *bells, msgq_events *events, uint32_t room)
{
	epoll_event edge[MSGQ_EVENTS_MAX];
	int count;

	events->count = 0;
	do {
		count = epoll_wait(bells->epoll, edge, (int)(room - events->count), 0);
		for (int i = 0; i < count; i++) {
			msgq_event *event = &events->event[events->count];

			if (edge[i].data.u64 == OWN)
				continue;
			if (edge[i].data.u64 == DAEMON) {
				bells->rung = true;
				continue;
			}
			event->type = MSGQ_EVENT_FIRED;
			event->handle = (uint32_t)edge[i].data.u64;
			events->count++;
		}
	} while (count > 0 && events->count < room);
}

int bells_events(Host *host, msgq_events *events)
{
	uint32_t room = events->count < MSGQ_EVENTS_MAX ? events->count : MSGQ_EVENTS_MAX;
	Bells *bells = &host->bells;

	if (open_all(host))
		return -1;
	if (!room) {
		events->more = 1;
		return 0;
	}
	take_edges(bells, events, room);
	if (bells->rung && events->count < room) {
		msgq_events rest = {};

		rest.count = room - events->count;
		rest.flags = events->flags;
		if (host_request(host, MSGQ_IOC_EVENTS, &rest))
			return -1;
		if (rest.count > room - events->count)
			rest.count = room - events->count;
		memcpy(&events->event[events->count], rest.event,
		       rest.count * sizeof(rest.event[0]));
		events->count += rest.count;
		bells->rung = rest.more;
	}
	events->more = bells->rung;
	return 0;
}

int bells_kick(Host *host, uint32_t flags, int64_t delay_ns)
{
	itimerspec later = {};

	if (open_all(host))
		return -1;
	if (flags & MSGQ_KICK_WATCH) {
		msgq_kick request = {};

		request.flags = MSGQ_KICK_WATCH;
		if (host_request(host, MSGQ_IOC_KICK, &request))
			return -1;
	}
	if (flags & MSGQ_KICK_NOW)
		eventfd_write(host->bells.own, 1);
	later.it_value.tv_sec = delay_ns / 1'000'000'000;
	later.it_value.tv_nsec = delay_ns % 1'000'000'000;
	if (delay_ns)
		timerfd_settime(host->bells.timer, 0, &later, nullptr);
	return 0;
}

bool bells_ring(Host *host, uint32_t handle, Bell *bell)
{
	if (bell->fd < 0) {
		int fd = ask(host, handle);

		if (fd < 0)
			return false;
		bell_keep(bell, fd, &host->bells.given);
	}
	msgq_ringer_ring(&ringer, bell->fd);
	return true;
}

} // namespace msgq
