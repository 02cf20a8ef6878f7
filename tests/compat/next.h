/* SPDX-License-Identifier: MIT */
/*
 * The interface one version on, for builds of library and msgqd that a test makes:
 * included by the compiler before what is to believe it. With MSGQ_COMPAT_FAR it
 * does not work with today's version any more.
 */
#ifndef MSGQ_TESTS_COMPAT_NEXT_H
#define MSGQ_TESTS_COMPAT_NEXT_H

#include <uapi/linux/msgq.h>

enum {
	MSGQ_COMPAT_VERSION = MSGQ_ABI_VERSION + 1,
#ifdef MSGQ_COMPAT_FAR
	MSGQ_COMPAT_OLDEST = MSGQ_COMPAT_VERSION,
#else
	MSGQ_COMPAT_OLDEST = MSGQ_ABI_OLDEST,
#endif
};

#undef MSGQ_ABI_VERSION
#undef MSGQ_ABI_OLDEST
#define MSGQ_ABI_VERSION MSGQ_COMPAT_VERSION
#define MSGQ_ABI_OLDEST MSGQ_COMPAT_OLDEST

#endif
