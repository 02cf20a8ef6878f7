/* SPDX-License-Identifier: MIT */
#ifndef MSGQD_SHIM_ALLOC_H
#define MSGQD_SHIM_ALLOC_H

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0
#define __GFP_RETRY_MAYFAIL 0
#define __GFP_NOWARN 0
#define SLAB_ACCOUNT 0

#define kvcalloc(count, size, flags) calloc((count), (size))
#define kvfree(pointer) free(pointer)

struct kmem_cache {
	size_t size;
};

static inline struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
						   unsigned int align, int flags,
						   void (*construct)(void *))
{
	struct kmem_cache *cache = malloc(sizeof(*cache));

	(void)name;
	(void)align;
	(void)flags;
	(void)construct;
	if (cache)
		cache->size = size;
	return cache;
}

#define kmem_cache_alloc(cache, flags) calloc(1, (cache)->size)
#define kmem_cache_free(cache, pointer) free(pointer)
#define kmem_cache_destroy(cache) free(cache)

/* What a queue's memory is made of here: a memfd for each area. */
struct page {
	int fd;
	int readonly; /* another descriptor of it, that nothing can be written through */
};

#endif
