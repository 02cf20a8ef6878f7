// SPDX-License-Identifier: MIT
/* Queues as an honest library uses them, for the others to meddle with. */
#include "act.h"

#include <csetjmp>
#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace
{

/* Somebody may take the mapping away under a send. */
thread_local sigjmp_buf retreat;
thread_local volatile bool retreats;

void faulted(int)
{
	if (retreats)
		siglongjmp(retreat, 1);
	_exit(1);
}

template <typename F>
void guarded(F use)
{
	struct sigaction action = {};

	action.sa_handler = faulted;
	action.sa_flags = SA_NODEFER;
	sigaction(SIGSEGV, &action, nullptr);
	sigaction(SIGBUS, &action, nullptr);
	if (!sigsetjmp(retreat, 0)) {
		retreats = true;
		use();
	}
	retreats = false;
}

/* All areas, or false. */
bool map_all(Process &process, int fd, const msgq_area *area, bool owner, uint32_t capacity,
	     msgq_ring *ring)
{
	void *base[MSGQ_AREA_SLOTS + 1];

	/* A mediated queue's senders have none. */
	if (!area[MSGQ_AREA_SLOTS].size)
		return false;
	for (unsigned i = 0; i <= MSGQ_AREA_SLOTS; i++) {
		const bool writes = i == MSGQ_AREA_SLOTS || (owner && i == MSGQ_AREA_CONSUMER);

		base[i] = mmap(nullptr, area[i].size, PROT_READ | (writes ? PROT_WRITE : 0),
			       MAP_SHARED, fd, static_cast<off_t>(area[i].offset));
		if (base[i] == MAP_FAILED)
			return false;
		process.keep(Mapping{ static_cast<uint8_t *>(base[i]), area[i].size });
	}
	if (!capacity)
		capacity = static_cast<msgq_keeper_page *>(base[0])->capacity;
	*ring = msgq_ring_over(base[0], base[1], base[2], capacity);
	return true;
}

} // namespace

void act_serve(Process &process, Input &input)
{
	const uint8_t how = input.byte();
	msgq_create create = {};
	msgq_handle activate = {};
	msgq_ring ring;
	int fd;

	fd = how % 4 ? process.greeted() : process.any_fd(input);
	create.entries = 1 + input.byte() % 64;
	create.key = how / 4 % 4;
	create.flags = how & 32 ? MSGQ_CREATE_MEDIATED : 0;
	if (ioctl(fd, MSGQ_IOC_CREATE, &create))
		return;
	process.board->known.learn(create.handle);
	process.board->known.learn(create.address);
	process.board->learn(create.area);
	activate.handle = create.handle;
	if (how < 224)
		ioctl(fd, MSGQ_IOC_ACTIVATE, &activate);
	guarded([&] {
		Endpoint &own = process.own[process.owns++ % Process::room];

		if (!map_all(process, fd, create.area, true, create.entries, &ring))
			return;
		msgq_receiver_init(&own.receiver, &ring);
		own.there = true;
		/* As if it slept, or had armed its queues, so that senders wake it. */
		if (how & 16)
			msgq_store(&ring.consumer->sleeps, MSGQ_SLEEPS_ARMED | MSGQ_SLEEPS_RECV);
	});
}

void act_join(Process &process, Input &input)
{
	const uint8_t how = input.byte();
	const Known &known = process.board->known;
	msgq_attach attach = {};
	msgq_ring ring;
	int fd;

	fd = how % 4 ? process.greeted() : process.any_fd(input);
	attach.address =
		known.address[(known.addresses + Known::room - 1 - input.byte() % 4) % Known::room];
	if (ioctl(fd, MSGQ_IOC_ATTACH, &attach))
		return;
	process.board->known.learn(attach.handle);
	process.board->learn(attach.area);
	guarded([&] {
		Endpoint &other = process.other[process.others++ % Process::room];

		if (!map_all(process, fd, attach.area, false, 0, &ring))
			return;
		msgq_sender_init(&other.sender, &ring, attach.sender);
		other.there = true;
	});
}

/* Claims without publishing, at times: a sender that was stopped, or is about to die. */
void act_send(Process &process, Input &input)
{
	Endpoint &other = process.other[input.byte() % 2];
	const uint8_t how = input.byte();
	uint8_t bytes[MSGQ_MSG_MAX] = {};

	if (!other.there)
		return;
	guarded([&] {
		for (unsigned n = 0; n <= how % 8u; n++) {
			__u32 tries = 0;
			__u64 word;

			if (how < 224) {
				msgq_sender_send(&other.sender, bytes, how % (MSGQ_MSG_MAX + 1));
				continue;
			}
			if (msgq_sender_seek(&other.sender, &word, &tries) != MSGQ_SENT)
				break;
			const msgq_pos at = other.sender.guess;
			msgq_cas(&other.sender.ring.slot[at.index].word, &word,
				 msgq_word(at.lap, MSGQ_CLAIMED, 0, other.sender.index));
		}
	});
}

void act_receive(Process &process, Input &input)
{
	Endpoint &own = process.own[input.byte() % 2];
	const uint8_t how = input.byte();
	uint8_t bytes[MSGQ_MSG_MAX];

	if (!own.there)
		return;
	guarded([&] {
		for (unsigned n = 0; n <= how % 16u; n++) {
			__u32 len;

			msgq_receiver_recv(&own.receiver, bytes, sizeof(bytes), &len);
		}
	});
}
