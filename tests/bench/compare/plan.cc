// SPDX-License-Identifier: MIT
#include "plan.h"

#include <string_view>

#include "../limits.h"
#include "../peers/all.h"
#include "traffic.h"

namespace
{

enum Limit { PING_8, PING_56, LINES };

Piece each(Lap lap, uint64_t count)
{
	return { lap, static_cast<double>(lap.ns) / static_cast<double>(count) };
}

void plan_limits(Plan &plan, const Options &options)
{
	const Place at = place(options.cpus, 2);

	for (uint32_t len : { 8u, 56u })
		plan.all.push_back({ ONE_WAY, RAW, len, Unit::ns, [=](uint64_t turns) {
					    return each(
						    raw_ping_pong(at.cpus, at.yields, len, turns),
						    2 * turns);
				    } });
	plan.all.push_back({ STREAM, RAW, 0, Unit::rate, [=](uint64_t count) {
				    return each(raw_lines(at.cpus, at.yields, count), count);
			    } });
}

template <typename Peer>
void plan_one_way(Plan &plan, const Options &options)
{
	const Place at = place(options.cpus, 2);
	const uint32_t entries = options.entries;

	for (uint32_t len : { 8u, 56u, 64u }) {
		Series mean = { ONE_WAY, Peer::name, len, Unit::ns, [=](uint64_t turns) {
				       return each(
					       ping_pong<Peer>(at, entries, len, turns, nullptr),
					       2 * turns);
			       } };
		mean.limit = len == 8 ? PING_8 : PING_56;
		plan.all.push_back(mean);

		Series trip = { TRIP, Peer::name, len, Unit::ns, [=](uint64_t turns) {
				       return each(
					       ping_pong<Peer>(at, entries, len, turns, trip_ticks),
					       2 * turns);
			       } };
		trip.limit = mean.limit;
		trip.individual = true;
		plan.all.push_back(trip);
	}
}

template <typename Peer>
void plan_stream(Plan &plan, const Options &options, const std::string &name, const Place &at,
		 uint32_t len, bool eager = false)
{
	const uint32_t entries = options.entries;
	const uint64_t senders = at.cpus.size() - 1;
	Series series = { name, Peer::name, len, Unit::rate, [=](uint64_t count) {
				 return each(stream<Peer>(at, entries, len, count, eager),
					     count * senders);
			 } };

	series.limit = LINES;
	series.yields = at.yields;
	/* Convoys form when a sender loses the CPU in the middle: let that happen some times. */
	if (at.yields)
		series.piece_ns = 1e7;
	plan.all.push_back(series);
}

/* Such a receiver has no regimes: it does not look in vain. */
template <typename Peer>
constexpr bool blocks()
{
	return std::string_view(Peer::name).ends_with("blocking");
}

template <typename Peer>
void plan_streams(Plan &plan, const Options &options)
{
	for (uint32_t len : { 8u, 56u, 64u }) {
		plan_stream<Peer>(plan, options, STREAM, place(options.cpus, 2), len);
		if (!blocks<Peer>())
			plan_stream<Peer>(plan, options, EAGER, place(options.cpus, 2), len, true);
	}
	if (!Peer::many_senders)
		return;
	const int one = options.cpus[0], other = options.cpus[options.cpus.size() > 1];
	for (uint32_t len : { 8u, 56u }) {
		plan_stream<Peer>(plan, options, SHARED, { { one, other, other }, true }, len);
		if (options.cpus.size() > 2)
			plan_stream<Peer>(plan, options, TWO, place(options.cpus, 3), len);
		if (plan.most_senders)
			plan_stream<Peer>(plan, options, senders_name(plan.most_senders),
					  place(options.cpus, plan.most_senders + 1), len);
	}
}

template <typename Peer>
void plan_burst(Plan &plan, const Options &options)
{
	const Place at = place(options.cpus, 2);
	const uint32_t entries = options.entries, size = 64;
	Series series = { BURST, Peer::name, 8, Unit::ns, [=](uint64_t turns) {
				 return each(burst<Peer>(at, entries, 8, size, turns),
					     turns * size);
			 } };

	series.least = 8;
	plan.all.push_back(series);
}

template <typename Peer>
void plan_peer(Plan &plan, const Options &options)
{
	const std::string why = Peer::missing();

	if (!why.empty()) {
		plan.missing.emplace_back(Peer::name, why);
		return;
	}
	plan.peers.push_back(Peer::name);
	plan_one_way<Peer>(plan, options);
	plan_streams<Peer>(plan, options);
	plan_burst<Peer>(plan, options);
}

template <typename... Each>
void plan_peers(Plan &plan, const Options &options, const std::tuple<Each...> *)
{
	(plan_peer<Each>(plan, options), ...);
}

} // namespace

std::string senders_name(unsigned senders)
{
	return std::to_string(senders) + " senders";
}

Plan make_plan(const Options &options)
{
	Plan plan;

	if (options.cpus.size() > 3)
		plan.most_senders = static_cast<unsigned>(options.cpus.size()) - 1;
	plan_limits(plan, options);
	plan_costs(plan, options);
	plan_addresses(plan, options);
	plan_peers(plan, options, static_cast<const Peers *>(nullptr));
	return plan;
}
