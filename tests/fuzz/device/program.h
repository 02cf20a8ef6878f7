/* SPDX-License-Identifier: MIT */
/*
 * What is tried: some calls, each by one of a few actors, of which two at a
 * time are threads of one process. A program is bytes, and all bytes are one.
 */
#ifndef MSGQ_TESTS_FUZZ_DEVICE_PROGRAM_H
#define MSGQ_TESTS_FUZZ_DEVICE_PROGRAM_H

#include <cstdint>
#include <random>
#include <string>
#include <vector>

constexpr unsigned PROCESSES = 4;
constexpr unsigned THREADS = 2;
constexpr unsigned ACTORS = PROCESSES * THREADS;

using Random = std::mt19937_64;

struct Call {
	uint8_t act;
	uint8_t actor;
	uint8_t argument[22];

	unsigned process() const
	{
		return actor % ACTORS / THREADS;
	}
	unsigned thread() const
	{
		return actor % THREADS;
	}
};

/* How the calls follow on each other. */
constexpr uint8_t IN_TURN = 0; /* the next when the last is done, or has slept for a while */
constexpr uint8_t AT_ONCE = 1; /* the next when its actor is free */
constexpr uint8_t MODE_MASK = 1;
constexpr uint8_t FOREIGN = 2; /* a descriptor of somebody else's waits for them to take */
/* How it ends: with everything closed, by exits, or by kills; the last two in turn. */
constexpr uint8_t CLOSING = 0, EXITING = 4, KILLED = 8;
constexpr uint8_t END_MASK = EXITING | KILLED;

struct Program {
	static constexpr size_t LONGEST = 40;

	uint8_t mode = 0;
	std::vector<Call> calls;

	static Program from(const std::string &bytes);
	std::string bytes() const;

	/* One that makes sense as far as it goes. */
	static Program sample(Random &random);
	/* A few changes; @other gives calls to some of them. */
	void mutate(Random &random, const Program &other);
};

/* For people. */
void print(const Program &program);

#endif
