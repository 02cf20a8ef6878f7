// SPDX-License-Identifier: MIT
#include "hosts.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "host.h"

namespace msgq
{

static Host *hosts;
static pthread_mutex_t hosts_lock = PTHREAD_MUTEX_INITIALIZER;

static void hosts_hold()
{
	pthread_mutex_lock(&hosts_lock);
}

static void hosts_let_go()
{
	pthread_mutex_unlock(&hosts_lock);
}

static void hosts_abandon()
{
	bells_in_child();
	for (Host *host = hosts; host; host = host->next) {
		if (host->fd >= 0)
			close(host->fd);
		host_drop_areas(host);
		bells_abandon(&host->bells);
	}
	hosts = nullptr;
	pthread_mutex_unlock(&hosts_lock);
}

__attribute__((constructor)) static void hosts_watch_forks()
{
	pthread_atfork(hosts_hold, hosts_let_go, hosts_abandon);
}

HostsHeld::HostsHeld()
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &signals_);
	hosts_hold();
}

HostsHeld::~HostsHeld()
{
	int error = errno;

	hosts_let_go();
	pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
	errno = error;
}

void hosts_enter(Host *host)
{
	HostsHeld held;

	host->next = hosts;
	hosts = host;
}

void hosts_leave(Host *host)
{
	HostsHeld held;

	for (Host **link = &hosts; *link; link = &(*link)->next) {
		if (*link == host) {
			*link = host->next;
			break;
		}
	}
}

} // namespace msgq
