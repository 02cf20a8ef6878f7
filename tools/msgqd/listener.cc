// SPDX-License-Identifier: MIT
#include "listener.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "must.h"

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

namespace
{

/* The first of what systemd passes. */
constexpr int PASSED = 3;

sockaddr_un address_of(const std::string &path)
{
	sockaddr_un address{};

	if (path.empty() || path.size() >= sizeof(address.sun_path))
		throw std::runtime_error("--socket: a path has 1 to " +
					 std::to_string(sizeof(address.sun_path) - 1) +
					 " characters, this one " + std::to_string(path.size()));
	address.sun_family = AF_UNIX;
	std::memcpy(address.sun_path, path.c_str(), path.size());
	return address;
}

/* A socket that nobody listens at is left over from a daemon that was killed. */
void clear_left_over(const std::string &path, const sockaddr_un &address)
{
	Descriptor probe(must(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "socket"));

	if (!connect(probe.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)))
		throw std::runtime_error("another msgqd listens on " + path);
	if (errno == ECONNREFUSED)
		unlink(path.c_str());
}

/* -1 for what has none, as it is no socket. */
int option(int socket, int name)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(socket, SOL_SOCKET, name, &value, &size) ? -1 : value;
}

/*
 * Who sends a descriptor along is refused, and so whoever connects here. Before
 * 6.16 it is let go of when the packet is read (see Client::serve()), which waits
 * for one thing only: a TCP socket that lingers, where that was its last user.
 */
void refuse_descriptors(int socket)
{
	int off = 0;

	setsockopt(socket, SOL_SOCKET, SO_PASSRIGHTS, &off, sizeof(off));
}

long number_in(const char *variable)
{
	const char *text = std::getenv(variable);

	return text ? std::strtol(text, nullptr, 10) : 0;
}

} // namespace

Listener::Listener(const std::string &path, unsigned mode)
{
	sockaddr_un address = address_of(path);
	int on = 1;

	clear_left_over(path, address);
	socket_ = Descriptor(
		must(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
	/* Before anyone connects: what is sent earlier would name no sender. */
	must(setsockopt(socket_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), "SO_PASSCRED");
	refuse_descriptors(socket_.get());
	must(bind(socket_.get(), reinterpret_cast<sockaddr *>(&address), sizeof(address)), path);
	path_ = path;
	must(chmod(path.c_str(), mode), path);
	must(listen(socket_.get(), SOMAXCONN), path);
}

Listener::Listener(Descriptor socket) : socket_(std::move(socket))
{
}

Listener::Listener(Listener &&other) noexcept
    : socket_(std::move(other.socket_)), path_(std::exchange(other.path_, {}))
{
}

Listener::~Listener()
{
	if (!path_.empty())
		unlink(path_.c_str());
}

std::optional<Listener> Listener::passed()
{
	/* Of another process's they were inherited by mistake. */
	bool ours = number_in("LISTEN_PID") == getpid();
	long count = number_in("LISTEN_FDS");

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (!ours || count <= 0)
		return std::nullopt;
	if (count > 1)
		throw std::runtime_error("one socket is listened at, but " + std::to_string(count) +
					 " were passed");
	if (option(PASSED, SO_DOMAIN) != AF_UNIX || option(PASSED, SO_TYPE) != SOCK_SEQPACKET ||
	    option(PASSED, SO_ACCEPTCONN) != 1)
		throw std::runtime_error("what was passed is not a Unix socket of type SEQPACKET "
					 "that listens (ListenSequentialPacket=)");

	/* Who has connected may have sent already, and is then not to be known any more. */
	if (option(PASSED, SO_PASSCRED) != 1)
		throw std::runtime_error("the socket that was passed does not name senders "
					 "(PassCredentials=yes)");

	Listener listener{ Descriptor(PASSED) };
	refuse_descriptors(PASSED);
	must(fcntl(PASSED, F_SETFD, FD_CLOEXEC), "FD_CLOEXEC");
	must(fcntl(PASSED, F_SETFL, O_RDWR | O_NONBLOCK), "O_NONBLOCK");
	return listener;
}
