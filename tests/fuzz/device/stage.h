/* SPDX-License-Identifier: MIT */
/* Where programs are played: makes the actors, tells them what to do, sees them off. */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_STAGE_H
#define MSGQ_TESTS_FUZZ_DEVICE_STAGE_H

#include "board.h"
#include "coverage.h"
#include "program.h"

struct Process;

class Stage
{
public:
	explicit Stage(const Coverage &coverage);
	~Stage();
	Stage(const Stage &) = delete;
	Stage &operator=(const Stage &) = delete;

	/* False when a process could not be killed: the kernel hangs. */
	bool play(const Program &program);

private:
	void set(const Program &program);
	void pass_foreign() const;
	bool await(unsigned actor, int64_t sleep_ns) const;
	bool tell(unsigned actor, const Call &call, int64_t wait_ns);
	void end(const Program &program);
	void close_all(unsigned process);
	bool clear();
	[[noreturn]] void be_process(unsigned number) const;
	void be_actor(Process *process, unsigned actor) const;

	const Coverage &coverage_;
	Board *board_;
};

#endif
