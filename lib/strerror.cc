// SPDX-License-Identifier: MIT
#include <msgqipc.h>

namespace
{

struct Sentence {
	int error;
	const char *text;
};

#define SENTENCE(name, text)                                                                       \
	{                                                                                          \
		MSGQIPC_ERR_##name, #name ": " text                                                \
	}

const Sentence sentences[] = {
	SENTENCE(SUCC, "operation successful"),
	SENTENCE(INVAL, "invalid argument"),
	SENTENCE(NORES, "out of resources"),
	SENTENCE(RNR, "receiver not ready: the queue is full, try again"),
	SENTENCE(FAILOVER, "hardware failover occurred"),
	SENTENCE(FAILURE, "general failure occurred"),
	SENTENCE(NOTSUPP, "not supported"),
	SENTENCE(TRUNC, "object truncated: the buffer is smaller than the message"),
	SENTENCE(SIZE, "object too large"),
	SENTENCE(INACTIVE, "target exists but is inactive"),
	SENTENCE(EXISTS, "object already exists"),
	SENTENCE(CANCEL, "object or operation cancelled"),
	SENTENCE(NOTFOUND, "object not found"),
	SENTENCE(NRQR, "NRQR value is invalid"),
	SENTENCE(ACCES, "permission denied"),
};

} // namespace

extern "C" const char *msgqipc_strerror(int error)
{
	for (const Sentence &sentence : sentences) {
		if (sentence.error == error)
			return sentence.text;
	}
	return "unknown error code";
}
