/* SPDX-License-Identifier: MIT */
/* One event, decoded, and the lines that tell it. */
#ifndef MSGQCTL_TRACE_EVENT_H
#define MSGQCTL_TRACE_EVENT_H

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include <linux/types.h>

#include "bpf/record.h"
#include "trace_formats.h"

struct Event {
	struct Value {
		std::string name;
		uint64_t number;
		std::string text; /* as it is printed */
		bool quoted;	  /* in JSON */
	};

	std::string name;
	bool library; /* told by a probe, and not by the module */
	uint64_t ns;  /* CLOCK_MONOTONIC */
	uint32_t task, netns;
	std::string comm;
	std::optional<uint32_t> id;
	std::optional<uint64_t> key;
	std::vector<Value> values; /* the rest */

	std::optional<uint64_t> find(const std::string &value) const;
};

Event decode(const record &record, const Formats &formats);

/* @epoch_ns: of clock_epoch(). */
std::string print_event(const Event &event, int64_t epoch_ns);
std::string event_json(const Event &event, int64_t epoch_ns);

/* A string of JSON. Bytes that are not ASCII become '?'. */
std::string json_quote(const std::string &text);
/* A process's name, which it chooses itself: fit for a terminal. */
std::string print_comm(const std::string &comm);

/* The names of the probes. */
extern const std::vector<std::string> probe_names;

#endif
