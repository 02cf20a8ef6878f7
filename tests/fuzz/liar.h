/* SPDX-License-Identifier: MIT */
/*
 * A daemon that answers the library whatever a fuzzer likes: nearly what
 * msgqd would, with lengths, numbers, descriptors or memory that are wrong.
 */
#ifndef MSGQ_TESTS_FUZZ_LIAR_H
#define MSGQ_TESTS_FUZZ_LIAR_H

#include "input.h"

class Liar
{
public:
	explicit Liar(Input *input) : input_(input)
	{
	}
	~Liar();

	Liar(const Liar &) = delete;
	Liar &operator=(const Liar &) = delete;

	/* The library's end becomes @fd, as if it had connected. */
	bool connect(int fd);
	/* A whole packet that the library sends. */
	void told(const void *packet, size_t size);

	/* Honest for as long as the library is to get anywhere. */
	void behave(bool well)
	{
		honest_ = well;
	}

private:
	void hang_up();
	void fill(uint32_t command, uint8_t *answer);
	void bend(uint8_t *answer, size_t size);
	int descriptor(size_t size, bool keeper);

	Input *input_;
	int end_ = -1;
	bool honest_ = true;
	uint32_t handles_ = 0;
	uint32_t capacity_ = 8;
};

#endif
