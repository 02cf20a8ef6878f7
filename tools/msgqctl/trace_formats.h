/* SPDX-License-Identifier: MIT */
/*
 * The module's tracepoints as the kernel describes them in tracefs. Where a
 * field is in an event's record is looked up there by name, so that it may move
 * from one version of the module to the next.
 */
#ifndef MSGQCTL_TRACE_FORMATS_H
#define MSGQCTL_TRACE_FORMATS_H

#include <cstdint>
#include <string>
#include <vector>

struct Field {
	std::string name;
	uint32_t offset = 0;
	uint32_t size = 0;
	bool is_signed = false;
};

struct Tracepoint {
	std::string name;	   /* without msgq_ */
	std::vector<Field> fields; /* those of its own, in their order */
	uint32_t length = 0;	   /* of the record */

	const Field *find(const std::string &name) const;
};

struct Formats {
	std::vector<Tracepoint> tracepoints; /* by name */
	std::string why;		     /* there are none */

	const Tracepoint *find(const std::string &name) const;
};

Formats read_formats();

/* The number that is at @field of a @record. */
uint64_t read_field(const unsigned char *record, const Field &field);

#endif
