// SPDX-License-Identifier: MIT
#include "series.h"

#include <algorithm>

#include "../ticks.h"

uint32_t *trip_ticks;

constexpr unsigned AGAIN = 4;
/* On a busy machine, trying again must not take the time of the rounds. */
constexpr uint64_t AGAIN_NS_BEFOREHAND = 1'000'000'000;
constexpr uint64_t AGAIN_PART = 4;
constexpr unsigned LOST_MAX = 2;
constexpr uint64_t COUNT_MAX = 200000;

std::string Series::subject() const
{
	if (!len)
		return measure;
	return measure + " " + std::to_string(len) + (addresses ? "" : " B");
}

std::string Series::name() const
{
	return peer + ": " + subject();
}

bool Series::given_up() const
{
	return lost >= LOST_MAX;
}

/* Runs a piece, and fits the count for the next. */
Piece Series::play()
{
	const Piece piece = run(count);

	if (piece.lap.lost) {
		lost++;
	} else if (!fixed) {
		const double turn = static_cast<double>(piece.lap.ns) / static_cast<double>(count);

		/* Where a CPU is shared, a slow piece may be no accident, and may be followed by a slower one. */
		turn_ns = std::max(1.0, turn_ns > 0 && !yields ? std::min(turn_ns, turn) : turn);
		next = std::clamp(static_cast<uint64_t>(piece_ns / turn_ns), least,
				  individual ? TRIPS_MAX : COUNT_MAX);
	}
	return piece;
}

void Series::keep(const Piece &piece)
{
	disturbed += piece.lap.disturbed;
	ns.push_back(piece.each_ns);
	if (individual)
		for (uint64_t n = 0; n < count; n++)
			trips.push_back(static_cast<float>(Ticks::ns(trip_ticks[n]) / 2));
}

void Series::repeat(uint64_t deadline_ns)
{
	static const uint64_t begin = now_ns();
	static uint64_t spent;

	/* The first pieces are short, and warm everything up. */
	for (int warm = 0; !fixed && ns.empty() && warm < 3 && !given_up(); warm++) {
		count = warm ? next : least;
		play();
	}
	for (unsigned again = 0; !given_up(); again++) {
		const uint64_t from = now_ns();

		if (!fixed)
			count = next;
		const Piece piece = play();
		if (piece.lap.lost)
			continue;
		if (again)
			spent += now_ns() - from;
		if (piece.lap.disturbed && !yields && again < AGAIN && now_ns() < deadline_ns &&
		    spent < AGAIN_NS_BEFOREHAND + (now_ns() - begin) / AGAIN_PART)
			continue;
		keep(piece);
		return;
	}
}

double Series::median() const
{
	std::vector<double> sorted = ns;

	std::sort(sorted.begin(), sorted.end());
	return sorted[sorted.size() / 2];
}

double Series::shown(double each) const
{
	switch (unit) {
	case Unit::rate:
		return 1000 / each;
	case Unit::us:
		return each / 1000;
	default:
		return each;
	}
}

void Series::sort()
{
	std::sort(trips.begin(), trips.end());
}

double Series::quantile(double part) const
{
	const size_t at = static_cast<size_t>(part * static_cast<double>(trips.size()));

	return static_cast<double>(trips[std::min(at, trips.size() - 1)]);
}

const char *unit_name(Unit unit)
{
	static const char *const names[] = { "ns", "M/s", "us", "bytes" };

	return names[static_cast<int>(unit)];
}

const Series *find(const std::vector<Series> &all, const std::string &measure,
		   const std::string &peer, uint32_t len)
{
	for (const Series &series : all)
		if (series.measure == measure && series.peer == peer && series.len == len &&
		    !series.ns.empty())
			return &series;
	return nullptr;
}

double ratio(const std::vector<Series> &all, const Series &series)
{
	if (series.limit < 0 || series.ns.empty())
		return 0;
	const Series &limit = all[static_cast<size_t>(series.limit)];
	if (limit.ns.empty())
		return 0;
	return series.unit == Unit::rate ? limit.median() / series.median()
					 : series.median() / limit.median();
}
