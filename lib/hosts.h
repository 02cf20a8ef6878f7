/* SPDX-License-Identifier: MIT */
/*
 * All hosts that this process has open, for the child of a fork to close: a
 * descriptor that it held would keep its parent's end from being noticed at an
 * exec, and each would be one less for itself.
 */
#ifndef MSGQ_LIB_HOSTS_H
#define MSGQ_LIB_HOSTS_H

#include <signal.h>

namespace msgq
{

struct Host;

void hosts_enter(Host *host);
void hosts_leave(Host *host);

/*
 * While it lives no other thread forks, and no signal handler can jump out: a
 * descriptor comes together with what tells of it. They need not go together; who
 * closes one forgets it first, so that no child closes what has its number by then.
 */
class HostsHeld
{
public:
	HostsHeld();
	~HostsHeld();
	HostsHeld(const HostsHeld &) = delete;
	HostsHeld &operator=(const HostsHeld &) = delete;

private:
	sigset_t signals_;
};

} // namespace msgq

#endif
