/* SPDX-License-Identifier: MIT */
/*
 * The kernel's primitives for kernel.c: those of msgqd, but that the queue's
 * lock is a lock. Included by the compiler before everything else.
 */
#ifndef MSGQ_TESTS_MODEL_SHIM_H
#define MSGQ_TESTS_MODEL_SHIM_H

#define mutex_lock shim_mutex_lock
#define mutex_unlock shim_mutex_unlock
#include "tools/msgqd/shim/kernel.h"
#undef mutex_lock
#undef mutex_unlock

/* What a request frees it could not have allocated. */
#undef kmem_cache_free
#define kmem_cache_free(cache, pointer) ((void)(cache), (void)(pointer))

void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#endif
