// SPDX-License-Identifier: MIT
#include "liar.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <msgq/keeper.h>

#include "../../lib/wire.h"
#include "request.h"
#include "word.h"

namespace
{

constexpr size_t PAGE = 4096;
constexpr size_t DESCRIPTORS_MAX = 8; /* more than there are areas */

size_t areas_size(uint32_t capacity)
{
	return (msgq_ring_bytes(capacity) + PAGE - 1) / PAGE * PAGE;
}

} // namespace

Liar::~Liar()
{
	hang_up();
}

void Liar::hang_up()
{
	if (end_ >= 0)
		close(end_);
	end_ = -1;
}

bool Liar::connect(int fd)
{
	int ends[2];

	hang_up();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return false;
	end_ = ends[0];
	dup3(ends[1], fd, O_CLOEXEC);
	close(ends[1]);
	return true;
}

/* An area; of a size that is not the one told, at times, and of any words. */
int Liar::descriptor(size_t size, bool keeper)
{
	const uint8_t how = honest_ ? 0 : input_->byte();
	const int fd = memfd_create("liar", MFD_CLOEXEC);
	msgq_keeper_page page = {};

	if (how >= 224)
		size = input_->byte() % 3 * PAGE;
	if (ftruncate(fd, static_cast<off_t>(size)))
		return fd;
	if (keeper) {
		page.capacity = how >= 192 ? static_cast<uint32_t>(input_->guess()) : capacity_;
		page.slots = page.capacity + 1;
		page.magic = MSGQ_MAGIC;
		page.state = page.reason = MSGQ_QUEUE_ACTIVE;
		page.wanted = how % 8 == 7 ? 0 : MSGQ_NEVER;
		if (size && pwrite(fd, &page, sizeof(page), 0) < 0)
			return fd;
		return fd;
	}
	for (unsigned i = 0; !honest_ && size && i < how % 16u; i++) {
		const uint64_t word = fuzz_word(*input_, 1);

		if (pwrite(fd, &word, sizeof(word), i * MSGQ_LINE) < 0)
			break;
	}
	return fd;
}

void Liar::fill(uint32_t command, uint8_t *answer)
{
	auto *create = reinterpret_cast<msgq_create *>(answer);
	auto *attach = reinterpret_cast<msgq_attach *>(answer);
	auto *hello = reinterpret_cast<msgq_hello *>(answer);
	auto *events = reinterpret_cast<msgq_events *>(answer);
	auto *sender = reinterpret_cast<msgq_sender_of *>(answer);
	msgq_area area[MSGQ_AREAS] = { { 0, PAGE }, { PAGE, PAGE }, { 2 * PAGE, 0 } };

	switch (command) {
	case MSGQ_IOC_HELLO:
		hello->version = hello->oldest = MSGQ_ABI_VERSION;
		memset(hello->release, 'x', sizeof(hello->release));
		break;
	case MSGQ_IOC_CREATE:
		capacity_ = create->entries < 1000 ? create->entries : 1000;
		area[MSGQ_AREA_SLOTS].size = areas_size(capacity_);
		create->handle = ++handles_;
		create->address.id = handles_;
		memcpy(create->area, area, sizeof(area));
		break;
	case MSGQ_IOC_ATTACH:
		area[MSGQ_AREA_SLOTS].size = areas_size(capacity_);
		attach->handle = ++handles_;
		attach->sender = handles_ % MSGQ_SENDERS_MAX;
		memcpy(attach->area, area, sizeof(area));
		break;
	case MSGQ_IOC_EVENTS:
		/* Mostly what there is room for, and now and then more than that. */
		events->count = events->count < input_->byte() % 8u ? events->count : 0;
		for (msgq_event &event : events->event) {
			event.type = 1 + input_->byte() % 4u;
			event.handle = input_->byte() % 8u;
		}
		events->more = 0;
		break;
	case MSGQ_IOC_SENDER:
		sender->sendid.len = honest_ ? 4 : input_->byte() % 64u;
		break;
	default:
		break;
	}
}

void Liar::bend(uint8_t *answer, size_t size)
{
	for (unsigned n = input_->byte() % 4u; n; n--) {
		const uint64_t value = input_->guess();
		/* Behind the refusal lie the numbers that matter. */
		const size_t at = input_->byte() * 4u % size;

		memcpy(answer + at, &value, size - at < 8 ? size - at : 8);
	}
}

void Liar::told(const void *packet, size_t size)
{
	msgq_wire_call call;
	msgq_wire_answer header = {};
	uint8_t answer[REQUEST_SIZE] = {};
	msgq_info items[MSGQ_WIRE_ITEMS] = {};
	alignas(cmsghdr) unsigned char control[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))] = {};
	std::vector<int> fds;
	iovec part[3];
	msghdr message = {};

	if (end_ < 0 || size < sizeof(call))
		return;
	memcpy(&call, packet, sizeof(call));
	memcpy(answer, static_cast<const uint8_t *>(packet) + sizeof(call), size - sizeof(call));
	const uint8_t how = honest_ ? 0 : input_->byte();
	if (how >= 248) {
		hang_up();
		return;
	}
	fill(call.command, answer);
	if (call.command == MSGQ_IOC_CREATE || call.command == MSGQ_IOC_ATTACH)
		for (unsigned i = 0; i <= MSGQ_AREA_SLOTS; i++)
			fds.push_back(
				descriptor(i == MSGQ_AREA_SLOTS ? areas_size(capacity_) : PAGE,
					   i == MSGQ_AREA_KEEPER));
	if (call.command == MSGQ_WIRE_BELL)
		fds.push_back(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	/* As many as it says, or more than came. */
	if (call.command == MSGQ_IOC_LIST || call.command == MSGQ_IOC_SENDERS) {
		const uint32_t count = input_->byte() % 4;

		header.bytes = static_cast<uint32_t>(count * (call.command == MSGQ_IOC_LIST
								      ? sizeof(msgq_info)
								      : sizeof(msgq_sender_info)));
		/* Where SENDERS has it, too. */
		reinterpret_cast<msgq_list *>(answer)->count =
			honest_ ? count : input_->byte() % 64u;
	}

	part[0] = { &header, sizeof(header) };
	part[1] = { answer, size - sizeof(call) };
	part[2] = { items, header.bytes };
	if (how >= 192) {
		header.error = how & 1 ? static_cast<int>(input_->guess()) : -EINVAL;
		if (how & 2)
			reinterpret_cast<msgq_refusal *>(answer)->why = input_->byte() % 64;
	} else if (how >= 96) {
		bend(answer, part[1].iov_len);
	}
	if (how % 16 == 15)
		part[1].iov_len = input_->number(2) % sizeof(answer);
	if (how % 16 == 14)
		fds.push_back(eventfd(0, EFD_CLOEXEC));
	if (how % 16 == 13 && !fds.empty()) {
		close(fds.back());
		fds.pop_back();
	}
	message.msg_iov = part;
	message.msg_iovlen = 3;
	if (!fds.empty()) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
		cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
		memcpy(CMSG_DATA(head), fds.data(), fds.size() * sizeof(int));
	}
	sendmsg(end_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	for (int fd : fds)
		close(fd);
}
