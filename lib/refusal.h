/* SPDX-License-Identifier: MIT */
/* What the kernel's refusals mean to a program: an error code and a sentence. */
#ifndef MSGQ_LIB_REFUSAL_H
#define MSGQ_LIB_REFUSAL_H

#include <uapi/linux/msgq.h>

namespace msgq
{

/* Sets the thread's error from a request that failed with @error; returns -1. */
int fail_refused(int error, const msgq_refusal &refusal);

} // namespace msgq

#endif
