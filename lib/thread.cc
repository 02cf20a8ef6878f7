// SPDX-License-Identifier: MIT
#include "thread.h"

#include <pthread.h>
#include <stdio.h>

namespace msgq
{

__thread Thread thread;

uint64_t thread_id_new()
{
	static uint64_t last;

	return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

/*
 * The parent's rings are not mapped in the child. With a new identity the
 * child is a foreign thread to every context that it inherits, and is told so
 * instead of crashing.
 */
static void thread_forked()
{
	thread.id = thread_id_new();
}

__attribute__((constructor)) static void thread_watch_forks()
{
	pthread_atfork(nullptr, nullptr, thread_forked);
}

} // namespace msgq

extern "C" {

int msgqipc_thread_init(void)
{
	msgq::thread_id();
	return msgq::succeed();
}

int msgqipc_get_error(void)
{
	return msgq::thread.error;
}

const char *msgqipc_error_detail(void)
{
	static __thread char sentence[256] __attribute__((tls_model("initial-exec")));
	const msgq::Thread &thread = msgq::thread;

	if (thread.error == MSGQIPC_ERR_SUCC || !thread.detail)
		return "";
	/* Literals of this library, all of them, with at most these arguments. */
	snprintf(sentence, sizeof(sentence), thread.detail, (unsigned long long)thread.bound[0],
		 (unsigned long long)thread.bound[1]);
	return sentence;
}
}
