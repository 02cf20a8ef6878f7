/* SPDX-License-Identifier: MIT */
/* What all processes of a program share: what to do, and what came of it. */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_BOARD_H
#define MSGQ_TESTS_FUZZ_DEVICE_BOARD_H

#include <atomic>
#include <sys/types.h>

#include "../request.h"
#include "program.h"

/* To one actor: the call to do. It has done as many as have been posted, or is at it. */
struct Mail {
	std::atomic<uint32_t> posted, done;
	std::atomic<pid_t> thread; /* the actor's; 0 until it has begun */
	Call call;
};

struct Board {
	Known known;
	msgq_area area[Known::room]; /* of any context: a foreign one's must be refused */
	unsigned areas;
	Mail mail[ACTORS];
	int inbox[PROCESSES][2]; /* to pass descriptors to the process; it reads the first */
	pid_t pid[PROCESSES];	 /* 0: there is none */

	void forget()
	{
		known = {};
		memset(area, 0, sizeof(area));
		areas = 0;
	}

	void learn(const msgq_area *told)
	{
		for (unsigned i = 0; i <= MSGQ_AREA_SLOTS; i++)
			area[areas++ % Known::room] = told[i];
	}
};

/* For the actors, who may be stopped or killed meanwhile: no locks. */
void board_wake(std::atomic<uint32_t> *word);
/* Until it is not @seen any more, or so long; ns < 0: for ever. */
void board_wait(const std::atomic<uint32_t> *word, uint32_t seen, int64_t ns);

#endif
