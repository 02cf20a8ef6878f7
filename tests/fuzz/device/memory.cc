// SPDX-License-Identifier: MIT
/* Mappings of queues: with rights and sizes right and wrong, and what can be done to them. */
#include "act.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../word.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

namespace
{

constexpr size_t PAGE = 4096;

/* Some pages of it; mostly all. */
Mapping part(const Mapping &whole, Input &input)
{
	const uint8_t how = input.byte();
	const size_t pages = whole.size / PAGE;

	if (how < 128 || pages < 2)
		return whole;
	const size_t first = how % pages, count = 1 + input.byte() % (pages - first);

	return { whole.at + first * PAGE, count * PAGE };
}

int rights(Input &input)
{
	const uint8_t how = input.byte();

	return how < 96 ? PROT_READ | PROT_WRITE : how < 192 ? PROT_READ : how % 8;
}

} // namespace

void act_map(Process &process, Input &input)
{
	const int fd = process.any_fd(input);
	msgq_area area = process.board->area[input.byte() % Known::room];
	const uint8_t how = input.byte(), bend = input.byte();
	const int right = rights(input);
	int kind = how < 160 ? MAP_SHARED : how < 224 ? MAP_SHARED | MAP_POPULATE : MAP_PRIVATE;
	void *at = nullptr;

	if (bend >= 128)
		area.size = bend & 1 ? area.size + PAGE : PAGE;
	if (bend >= 192)
		area.offset += bend & 2 ? PAGE * input.guess() : PAGE;
	if (how % 32 == 31) {
		const Mapping old = process.any_mapping(input);

		/* Over another one, which goes with it. */
		if (old.at) {
			at = old.at;
			kind |= MAP_FIXED;
		}
	}
	if (!area.size || area.size > 64 << 20)
		return;
	at = mmap(at, area.size, right, kind, fd, static_cast<off_t>(area.offset));
	if (at != MAP_FAILED)
		process.keep(Mapping{ static_cast<uint8_t *>(at), area.size });
}

void act_unmap(Process &process, Input &input)
{
	const Mapping some = part(process.any_mapping(input), input);

	if (some.at)
		munmap(some.at, some.size);
}

void act_protect(Process &process, Input &input)
{
	const Mapping some = part(process.any_mapping(input), input);

	if (some.at)
		mprotect(some.at, some.size, rights(input));
}

void act_remap(Process &process, Input &input)
{
	const Mapping some = part(process.any_mapping(input), input);
	const uint8_t how = input.byte();
	const size_t size = how & 1 ? some.size : how & 2 ? some.size + PAGE : PAGE;
	void *at;

	if (!some.at)
		return;
	/* An old size of 0 asks for a second mapping of the same. */
	at = mremap(some.at, how >= 224 ? 0 : some.size, size,
		    how & 4 ? MREMAP_MAYMOVE | MREMAP_DONTUNMAP : MREMAP_MAYMOVE);
	if (at != MAP_FAILED)
		process.keep(Mapping{ static_cast<uint8_t *>(at), size });
}

void act_advise(Process &process, Input &input)
{
	static constexpr int advice[] = {
		MADV_DONTNEED, MADV_DOFORK,   MADV_DONTFORK,	  MADV_REMOVE,
		MADV_FREE,     MADV_WILLNEED, MADV_MERGEABLE,	  MADV_HUGEPAGE,
		MADV_COLD,     MADV_PAGEOUT,  MADV_WIPEONFORK,	  MADV_POPULATE_WRITE,
		MADV_DODUMP,   MADV_DOFORK,   MADV_POPULATE_READ, MADV_UNMERGEABLE,
	};
	const Mapping some = part(process.any_mapping(input), input);
	const uint8_t how = input.byte();

	if (!some.at)
		return;
	if (how >= 224)
		mlock(some.at, some.size);
	else
		madvise(some.at, some.size, advice[how % (sizeof(advice) / sizeof(advice[0]))]);
}

/*
 * Over what is mapped, by the kernel's hand, so that what is not mapped, or
 * not for writing, is an error and no signal: a read from a file into it, or
 * what a debugger would do.
 */
void act_write(Process &process, Input &input)
{
	const Mapping some = process.any_mapping(input);
	const uint8_t where = input.byte();
	uint64_t value = fuzz_word(input, 1 + where / 64);
	const size_t offset = where >= 192 ? where % 16 * 8 : where % 64 * MSGQ_LINE;
	iovec from = { &value, sizeof(value) }, to = { some.at + offset, sizeof(value) };

	if (!some.at || offset >= some.size)
		return;
	if (where >= 192)
		value = input.guess();
	if (where & 1)
		process_vm_writev(getpid(), &from, 1, &to, 1, 0);
	else
		static_cast<void>(
			!pwrite(process.memory, &value, sizeof(value),
				static_cast<off_t>(reinterpret_cast<uintptr_t>(some.at + offset))));
}

/* Pages held by a pipe, beyond the mapping's end and the queue's. */
void act_pin(Process &process, Input &input)
{
	const Mapping some = part(process.any_mapping(input), input);
	const uint8_t how = input.byte();
	iovec pages = { some.at, some.size };
	uint8_t bytes[PAGE];

	if (how % 4 == 0)
		static_cast<void>(!read(process.pins[0], bytes, sizeof(bytes)));
	else if (some.at)
		vmsplice(process.pins[1], &pages, 1,
			 how & 4 ? SPLICE_F_NONBLOCK | SPLICE_F_GIFT : SPLICE_F_NONBLOCK);
}
