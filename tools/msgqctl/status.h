/* SPDX-License-Identifier: MIT */
/*
 * What a receiver of a file tells the world while it works: a small file of
 * lines "name value", replaced as a whole. A replacement for a dead sender
 * reads there where to go on.
 */
#ifndef MSGQCTL_STATUS_H
#define MSGQCTL_STATUS_H

#include <cstdint>
#include <map>
#include <string>

#include <msgqipc.h>

struct Status {
	struct Part {
		uint64_t begin = 0; /* offset of the first byte that came */
		uint64_t next = 0;  /* offset of the first byte that has not come */
		bool ended = false;
	};

	std::string addr;      /* of the queue */
	uint64_t received = 0; /* by the queue's own count, as in the list */
	uint64_t messages = 0;
	uint64_t bytes = 0;
	uint64_t duplicates = 0; /* bytes */
	uint64_t missing = 0;	 /* bytes that later ones have overtaken */
	bool done = false;
	std::map<uint16_t, Part> parts; /* those of which something came */
};

void write_status(const std::string &path, msgqipc_key key, const Status &status);
/* False if there is no such file. */
bool read_status(const std::string &path, Status &status);

#endif
