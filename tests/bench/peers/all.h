/* SPDX-License-Identifier: MIT */
/* Who is compared, in the order of the tables. */
#ifndef MSGQ_TESTS_BENCH_PEERS_ALL_H
#define MSGQ_TESTS_BENCH_PEERS_ALL_H

#include <tuple>

#include "boost.h"
#include "ck_ring.h"
#include "eventfd.h"
#include "futex.h"
#include "msgqipc.h"
#include "pipe.h"
#include "posix_mq.h"
#include "rte_ring.h"
#include "seqpacket.h"
#include "sysv.h"

// clang-format off
using Peers = std::tuple<
	Msgqipc,
	MsgqipcBlocking,
	CkRing,
	CkRingSingle,
	RteRing,
	RteRingRts,
	RteRingSingle,
	RteRingSingleBurst,
	FutexShm,
	EventfdShm,
	BoostMessageQueue,
	BoostBlocking,
	PosixMqSpinning,
	PosixMqBlocking,
	SysvSpinning,
	SysvBlocking,
	Pipe,
	Seqpacket>;
// clang-format on

#endif
