/* SPDX-License-Identifier: MIT */
/*
 * An operation of a party, run anew for each of its accesses: all that it has
 * read so far is served from its log, and at the first access that the log
 * does not know it is abandoned and the access handed out. So a party in the
 * middle of an operation is plain data, which can be copied and compared, and
 * needs no stack.
 *
 * This is exact, since the ring's code does nothing but compute on its
 * arguments and on what it reads.
 */
#ifndef MSGQ_TESTS_MODEL_REPLAY_H
#define MSGQ_TESTS_MODEL_REPLAY_H

#include <csetjmp>
#include <cstdint>

#include "access.h"

/* No operation on so small a ring takes as many accesses, unless it runs wild. */
inline constexpr unsigned log_max = 48;

struct Log {
	uint8_t size;
	uint64_t value[log_max];
};

class Replay
{
public:
	/* What @run does next, given @log; Act::none when it comes to its end. */
	template <typename Run>
	static Access next(const Log &log, Run run)
	{
		log_ = &log;
		at_ = 0;
		if (!_setjmp(abandon_))
			run(), pending_ = {};
		log_ = nullptr;
		return pending_;
	}

	/* Whether accesses are the model's; outside of a replay they are real. */
	static bool on()
	{
		return log_;
	}

	static uint64_t access(const Access &access)
	{
		if (at_ < log_->size)
			return log_->value[at_++];
		pending_ = access;
		_longjmp(abandon_, 1);
	}

	/* What the kernel does around the ring. */
	static void act(Act what, unsigned value = 0)
	{
		access({ what, places, 0, value });
	}

private:
	inline static const Log *log_;
	inline static unsigned at_;
	inline static Access pending_;
	inline static jmp_buf abandon_;
};

#endif
