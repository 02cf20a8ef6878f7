/* SPDX-License-Identifier: MIT */
/* What top shows at a time: what is there, and what happened since when. */
#ifndef MSGQCTL_TOP_FRAME_H
#define MSGQCTL_TOP_FRAME_H

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client.h"
#include "top_counter.h"

struct Tally {
	uint64_t total = 0; /* since top began */
	double rate = 0;    /* a second, since the last frame */
};

using Waits = std::array<uint64_t, WAIT_SLOTS>;

struct QueueRow {
	QueueId id;
	uint64_t key = 0;
	std::optional<msgqipc_info> info; /* none: it is gone, or may not be looked at */
	bool gone = false;
	uint32_t pid = 0; /* of its owner */
	std::string command;
	Tally sent, received, refused, cancelled, reaped, revoked;
	Tally wakes, slept, waits;    /* by tracepoints */
	std::optional<double> asleep; /* seconds */
	Waits waited{};		      /* since the last frame */
	Waits waited_ever{};

	std::string name() const; /* the key, or "#3" */
	bool busy() const;
};

struct SenderRow {
	SenderId id;
	std::string queue;
	std::string command;
	Tally sent, bytes, refused, wakes, cancelled, reaped, revoked;

	bool busy() const;
};

/* Who cannot go on, and because of whom. */
struct Block {
	enum Kind { Waiting, Refused, Stalled } kind;
	QueueId id;
	std::string queue;
	uint32_t pid = 0;
	std::string command;
	uint32_t by_pid = 0; /* 0: nobody in particular */
	std::string by_command;
	double much = 0; /* seconds asleep, refusals a second, claims revoked */

	std::string text() const;
};

struct Frame {
	int64_t time_ns = 0; /* since the epoch */
	double elapsed = 0;  /* seconds since top began */
	double interval = 0; /* and since the last frame */
	std::string host;
	Sight sight;
	uint64_t lost = 0;
	std::vector<QueueRow> queues;	/* the busiest first */
	std::vector<SenderRow> senders; /* the same */
	std::vector<Block> blocks;
	Tally sent, received, refused, wakes, revoked, reaped;
	Waits waited{};
};

class History
{
public:
	explicit History(const Client &client);

	/* What is counted in another way than by the list comes with @counts. */
	Frame next(const Counts &counts, const Sight &sight);

private:
	using Clock = std::chrono::steady_clock;

	/* Of a queue that the list has shown. */
	struct Listed {
		msgqipc_info first; /* all 0 if it was made since top began */
		msgqipc_info last;
	};

	void list(const Counts &counts);
	QueueRow queue(const QueueId &id, const Counts &counts) const;
	SenderRow sender(const SenderId &id, const sender_count &count) const;
	Tally tally(uint64_t now, uint64_t before) const;
	void find_blocks(Frame &frame) const;

	const Client &client_;
	std::string host_;
	Clock::time_point began_, shown_;
	double interval_ = 0;
	bool first_ = true;
	std::map<QueueId, Listed> listed_;
	std::map<QueueId, bool> there_;	     /* in the last list */
	std::map<QueueId, QueueRow> queues_; /* of the last frame */
	std::map<SenderId, SenderRow> senders_;
};

/* The name of a process that is in sight; "" otherwise. */
std::string command_of(uint32_t pid);

#endif
