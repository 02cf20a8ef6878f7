// SPDX-License-Identifier: MIT
/* Areas as memfds, with the rights that the module's mappings have. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../kmod/memory.h"
#include "../../kmod/queue.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

#define AREAS 3

static void descriptor_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void page_free(struct page *page)
{
	if (!page)
		return;
	descriptor_close(&page->fd);
	descriptor_close(&page->readonly);
	free(page);
}

/*
 * A memfd of @bytes, mapped at @at. Nobody can shrink it under the daemon.
 * The keeper's page is sealed against all later writing; of the others there
 * is a descriptor for reading only, and a mode that lets no one else open it
 * anew for writing. Descriptors that are never handed out are not kept.
 */
static struct page *page_alloc(void *at, u64 bytes, enum msgq_area_name area)
{
	int seals = F_SEAL_GROW | F_SEAL_SHRINK;
	struct page *page = malloc(sizeof(*page));
	char path[64];

	if (!page)
		return NULL;
	page->readonly = -1;
	page->fd = memfd_create("msgq", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (page->fd < 0 || ftruncate(page->fd, (off_t)bytes))
		goto fail;
	if (mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, page->fd, 0) ==
	    MAP_FAILED)
		goto fail;
	if (area == MSGQ_AREA_KEEPER)
		seals |= F_SEAL_FUTURE_WRITE;
	if (fcntl(page->fd, F_ADD_SEALS, seals | F_SEAL_SEAL))
		goto fail;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", page->fd);
	page->readonly = open(path, O_RDONLY | O_CLOEXEC);
	if (page->readonly < 0 || fchmod(page->fd, 0))
		goto fail;
	if (area == MSGQ_AREA_KEEPER)
		descriptor_close(&page->fd);
	if (area == MSGQ_AREA_SLOTS)
		descriptor_close(&page->readonly);
	return page;
fail:
	page_free(page);
	return NULL;
}

int msgq_memory_alloc(struct msgq_memory *memory, u64 bytes, int node)
{
	const u64 size[AREAS] = { PAGE_SIZE, PAGE_SIZE, PAGE_ALIGN(bytes) - 2 * PAGE_SIZE };
	u8 *at;
	u32 i;

	(void)node;
	memory->bytes = PAGE_ALIGN(bytes);
	memory->pages = AREAS;
	memory->page = calloc(AREAS, sizeof(*memory->page));
	/* One range for all, as the kernel has it. */
	memory->base = mmap(NULL, memory->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory->base == MAP_FAILED) {
		free(memory->page);
		return -ENOMEM;
	}
	if (!memory->page) {
		munmap(memory->base, memory->bytes);
		return -ENOMEM;
	}
	for (i = 0, at = memory->base; i < AREAS; at += size[i], i++) {
		memory->page[i] = page_alloc(at, size[i], i);
		if (!memory->page[i]) {
			msgq_memory_free(memory);
			return -ENOMEM;
		}
	}
	return 0;
}

void msgq_memory_free(struct msgq_memory *memory)
{
	u32 i;

	for (i = 0; i < memory->pages; i++)
		page_free(memory->page[i]);
	free(memory->page);
	munmap(memory->base, memory->bytes);
}
