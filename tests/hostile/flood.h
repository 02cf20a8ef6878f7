/* SPDX-License-Identifier: MIT */
/*
 * All calls and requests that a process may make, at random, in any order and
 * as fast as it can. What they answer is of no interest.
 */
#ifndef MSGQ_TESTS_HOSTILE_FLOOD_H
#define MSGQ_TESTS_HOSTILE_FLOOD_H

#include <cstdint>
#include <random>
#include <vector>

#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../api/fixture.h"
#include "target.h"
#include "uapi/linux/msgq.h"

namespace hostile
{

class Flood
{
	std::mt19937_64 &random;
	msgqipc_ctx *ctx;
	const Target &target;
	msgqipc_addr addr = {};
	/* The device, where a module keeps the queues. */
	int fd = -1;

	/* In the context's own order of handles, and a little beyond. */
	uint32_t handle()
	{
		return random() % 8 ? uint32_t(random() % 6) : uint32_t(random());
	}

	template <typename T>
	void ask(unsigned long request, T arg)
	{
		if (fd >= 0)
			ioctl(fd, request, &arg);
	}

	void ask_handle(unsigned long request)
	{
		msgq_handle arg = {};

		arg.handle = handle();
		ask(request, arg);
	}

	/* Never for longer than a moment. */
	void wait()
	{
		msgq_wait arg = {};

		arg.handle = handle();
		arg.timeout_ns = int64_t(random() % 100000);
		ask(MSGQ_IOC_WAIT, arg);
	}

	void kick()
	{
		msgq_kick arg = {};

		arg.flags = uint32_t(random() % 4);
		arg.delay_ns = random() % 2 ? 0 : random() % 2000000000;
		ask(MSGQ_IOC_KICK, arg);
	}

	/* Whole areas and parts of them, with rights that are given and others. */
	void map()
	{
		msgq_attach arg = {};

		memcpy(&arg.address, &addr, sizeof(arg.address));
		if (fd < 0 || ioctl(fd, MSGQ_IOC_ATTACH, &arg))
			return;
		for (const msgq_area &area : arg.area) {
			uint64_t skip = random() % 3 * 4096;
			size_t size = area.size - skip + random() % 2 * 4096;
			int rights = int(random() % 8);
			void *at =
				mmap(nullptr, size, rights, random() % 8 ? MAP_SHARED : MAP_PRIVATE,
				     fd, off_t(area.offset + skip));

			if (at == MAP_FAILED)
				continue;
			mprotect(at, 4096, int(random() % 8));
			madvise(at, 4096, random() % 2 ? MADV_DOFORK : MADV_DONTNEED);
			munmap(at, size);
		}
	}

	/* Contexts and queues until something stops it; all at an end soon. */
	void open_all()
	{
		std::vector<msgqipc_ctx *> all;

		for (int each = 0; each < 100; each++) {
			msgqipc_ctx *more = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));

			if (!more)
				break;
			all.push_back(more);
			msgqipc_send(more, &addr, "flood", 5);
			while (random() % 4 &&
			       msgqipc_create(more, random() % 4, nullptr, 16, 0, 0))
				;
		}
		for (msgqipc_ctx *each : all)
			msgqipc_destroy(each);
	}

	void identify()
	{
		msgqipc_sendid id = {};

		id.len = uint16_t(random() % 3);
		id.spc[0] = uint8_t(random() % 4);
		msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &id);
	}

	/* As the library would, but far too often. */
	void call()
	{
		msgqipc_addr copy = addr;
		msgqipc_event events[4];
		char msg[64] = {};

		switch (random() % 9) {
		case 0:
			msgqipc_cancel(ctx, &addr);
			break;
		case 1:
			msgqipc_poke(ctx, &addr);
			break;
		case 2:
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_LISTEN_ADDR, 0, &copy);
			break;
		case 3:
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_FORGET_ADDR, 0, &copy);
			break;
		case 4:
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_ARM, 0, nullptr);
			break;
		case 5:
			msgqipc_get_events(ctx, events, random() % 5);
			break;
		case 6:
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_SET_NRQR, random() % 7, nullptr);
			break;
		case 7:
			identify();
			break;
		default:
			msgqipc_send(ctx, &addr, msg, random() % 65);
		}
	}

	/* Past the library, which knows nothing of it. */
	void request()
	{
		constexpr unsigned long of_handles[] = { MSGQ_IOC_WAKE, MSGQ_IOC_WAKE,
							 MSGQ_IOC_REACHED, MSGQ_IOC_ACTIVATE,
							 MSGQ_IOC_DEACTIVATE };

		switch (random() % 5) {
		case 0:
			wait();
			break;
		case 1:
			kick();
			break;
		case 2:
			map();
			break;
		default:
			ask_handle(of_handles[random() % 5]);
		}
	}

public:
	Flood(std::mt19937_64 &source, msgqipc_ctx *attacker, const Target &at)
	    : random(source), ctx(attacker), target(at)
	{
		if (api::by_module(ctx))
			msgqipc_ctl(ctx, nullptr, MSGQIPC_CTL_GET_FD, 0, &fd);
	}

	void step()
	{
		uint64_t dice = random() % 256;

		addr = target.get();
		if (dice == 0)
			open_all();
		else if (dice < 128)
			call();
		else
			request();
	}
};

} // namespace hostile

#endif
