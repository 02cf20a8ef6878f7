// SPDX-License-Identifier: MIT
#include "peer.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../lib/wire.h"
#include "word.h"

namespace
{

constexpr size_t AREAS_KEPT = 12;
constexpr size_t DESCRIPTORS_MAX = 17; /* msgqd has room for none */

bool must_be_fine(bool fine, const char *what)
{
	if (!fine)
		fuzz_fail(what);
	return fine;
}

/* Of all requests, only these are answered with descriptors. */
size_t descriptors_due(uint32_t command, int error, const uint8_t *request)
{
	msgq_attach attach;

	if (error)
		return 0;
	switch (command) {
	case MSGQ_WIRE_BELL:
		return 1;
	case MSGQ_IOC_CREATE:
		return 3;
	case MSGQ_IOC_ATTACH:
		/* To a mediated queue there are none. */
		memcpy(&attach, request, sizeof(attach));
		return attach.area[MSGQ_AREA_KEEPER].size ? 3 : 0;
	default:
		return 0;
	}
}

} // namespace

void fuzz_fail(const char *what)
{
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

Peer::Peer(uid_t uid)
{
	const bool anybody = geteuid() == 0;
	const int on = 1;
	int ends[2];

	/* A socket keeps who made it. */
	if (anybody)
		must_be_fine(!seteuid(uid), "seteuid");
	const int made =
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
	if (anybody)
		must_be_fine(!seteuid(0), "seteuid back");
	must_be_fine(!made, "socketpair");
	socket_ = ends[0];
	must_be_fine(!setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), "SO_PASSCRED");
	client_ = Client::greet(Descriptor(ends[1]));
	must_be_fine(client_ != nullptr, "a peer that lives was not let in");
}

Peer::~Peer()
{
	close(socket_);
	for (int fd : areas_)
		close(fd);
}

bool Peer::send(const void *packet, size_t size, Manner manner)
{
	iovec part = { const_cast<void *>(packet), size };
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))] = {};
	msghdr message{};
	cmsghdr *head;

	message.msg_iov = &part;
	message.msg_iovlen = 1;
	if (manner == Manner::with_descriptors || manner == Manner::forged) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
	}
	if (manner == Manner::with_descriptors) {
		int fds[DESCRIPTORS_MAX];

		for (int &fd : fds)
			fd = socket_;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(fds));
		memcpy(CMSG_DATA(head), fds, sizeof(fds));
	}
	if (manner == Manner::forged) {
		const ucred other = { 1, geteuid(), getegid() };

		head->cmsg_type = SCM_CREDENTIALS;
		head->cmsg_len = CMSG_LEN(sizeof(other));
		message.msg_controllen = CMSG_SPACE(sizeof(other));
		memcpy(CMSG_DATA(head), &other, sizeof(other));
	}
	if (sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return false;
	if (!client_->serve())
		client_.reset();
	must_be_fine(!client_ || !unread_, "who had not read was served again");
	return client_ != nullptr;
}

void Peer::ask(Input &input, Known *known)
{
	struct {
		msgq_wire_call call;
		uint8_t request[REQUEST_SIZE];
	} packet = {};
	const uint8_t which = input.byte() % (REQUESTS + 1);

	if (which == REQUESTS) {
		const Request bell = { "BELL",
				       MSGQ_WIRE_BELL,
				       { FUZZ_FIELD(msgq_handle, handle, handle) } };

		packet.call.command = bell.command;
		request_fill(input, bell, *known, 0, packet.request);
	} else {
		packet.call.command = requests[which].command;
		packet.call.umask = packet.call.command == MSGQ_IOC_CREATE ? input.byte() : 0;
		request_fill(input, requests[which], *known, 0, packet.request);
	}
	if (send(&packet, sizeof(packet.call) + request_size(packet.call.command), Manner::plain))
		answered(packet.call.command, known);
}

void Peer::babble(Input &input)
{
	const auto manner = static_cast<Manner>(input.byte() % 4);
	struct {
		uint32_t command, umask;
		uint8_t rest[REQUEST_SIZE];
	} packet = {};
	size_t size;

	packet.command = static_cast<uint32_t>(
		input.byte() < 192 ? requests[input.byte() % REQUESTS].command : input.number(4));
	size = sizeof(packet.command) * 2 + request_size(packet.command) % REQUEST_SIZE;
	/* A packet of no bytes would be the end of the connection. */
	if (input.byte() >= 192)
		size = 1 + input.number(2) % (sizeof(packet) - 1);
	for (uint8_t i = input.byte() % 32; i; i--)
		packet.rest[input.number(2) % sizeof(packet.rest)] = input.byte();
	if (!send(&packet, size, manner))
		return;
	if (size % 2)
		recv(socket_, &packet, sizeof(packet), MSG_DONTWAIT);
	else
		unread_ = true;
}

void Peer::answered(uint32_t command, Known *known)
{
	msgq_wire_answer answer;
	alignas(8) uint8_t request[REQUEST_SIZE];
	/* One more than there may be, of the larger kind. */
	uint8_t items[(MSGQ_WIRE_ITEMS + 1) * sizeof(msgq_info)];
	iovec parts[3] = { { &answer, sizeof(answer) },
			   { request, request_size(command) },
			   { items, sizeof(items) } };
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	msgq_refusal refusal;
	size_t descriptors = 0;
	msghdr message{};

	message.msg_iov = parts;
	message.msg_iovlen = 3;
	message.msg_control = control;
	message.msg_controllen = sizeof(control);
	const ssize_t got = recvmsg(socket_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	must_be_fine(got >= static_cast<ssize_t>(sizeof(answer)), "no answer");
	must_be_fine(!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)), "the answer is too long");
	must_be_fine(static_cast<size_t>(got) ==
			     sizeof(answer) + request_size(command) + answer.bytes,
		     "the answer has another length than it says");
	must_be_fine(answer.error <= 0 && answer.error > -4096, "error is no error");
	must_be_fine(!answer.bytes || command == MSGQ_IOC_LIST || command == MSGQ_IOC_SENDERS,
		     "items without LIST or SENDERS");

	for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		descriptors = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < descriptors; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
			areas_.push_back(fd);
		}
	}
	while (areas_.size() > AREAS_KEPT) {
		close(areas_.front());
		areas_.erase(areas_.begin());
	}
	must_be_fine(descriptors == descriptors_due(command, answer.error, request),
		     "not the descriptors that there should be");

	memcpy(&refusal, request, sizeof(refusal));
	must_be_fine(refusal.why < MSGQ_WHY_COUNT && !refusal.reserved, "why is not known");
	must_be_fine((refusal.why != MSGQ_WHY_NONE) == (answer.error != 0),
		     "refused without a reason, or the other way round");
	if (!answer.error)
		request_learn(command, request, known);
}

void Peer::scribble(Input &input)
{
	const uint8_t which = input.byte(), where = input.byte();
	const uint64_t lap = input.byte() % 4, at = where % 32;
	uint64_t value = fuzz_word(input, lap);

	if (areas_.empty())
		return;
	/* In a consumer's page: the head, busy and sleeps. */
	if (where >= 128)
		value = where >= 192 ? lap + which % 8 : input.guess();
	/* Into what is for reading only, it fails. */
	if (pwrite(areas_[which % areas_.size()], &value, sizeof(value),
		   static_cast<off_t>(at * (where >= 128 ? 8 : MSGQ_LINE))) < 0)
		errno = 0;
}

void Peer::resize(Input &input)
{
	const uint8_t how = input.byte();

	if (areas_.empty())
		return;
	const int fd = areas_[input.byte() % areas_.size()];

	switch (how % 4) {
	case 0:
		/* A shorter one would be SIGBUS for msgqd. */
		must_be_fine(ftruncate(fd, how & 16) != 0, "an area could be cut");
		break;
	case 1:
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
		break;
	case 2:
		must_be_fine(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) != 0, "an area could be sealed");
		break;
	default:
		/* A bell that is full, and read by nobody. */
		const uint64_t full = UINT64_MAX - 1;

		if (write(fd, &full, sizeof(full)) < 0)
			errno = 0;
	}
}
