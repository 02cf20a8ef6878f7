// SPDX-License-Identifier: MIT
#include "outbox.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "notation.h"
#include "signals.h"

static std::string queue_name(msgqipc_key key)
{
	return "queue " + print_key(key);
}

Outbox::Outbox(Client &client, msgqipc_key key, const Options &options)
    : client_(client), key_(key), meter_("sent: ", options.progress), pace_(options.rate),
      progress_(options.progress)
{
	open(options.wait);
}

bool Outbox::try_open(Failure &failed)
{
	msgqipc_named named{};

	named.key = key_;
	if (msgqipc_ctl(client_.ctx(), nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LOOKUP,
			&named)) {
		Refusal refusal = last_refusal();

		failed = failure("cannot find " + queue_name(key_), refusal);
		if (refusal.error == MSGQIPC_ERR_NOTFOUND)
			failed.text = "no queue has the key " + print_key(key_) +
				      "\nStart 'msgqctl recv " + print_key(key_) +
				      "' first, or give --wait SECONDS; 'msgqctl list' shows\n"
				      "which queues there are.";
		return false;
	}
	addr_ = named.addr;
	/* Tells what a send would meet, so that nothing is read that cannot be sent. */
	if (!msgqipc_poke(client_.ctx(), &addr_))
		return true;

	Refusal refusal = last_refusal();

	if (refusal.error == MSGQIPC_ERR_RNR || refusal.error == MSGQIPC_ERR_NOTSUPP)
		return true;
	failed = failure("cannot send to " + queue_name(key_), refusal);
	if (refusal.error == MSGQIPC_ERR_INACTIVE)
		failed.text += "\nIts owner has not activated it, or has deactivated it; "
			       "--wait SECONDS waits.";
	return false;
}

void Outbox::open(uint64_t seconds)
{
	using namespace std::chrono;
	auto until = steady_clock::now() + std::chrono::seconds(seconds);
	Failure failed;

	while (!try_open(failed)) {
		if (failed.status != Exit::NoQueue || steady_clock::now() >= until)
			throw failed;
		attend();
		nap(10000);
	}
}

std::string Outbox::sent() const
{
	return print_many(meter_.messages(), "message") + " (" + print_bytes(meter_.bytes()) +
	       ") got there";
}

void Outbox::attend()
{
	if (ticked())
		meter_.tick();
	if (int number = stop_asked()) {
		meter_.leave();
		throw Failure{ Exit::Signal,
			       std::string("stopped (") + strsignal(number) + "): " + sent() +
				       ", no end of stream was sent",
			       number };
	}
}

void Outbox::send_anyhow(const void *message, size_t length)
{
	Patience patience;

	while (msgqipc_send(client_.ctx(), &addr_, message, length)) {
		Refusal refusal{ msgqipc_get_error(), "" };

		if (refusal.error == MSGQIPC_ERR_RNR) {
			attend();
			patience.wait();
			continue;
		}

		refusal = last_refusal();
		meter_.leave();
		Failure failed = failure("cannot send to " + queue_name(key_), refusal);

		if (refusal.error == MSGQIPC_ERR_NOTFOUND)
			failed.text = queue_name(key_) + " is gone: its receiver ended";
		throw Failure{ failed.status, failed.text + "; " + sent() };
	}
}

void Outbox::send(const void *message, size_t length)
{
	pace_.wait();
	attend();
	send_anyhow(message, length);
	meter_.add(length);
}

void Outbox::send_end()
{
	send_anyhow("", 0);
}

void Outbox::finish()
{
	meter_.leave();
	if (progress_)
		fprintf(stderr, "sent: %s\n", meter_.total().c_str());
}
