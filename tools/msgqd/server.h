/* SPDX-License-Identifier: MIT */
/* The loop: takes connections, serves requests, sees deaths, ends on a signal. */
#ifndef MSGQD_SERVER_H
#define MSGQD_SERVER_H

#include <cstdint>
#include <map>
#include <memory>

#include "client.h"
#include "descriptor.h"
#include "listener.h"

class Server
{
public:
	/* Throws std::system_error. */
	explicit Server(Listener listener);

	/* Until SIGINT or SIGTERM. */
	void run();

private:
	bool watch(const Descriptor &events, int fd, uint64_t what);
	void take();
	bool turn_away();
	/* No connection is looked at, or they are again. */
	void listen(bool on);
	void hear_again();
	void bury();
	void serve(uint64_t number);

	Listener listener_;
	Descriptor signals_;
	Descriptor events_, deaths_;
	Descriptor spare_; /* given up for a moment when there are no others */
	bool deaf_ = false;
	std::map<uint64_t, std::unique_ptr<Client>> clients_;
	uint64_t next_;
};

#endif
