/* SPDX-License-Identifier: MIT */
/*
 * How often a receiver looks for a message before it sleeps. Falling asleep
 * and being woken costs two system calls and two switches; a sender that runs
 * and is about to publish is worth waiting for about as long. One that does
 * not come, or waits for this very CPU, is not: a receiver that looked in
 * vain looks only a little the next times, twice as many times as before.
 */
#ifndef MSGQ_LIB_PATIENCE_H
#define MSGQ_LIB_PATIENCE_H

#include <stdint.h>

namespace msgq
{

class Patience
{
public:
	uint32_t looks() const
	{
		return sleeps_ ? 4 : 128;
	}

	void rewarded()
	{
		vain_ = sleeps_ = 0;
	}

	void disappointed()
	{
		if (sleeps_) {
			sleeps_--;
			return;
		}
		if (vain_ < 6)
			vain_++;
		sleeps_ = (1u << vain_) - 1;
	}

private:
	uint32_t vain_;	  /* long looks in vain, one after the other */
	uint32_t sleeps_; /* to come with but a short look before each */
};

} // namespace msgq

#endif
