// SPDX-License-Identifier: MIT
#include "meter.h"

#include <cstdio>
#include <unistd.h>

#include "signals.h"

static std::string print_scaled(double value, const char *const *unit)
{
	bool scaled = false;
	char text[32];

	while (value >= 999.5 && unit[1]) {
		value /= 1000;
		unit++;
		scaled = true;
	}
	snprintf(text, sizeof(text), "%.*f%s", scaled && value < 99.95 ? 1 : 0, value, *unit);
	return text;
}

static std::string print_bytes(double bytes)
{
	static const char *const units[] = { " B", " kB", " MB", " GB", " TB", " PB", nullptr };

	return print_scaled(bytes, units);
}

std::string print_bytes(uint64_t bytes)
{
	return print_bytes(static_cast<double>(bytes));
}

std::string print_count(uint64_t count)
{
	std::string text = std::to_string(count);

	for (size_t at = text.size(); at > 3; at -= 3)
		text.insert(at - 3, 1, ' ');
	return text;
}

std::string print_many(uint64_t count, const char *thing)
{
	return print_count(count) + " " + thing + (count == 1 ? "" : "s");
}

Meter::Meter(std::string name, bool live)
    : name_(std::move(name)), live_(live), terminal_(isatty(STDERR_FILENO))
{
	start();
}

Meter::~Meter()
{
	leave();
}

void Meter::start()
{
	started_ = shown_ = Clock::now();
}

std::string Meter::rates(double messages, double bytes, double seconds) const
{
	static const char *const units[] = { "", " k", " M", " G", nullptr };

	if (seconds <= 0)
		return "";
	return print_scaled(messages / seconds, units) + " messages/s, " +
	       print_bytes(bytes / seconds) + "/s";
}

void Meter::tick()
{
	if (!live_)
		return;
	/* A log is read later and wants fewer lines than an eye wants updates. */
	if (!terminal_ && ++ticks_ % ticks_per_second)
		return;

	Clock::time_point now = Clock::now();
	std::chrono::duration<double> since = now - shown_;
	std::string line = name_ + print_many(messages_, "message") + ", " + print_bytes(bytes_);

	if (messages_)
		line += ", " + rates(static_cast<double>(messages_ - shown_messages_),
				     static_cast<double>(bytes_ - shown_bytes_), since.count());
	fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", line.c_str());
	on_line_ = terminal_;
	shown_ = now;
	shown_messages_ = messages_;
	shown_bytes_ = bytes_;
}

std::string Meter::total() const
{
	std::chrono::duration<double> since = Clock::now() - started_;
	std::string line = print_many(messages_, "message") + ", " + print_bytes(bytes_);
	char took[32];

	if (messages_ < 2)
		return line;
	snprintf(took, sizeof(took), " in %.2f s, ", since.count());
	return line + took +
	       rates(static_cast<double>(messages_), static_cast<double>(bytes_), since.count());
}

void Meter::leave()
{
	if (on_line_)
		fputc('\n', stderr);
	on_line_ = false;
}
