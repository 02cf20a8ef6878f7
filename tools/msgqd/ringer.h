/* SPDX-License-Identifier: MIT */
/* The daemon's hand on the bells; apart from the core, which has no aio_abi.h. */
#ifndef MSGQD_RINGER_H
#define MSGQD_RINGER_H

#ifdef __cplusplus
extern "C" {
#endif

void ringer_ring(int bell);

#ifdef __cplusplus
}
#endif

#endif
