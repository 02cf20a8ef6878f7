/* SPDX-License-Identifier: MIT */
/* What the kernel counts for top: tools/msgqctl/bpf/top.bpf.c. */
#ifndef MSGQCTL_TOP_COUNTER_H
#define MSGQCTL_TOP_COUNTER_H

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <linux/types.h>

#include "bpf/counters.h"
#include "trace_sight.h"

struct top_bpf;

/* The id of a queue, and which of those that had it. */
using QueueId = std::pair<uint32_t, uint32_t>;
/* A queue, and a process that sends to it. */
using SenderId = std::pair<QueueId, uint32_t>;

struct Counts {
	std::map<QueueId, queue_count> queues;
	std::map<SenderId, sender_count> senders;
	std::map<uint32_t, uint32_t> lives; /* of an id; not there: 0 */
	uint64_t lost = 0;		    /* there was no room for */

	QueueId living(uint32_t id) const
	{
		auto life = lives.find(id);

		return { id, life == lives.end() ? 0 : life->second };
	}
};

class TopCounter
{
public:
	/*
	 * @files: with probes; none: no probes. @no_module: why there are no
	 * tracepoints, or "". What cannot be, sight() tells.
	 */
	TopCounter(const std::vector<std::string> &files, const std::string &no_module);
	~TopCounter();
	TopCounter(const TopCounter &) = delete;
	TopCounter &operator=(const TopCounter &) = delete;

	const Sight &sight() const
	{
		return sight_;
	}
	Counts read() const;

private:
	bool load(const std::vector<std::string> &files, const std::string &no_module);

	Sight sight_;
	top_bpf *bpf_ = nullptr;
	std::unique_ptr<Links> links_;
};

#endif
