/* SPDX-License-Identifier: MIT */
/*
 * What the library knows of the calling thread: its identity, and how its
 * last call ended.
 */
#ifndef MSGQ_LIB_THREAD_H
#define MSGQ_LIB_THREAD_H

#include <stdint.h>

#include <msgqipc.h>

namespace msgq
{

struct Thread {
	uint64_t id; /* 0: not given yet. Never reused, and new in a forked child */
	int error;
	/* Made into a sentence when somebody asks. */
	const char *detail;
	uint64_t bound[2];
};

/* Initial-exec: one instruction instead of a call, on every send and recv. */
extern __thread Thread thread __attribute__((tls_model("initial-exec"), visibility("hidden")));

uint64_t thread_id_new();

inline uint64_t thread_id()
{
	if (!thread.id)
		thread.id = thread_id_new();
	return thread.id;
}

inline int succeed(int result = 0)
{
	thread.error = MSGQIPC_ERR_SUCC;
	return result;
}

/*
 * @detail: NULL, or a literal with up to two %llu for the bounds: which
 * argument it was, and what would have been accepted.
 */
inline int fail(int error, const char *detail = nullptr, uint64_t bound0 = 0, uint64_t bound1 = 0)
{
	thread.error = error;
	thread.detail = detail;
	thread.bound[0] = bound0;
	thread.bound[1] = bound1;
	return -1;
}

inline int fail_memory(uint64_t bytes)
{
	return fail(MSGQIPC_ERR_NORES, "%llu bytes of memory are not to be had", bytes);
}

} // namespace msgq

#endif
