/* SPDX-License-Identifier: MIT */
/* How much, and how fast. */
#ifndef MSGQCTL_METER_H
#define MSGQCTL_METER_H

#include <chrono>
#include <cstdint>
#include <string>

std::string print_bytes(uint64_t bytes);		   /* 12.3 MB */
std::string print_count(uint64_t count);		   /* 12 345 678 */
std::string print_many(uint64_t count, const char *thing); /* 1 message, 2 messages */

class Meter
{
public:
	/* @live: shows progress on stderr, after @name. */
	Meter(std::string name, bool live);
	~Meter();
	Meter(const Meter &) = delete;
	Meter &operator=(const Meter &) = delete;

	void add(size_t length)
	{
		/* The first message starts the clock, not the wait for it. */
		if (!messages_++)
			start();
		bytes_ += length;
	}

	uint64_t messages() const
	{
		return messages_;
	}
	uint64_t bytes() const
	{
		return bytes_;
	}

	/* To be called at each tick. */
	void tick();
	/* What came through in all; to be called once nothing more will. */
	std::string total() const;
	/* Leaves the line that is being rewritten, so that others can be printed. */
	void leave();

private:
	using Clock = std::chrono::steady_clock;

	void start();
	std::string rates(double messages, double bytes, double seconds) const;

	std::string name_;
	bool live_, terminal_, on_line_ = false;
	uint64_t messages_ = 0, bytes_ = 0;
	int ticks_ = 0;
	Clock::time_point started_, shown_;
	uint64_t shown_messages_ = 0, shown_bytes_ = 0;
};

#endif
