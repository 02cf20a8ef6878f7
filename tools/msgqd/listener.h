/* SPDX-License-Identifier: MIT */
/* The socket that programs connect to: made here, or by who started the daemon. */
#ifndef MSGQD_LISTENER_H
#define MSGQD_LISTENER_H

#include <optional>
#include <string>

#include "descriptor.h"

class Listener
{
public:
	/* Throws std::system_error, or std::runtime_error if another one listens there. */
	Listener(const std::string &path, unsigned mode);

	/*
	 * What was passed as systemd does it, by LISTEN_FDS and LISTEN_PID.
	 * Throws std::runtime_error for what is not a socket to listen at.
	 */
	static std::optional<Listener> passed();

	Listener(Listener &&other) noexcept;
	Listener &operator=(Listener &&) = delete;
	~Listener();

	int get() const
	{
		return socket_.get();
	}

private:
	explicit Listener(Descriptor socket);

	Descriptor socket_;
	std::string path_; /* to be removed; empty: not ours */
};

#endif
