/* SPDX-License-Identifier: MIT */
/*
 * A process that uses msgqd and means no good, as far as msgqd sees it: its
 * end of a connection, what it holds of what it was answered, and a judgement
 * of every answer.
 */
#ifndef MSGQ_TESTS_FUZZ_PEER_H
#define MSGQ_TESTS_FUZZ_PEER_H

#include <memory>
#include <vector>

#include "../../tools/msgqd/client.h"
#include "input.h"
#include "request.h"

class Peer
{
public:
	/* As user @uid, if this process may be anybody. */
	explicit Peer(uid_t uid);
	~Peer();

	Peer(const Peer &) = delete;
	Peer &operator=(const Peer &) = delete;

	/* Whether msgqd still has the connection. */
	bool connected() const
	{
		return client_ != nullptr;
	}

	void ask(Input &input, Known *known);
	/* Anything at all; with descriptors, of a forged sender, or never read. */
	void babble(Input &input);
	/* To the memory of the queues, as far as there are descriptors for it. */
	void scribble(Input &input);
	void resize(Input &input);

private:
	enum class Manner { plain, with_descriptors, forged, unread };

	bool send(const void *packet, size_t size, Manner manner);
	void answered(uint32_t command, Known *known);

	int socket_ = -1;
	bool unread_ = false; /* an answer is there, and the next request the last */
	std::unique_ptr<Client> client_;
	std::vector<int> areas_; /* the last that came, oldest first */
};

/* Ends the program with the reason, for the fuzzer to keep what led to it. */
[[noreturn]] void fuzz_fail(const char *what);

#endif
