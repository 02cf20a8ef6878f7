// SPDX-License-Identifier: MIT
#include "client.h"

#include <cerrno>
#include <cstring>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "../../lib/wire.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/*
 * An accepted Unix socket is in the namespace of who connected. 0 for all on
 * kernels before 5.14, which do not tell.
 */
static __u64 netns_of(int socket)
{
	__u64 cookie = 0;
	socklen_t size = sizeof(cookie);

	return getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) ? 0 : cookie;
}

/* Of the process that connected; before 6.5, of the one that has its number now. */
static Descriptor pidfd_of(int socket, pid_t pid)
{
	int fd = -1;
	socklen_t size = sizeof(fd);

	if (!getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &fd, &size))
		return Descriptor(fd);
	if (errno != ENOPROTOOPT)
		return Descriptor();
	return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

std::unique_ptr<Client> Client::greet(Descriptor socket)
{
	std::unique_ptr<Client> client(new Client(std::move(socket)));

	msgq_hello refused{};
	int error;

	if (!client->identify())
		return nullptr;
	client->context_ = core_open(client->pid_, netns_of(client->socket()), &client->caller_,
				     &refused.refusal, &error);
	if (client->context_)
		return client;
	client->turn_down(error, &refused);
	return nullptr;
}

Client::~Client()
{
	if (context_)
		core_close(context_);
}

/*
 * The credentials are those of the moment of connect(). A process that died
 * since has hung up, unless a child holds the socket; its number may even be
 * another's by now. Both show before anything was done for it: every packet
 * names its sender too.
 */
bool Client::identify()
{
	ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(socket(), SOL_SOCKET, SO_PEERCRED, &peer, &size) || peer.pid <= 0)
		return false;
	pid_ = peer.pid;
	death_ = pidfd_of(socket(), pid_);
	if (!death_)
		return false;

	size = 0;
	if (getsockopt(socket(), SOL_SOCKET, SO_PEERGROUPS, nullptr, &size) && errno == ERANGE) {
		groups_.resize(size / sizeof(gid_t));
		if (getsockopt(socket(), SOL_SOCKET, SO_PEERGROUPS, groups_.data(), &size))
			groups_.clear();
	}
	caller_.uid = peer.uid;
	caller_.gid = peer.gid;
	caller_.groups = groups_.data();
	caller_.group_count = groups_.size();
	return true;
}

namespace
{

/* Who sent a packet: not always who connected, sockets can be passed on. */
pid_t sender_of(msghdr *message)
{
	for (cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		ucred sender;

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS)
			continue;
		std::memcpy(&sender, CMSG_DATA(part), sizeof(sender));
		return sender.pid;
	}
	return 0;
}

/* An answer and @count descriptors; 0 or errno. */
int send_parts(int socket, iovec (&parts)[3], const int *descriptors, int count)
{
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(MSGQ_AREAS * sizeof(int))] = {};
	msghdr message{};

	message.msg_iov = parts;
	message.msg_iovlen = 3;
	if (count) {
		size_t bytes = static_cast<size_t>(count) * sizeof(int);
		cmsghdr *part;

		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(bytes);
		part = CMSG_FIRSTHDR(&message);
		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(bytes);
		std::memcpy(CMSG_DATA(part), descriptors, bytes);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? errno : 0;
}

/* Something that was sent to the peer, and was not read yet. */
bool unread(int socket)
{
	int bytes = 0;

	return !ioctl(socket, SIOCOUTQ, &bytes) && bytes;
}

} // namespace

/*
 * An answer to what was not asked yet. First nothing more can come in: of a
 * socket that is closed over something unread the peer sees an error, and not
 * the answer.
 */
void Client::turn_down(int error, msgq_hello *hello)
{
	char unread;

	shutdown(socket(), SHUT_RD);
	while (recv(socket(), &unread, sizeof(unread), MSG_DONTWAIT) > 0)
		;
	answer(MSGQ_IOC_HELLO, error, hello, {});
}

bool Client::serve()
{
	msgq_wire_call call;
	alignas(8) unsigned char request[MSGQ_WIRE_REQUEST];
	iovec parts[2] = { { &call, sizeof(call) }, { request, sizeof(request) } };
	/*
	 * For who sent it, and not for a descriptor: one that came to be ours would
	 * be ours to close, which may block for as long as whoever serves the file
	 * likes. The kernel lets go of it instead, without a flush.
	 */
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(ucred))];
	auto *refusal = reinterpret_cast<msgq_refusal *>(request);
	std::vector<unsigned char> items;
	msghdr message{};
	size_t item;
	ssize_t got;
	int error;

	message.msg_iov = parts;
	message.msg_iovlen = 2;
	message.msg_control = control;
	message.msg_controllen = sizeof(control);
	got = recvmsg(socket(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	/*
	 * The end; or nothing that this library would ever send. Nor does it ask
	 * again before it has read: answers that nobody reads keep descriptors under
	 * way, of which there can be so many for all clients.
	 */
	if (static_cast<size_t>(got) < sizeof(call) || !core_knows(call.command) ||
	    static_cast<size_t>(got) != sizeof(call) + _IOC_SIZE(call.command) || unread(socket()))
		return false;

	if (sender_of(&message) != pid_) {
		*refusal = { MSGQ_WHY_FOREIGN, 0, 0 };
		return answer(call.command, -EPERM, request, items);
	}
	if (call.command == MSGQ_WIRE_BELL) {
		int bell = -1;

		error = core_bell(context_, reinterpret_cast<msgq_handle *>(request), &bell);
		return answer(call.command, error, request, items, bell);
	}
	caller_.umask = call.umask & 0777;
	item = core_item(call.command);
	if (item) {
		/* What SENDERS begins with, too. */
		auto *list = reinterpret_cast<msgq_list *>(request);
		__u32 room = list->count < MSGQ_WIRE_ITEMS ? list->count : MSGQ_WIRE_ITEMS;

		items.resize(room * item);
		error = core_request(context_, &caller_, call.command, request, items.data(), room);
		items.resize(error ? 0 : list->count * item);
	} else {
		error = core_request(context_, &caller_, call.command, request, nullptr, 0);
	}
	return answer(call.command, error, request, items);
}

/* What CREATE or ATTACH made is of no use to who cannot be given its areas. */
void Client::undo(__u32 command, const void *request)
{
	msgq_handle made{};

	if (command == MSGQ_IOC_CREATE) {
		made.handle = static_cast<const msgq_create *>(request)->handle;
		core_request(context_, &caller_, MSGQ_IOC_CLOSE, &made, nullptr, 0);
	}
	if (command == MSGQ_IOC_ATTACH) {
		made.handle = static_cast<const msgq_attach *>(request)->handle;
		core_request(context_, &caller_, MSGQ_IOC_DETACH, &made, nullptr, 0);
	}
}

bool Client::answer(__u32 command, int error, void *request,
		    const std::vector<unsigned char> &items, int bell)
{
	msgq_wire_answer header = { error, static_cast<__u32>(items.size()) };
	iovec parts[3] = { { &header, sizeof(header) },
			   { request, _IOC_SIZE(command) },
			   { const_cast<unsigned char *>(items.data()), items.size() } };
	int areas[MSGQ_AREAS];
	int count = 0;

	if (!error && command == MSGQ_IOC_CREATE)
		count = core_areas(context_, static_cast<msgq_create *>(request)->handle, areas);
	if (!error && command == MSGQ_IOC_ATTACH)
		count = core_areas(context_, static_cast<msgq_attach *>(request)->handle, areas);
	if (!error && bell >= 0)
		areas[count++] = bell;
	error = send_parts(socket(), parts, areas, count);
	/* Who asks and does not read is not waited for, and who is gone neither. */
	if (!error || error == EAGAIN || error == EPIPE || error == ECONNRESET)
		return !error;
	/*
	 * The kernel is short of something, or has too many descriptors of this
	 * user's under way: others' doing, for which nobody is to lose the queues
	 * that he has.
	 */
	undo(command, request);
	*static_cast<msgq_refusal *>(request) = { MSGQ_WHY_MEMORY, 0, 0 };
	header = { error == ETOOMANYREFS ? -ETOOMANYREFS : -ENOMEM, 0 };
	parts[2].iov_len = 0;
	return !send_parts(socket(), parts, areas, 0);
}
