// SPDX-License-Identifier: MIT
#include "server.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "must.h"

namespace
{

/* What an event is of: one of these, or the client of that number. */
constexpr uint64_t LISTENER = 0, SIGNALS = 1, DEATHS = 2, FIRST_CLIENT = 3;

/* For how long nobody is accepted where nobody can be. */
constexpr int DEAF_MS = 100;

} // namespace

Server::Server(Listener listener) : listener_(std::move(listener)), next_(FIRST_CLIENT)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	must(sigprocmask(SIG_BLOCK, &signals, nullptr), "sigprocmask");
	signals_ = Descriptor(must(signalfd(-1, &signals, SFD_CLOEXEC), "signalfd"));

	events_ = Descriptor(must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
	deaths_ = Descriptor(must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
	spare_ = Descriptor(must(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
	if (!watch(events_, listener_.get(), LISTENER) ||
	    !watch(events_, signals_.get(), SIGNALS) || !watch(events_, deaths_.get(), DEATHS))
		must(-1, "epoll_ctl");
}

bool Server::watch(const Descriptor &events, int fd, uint64_t what)
{
	epoll_event event{};

	event.events = EPOLLIN;
	event.data.u64 = what;
	return !epoll_ctl(events.get(), EPOLL_CTL_ADD, fd, &event);
}

/*
 * Not left waiting: the listener would stay readable, and the loop busy with it.
 * False when even the spare descriptor is another process's by now.
 */
bool Server::turn_away()
{
	spare_ = Descriptor();
	{
		Descriptor refused(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
	}
	spare_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
	return static_cast<bool>(spare_);
}

void Server::listen(bool on)
{
	epoll_event event{};

	if (on)
		event.events = EPOLLIN;
	event.data.u64 = LISTENER;
	epoll_ctl(events_.get(), EPOLL_CTL_MOD, listener_.get(), &event);
	deaf_ = !on;
}

void Server::hear_again()
{
	if (!spare_)
		spare_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
	if (spare_)
		listen(true);
}

void Server::take()
{
	Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
	std::unique_ptr<Client> client;
	uint64_t number = next_;

	if (!socket) {
		switch (errno) {
		case EMFILE:
		case ENFILE:
			if (turn_away())
				break;
			[[fallthrough]];
		case ENOMEM:
		case ENOBUFS:
			listen(false);
		}
		return;
	}
	/* What the dead had may be what this one lacks to its user's limit. */
	bury();
	client = Client::greet(std::move(socket));
	/* Of one that could not be watched, the connection ends here. */
	if (!client || !watch(events_, client->socket(), number) ||
	    !watch(deaths_, client->death(), number))
		return;
	next_++;
	clients_.emplace(number, std::move(client));
}

/* Ends the contexts of all who are dead by now. */
void Server::bury()
{
	epoll_event events[64];
	int count;

	while ((count = epoll_wait(deaths_.get(), events, 64, 0)) > 0) {
		for (int i = 0; i < count; i++)
			clients_.erase(events[i].data.u64);
	}
}

/*
 * The dead first, always: who has waited for a process to die and then asks
 * for its queue is told that it is gone, whichever event came first here.
 */
void Server::serve(uint64_t number)
{
	bury();
	auto found = clients_.find(number);
	if (found != clients_.end() && !found->second->serve())
		clients_.erase(found);
}

void Server::run()
{
	for (;;) {
		epoll_event events[64];
		int patience = core_tick();

		/* In the meantime those that are there may end, and leave something. */
		if (deaf_ && (patience < 0 || patience > DEAF_MS))
			patience = DEAF_MS;
		int count = epoll_wait(events_.get(), events, 64, patience);

		if (deaf_)
			hear_again();
		if (count < 0 && errno != EINTR)
			must(count, "epoll_wait");
		for (int i = 0; i < count; i++) {
			switch (events[i].data.u64) {
			case SIGNALS:
				return;
			case LISTENER:
				take();
				break;
			case DEATHS:
				bury();
				break;
			default:
				serve(events[i].data.u64);
			}
		}
	}
}
