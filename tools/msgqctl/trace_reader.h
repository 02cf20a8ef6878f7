/* SPDX-License-Identifier: MIT */
/* The events, as they come out of the kernel. */
#ifndef MSGQCTL_TRACE_READER_H
#define MSGQCTL_TRACE_READER_H

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <linux/types.h>

#include "bpf/record.h"
#include "trace_formats.h"
#include "trace_sight.h"

struct ring_buffer;
struct trace_bpf;

class TraceReader
{
public:
	struct Options {
		std::set<std::string> events;	/* by name; none: all */
		std::vector<std::string> files; /* with the probes; none: no probes */
		uint32_t buffer_bytes = 1 << 22;
	};
	using See = std::function<void(const record &)>;

	TraceReader(const Options &options, const Formats &formats, See see);
	~TraceReader();
	TraceReader(const TraceReader &) = delete;
	TraceReader &operator=(const TraceReader &) = delete;

	const Sight &sight() const
	{
		return sight_;
	}
	/* Waits for events, so long at most; shows what there is. */
	void poll(int timeout_ms);
	/* Events that were not seen, since the beginning. */
	uint64_t lost() const;
	/* No more events; shows those that there still are. */
	void stop();

private:
	static int on_record(void *reader, void *data, size_t size);

	See see_;
	Sight sight_;
	trace_bpf *bpf_;
	ring_buffer *ring_ = nullptr;
	std::unique_ptr<Links> links_;
};

#endif
