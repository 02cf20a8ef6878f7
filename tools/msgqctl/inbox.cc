// SPDX-License-Identifier: MIT
#include "inbox.h"

#include "notation.h"
#include "patience.h"
#include "signals.h"

/*
 * Polls of an empty queue before its sink may spend time on writing, and
 * before going to sleep. A sender in full flow is never silent for as long
 * as the first, a partner that answers seldom as long as the second.
 */
constexpr unsigned polls_to_idle = 64;
constexpr unsigned polls_to_sleep = 2048;

Inbox::Inbox(Client &client, msgqipc_key key, uint32_t entries, bool force) : client_(client)
{
	queue_ = msgqipc_create(client_.ctx(), key, &addr_, entries, 0,
				force ? 0 : MSGQIPC_CREATE_EXCL);
	if (!queue_)
		throw create_failure(client_, key);
	if (msgqipc_ctl(client_.ctx(), queue_, MSGQIPC_CTL_NONBLOCK, 1, nullptr) ||
	    msgqipc_activate(client_.ctx(), queue_)) {
		Failure failed = failure("cannot activate queue " + print_key(key));

		msgqipc_close(client_.ctx(), queue_, 0);
		throw failed;
	}
}

Inbox::~Inbox()
{
	msgqipc_close(client_.ctx(), queue_, 0);
}

uint64_t Inbox::received() const
{
	auto info = client_.find(addr_);

	return info ? info->received : 0;
}

/* False: there was nothing. */
bool Inbox::receive(Sink &sink, bool &more)
{
	ssize_t length = msgqipc_recv(client_.ctx(), queue_, sink.room(), client_.max_message());

	if (length >= 0) {
		more = sink.take(static_cast<size_t>(length));
		return true;
	}
	int error = msgqipc_get_error();

	/* CANCEL: a signal ended the wait. */
	if (error != MSGQIPC_ERR_NOTFOUND && error != MSGQIPC_ERR_CANCEL)
		throw failure("cannot receive");
	return false;
}

void Inbox::rest(Sink &sink, unsigned &polls)
{
	polls++;
	if (polls == polls_to_idle || (polls == 1 && !may_spin()))
		sink.idle();
	if (polls < polls_to_sleep && may_spin()) {
		pause_briefly();
		return;
	}
	/* The next receive sleeps; the one after it polls again. */
	msgqipc_ctl(client_.ctx(), queue_, MSGQIPC_CTL_NONBLOCK, 0, nullptr);
}

bool Inbox::run(Sink &sink)
{
	unsigned polls = 0;
	bool more = true, asleep = false;

	while (more) {
		if (ticked())
			sink.tick();
		if (stop_asked())
			return drain(sink);

		bool got = receive(sink, more);

		if (asleep)
			msgqipc_ctl(client_.ctx(), queue_, MSGQIPC_CTL_NONBLOCK, 1, nullptr);
		asleep = false;
		if (got) {
			polls = 0;
			continue;
		}
		rest(sink, polls);
		asleep = polls >= polls_to_sleep || !may_spin();
	}
	sink.idle();
	return true;
}

bool Inbox::drain(Sink &sink)
{
	bool more = true;

	msgqipc_ctl(client_.ctx(), queue_, MSGQIPC_CTL_NONBLOCK, 1, nullptr);
	if (msgqipc_deactivate(client_.ctx(), queue_))
		throw failure("cannot deactivate the queue");
	/* A sender may be in the middle of its message; one that is stopped is not waited for. */
	for (int tries = 0; more && tries < 1000; tries++) {
		while (more && receive(sink, more))
			;
		auto info = client_.find(addr_);

		if (!info || !info->depth)
			break;
		nap(1000);
	}
	sink.idle();
	return !more;
}
