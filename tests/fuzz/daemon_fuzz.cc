// SPDX-License-Identifier: MIT
/*
 * msgqd's client handling over the module's core, in process: several peers of
 * several users, real sockets, any requests in any order, and whatever they
 * write to the memory that they were handed. Each input is a life of the
 * daemon from its first context to its last.
 */
#include <cstring>
#include <fcntl.h>
#include <memory>

#include "peer.h"

namespace
{

constexpr unsigned ENTRIES_MAX = 1000;
constexpr size_t PEERS = 4;
constexpr int DESCRIPTORS = 400; /* none of ours is higher */
constexpr uid_t users[PEERS] = { 0, 1000, 1000, 1001 };

int count_descriptors()
{
	int count = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

/* A request that is not in the table would never be tried. */
bool table_is_whole()
{
	for (uint32_t number = 0; number < 0x7f; number++) {
		for (uint32_t size = 1; size <= REQUEST_SIZE; size++) {
			const uint32_t command =
				_IOC(_IOC_READ | _IOC_WRITE, MSGQ_IOC, number, size);
			bool listed = false;

			for (const Request &request : requests)
				listed |= request.command == command;
			if (listed != (core_knows(command) != 0))
				return false;
		}
	}
	return true;
}

void live(Input &input)
{
	std::unique_ptr<Peer> peers[PEERS];
	Known known = {};

	while (!input.empty()) {
		const uint8_t what = input.byte();
		std::unique_ptr<Peer> &peer = peers[what % PEERS];

		if (!peer || !peer->connected())
			peer = std::make_unique<Peer>(users[what % PEERS]);
		switch (what / PEERS % 16) {
		case 0:
			peer.reset();
			break;
		case 1:
			peer->babble(input);
			break;
		case 2:
		case 3:
			peer->scribble(input);
			break;
		case 4:
			peer->resize(input);
			break;
		case 5:
			core_tick();
			break;
		case 6: {
			/* Mostly the first thing that a peer does. */
			static constexpr uint8_t hello[] = { 0 };
			Input greeting(hello, sizeof(hello));

			peer->ask(greeting, &known);
			break;
		}
		default:
			peer->ask(input, &known);
		}
	}
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
	*core_get_limits().max_entries = ENTRIES_MAX;
	/* Few enough that a short input meets them. */
	*core_get_limits().user_queues = 4;
	*core_get_limits().user_attachments = 6;
	if (core_init() || !table_is_whole())
		fuzz_fail("tests/fuzz/request.h does not list the requests that there are");
	core_exit();
	return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input(data, size);
	const int before = count_descriptors();

	if (core_init())
		fuzz_fail("core_init");
	live(input);
	/* Which is where a scope that has contexts left is found. */
	core_exit();
	if (count_descriptors() != before)
		fuzz_fail("descriptors were left open");
	return 0;
}
