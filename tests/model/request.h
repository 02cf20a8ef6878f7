/* SPDX-License-Identifier: MIT */
/* Operations that are requests of the kernel, made with its own sources. */
#ifndef MSGQ_TESTS_MODEL_REQUEST_H
#define MSGQ_TESTS_MODEL_REQUEST_H

#include "party.h"

/* False: it is none, or kmod/ is not taken in this case. */
bool request(const Task &task, Local *local, Result *result);

#endif
