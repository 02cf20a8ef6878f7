/* SPDX-License-Identifier: MIT */
/* What a party keeps, and what the ring's code makes of it. */
#ifndef MSGQ_TESTS_MODEL_LOCAL_H
#define MSGQ_TESTS_MODEL_LOCAL_H

#include <msgq/sender.h>

#include "memory.h"

inline msgq_pos position(const Local &local)
{
	msgq_pos pos = {};

	pos.t = local.t;
	pos.lap = local.lap;
	pos.index = local.index;
	return pos;
}

inline void keep(Local *local, const msgq_pos &pos)
{
	local->t = static_cast<uint32_t>(pos.t);
	local->lap = static_cast<uint32_t>(pos.lap);
	local->index = pos.index;
}

inline msgq_sender sender_of(const Local &local)
{
	msgq_sender s = {};

	s.ring = Memory::ring();
	s.guess = position(local);
	s.head = local.head;
	s.index = local.sender;
	s.revokes = local.revokes;
	return s;
}

inline void keep(Local *local, const msgq_sender &s)
{
	keep(local, s.guess);
	local->head = static_cast<uint32_t>(s.head);
	local->sender = s.index;
	local->revokes = static_cast<uint32_t>(s.revokes);
	local->claim = static_cast<uint32_t>(s.claim);
	local->seen = static_cast<uint32_t>(s.seen);
}

#endif
