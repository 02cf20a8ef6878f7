// SPDX-License-Identifier: MIT
#include "targets.h"

namespace
{

std::string number(double value, int digits = 2)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*f", digits, value);
	return text;
}

class Judge
{
public:
	explicit Judge(const Plan &plan) : plan_(plan)
	{
	}

	void limit(const char *measure, uint32_t len, bool at_least, double bound)
	{
		const Series *series = find(plan_.all, measure, OURS, len);

		if (!series)
			return;
		const double at = ratio(plan_.all, *series);
		if (at > 0)
			add(series->subject() + ": " + (at_least ? "at least " : "at most ") +
				    number(bound) + " of raw",
			    number(at), at_least ? at >= bound : at <= bound);
	}

	/* Against the best of the others. */
	void ahead(const std::string &measure, uint32_t len)
	{
		const Series *series = find(plan_.all, measure, OURS, len), *best = nullptr;

		for (const std::string &peer : plan_.peers) {
			const Series *other = find(plan_.all, measure, peer, len);

			if (other && peer != OURS && peer != OURS_BLOCKING &&
			    (!best || other->median() < best->median()))
				best = other;
		}
		if (!series || !best)
			return;
		const double ours = series->median(), theirs = best->median();
		add(measure + " " + std::to_string(len) + " B: ahead of every peer",
		    number(series->shown(ours), 1) + " " + unit_name(series->unit) + "; " +
			    best->peer + " " + number(best->shown(theirs), 1),
		    ours < theirs);
	}

	void rate(const char *measure, uint32_t len, double bound)
	{
		const Series *series = find(plan_.all, measure, OURS, len);

		if (!series)
			return;
		const double at = series->shown(series->median());
		add(series->subject() + ": at least " + number(bound, 0) + " M/s", number(at, 1),
		    at >= bound);
	}

	void blocking()
	{
		/* Of the single trips: once it sleeps, a piece's mean is that of the scheduler. */
		const Series *polled = find(plan_.all, TRIP, OURS, 8);
		const Series *sleeps = find(plan_.all, TRIP, OURS_BLOCKING, 8);

		if (!polled || !sleeps)
			return;
		const double at = sleeps->quantile(0.5) / polled->quantile(0.5);
		add("one way 8 B, blocking: p50 at most 1.20 of polled", number(at), at <= 1.2);
	}

	void addresses()
	{
		const Series *most = find(plan_.all, ADDRESSES, OURS, most_addresses());

		if (!most)
			return;
		const double at = ratio(plan_.all, *most);
		if (at > 0)
			add("send to " + std::to_string(most->len) +
				    " in turn: at most 1.25 of as many cache lines",
			    number(at), at <= 1.25);
	}

	std::vector<Verdict> verdicts;

private:
	void add(const std::string &target, const std::string &found, bool met)
	{
		verdicts.push_back({ target, found, met });
	}

	const Plan &plan_;
};

} // namespace

std::vector<Verdict> judge(const Plan &plan)
{
	Judge judge(plan);

	for (uint32_t len : { 8u, 56u, 64u })
		judge.limit(ONE_WAY, len, false, len > 56 ? 1.45 : 1.25);
	for (const char *regime : { STREAM, EAGER })
		for (uint32_t len : { 8u, 56u, 64u })
			judge.limit(regime, len, true, 0.3);
	for (const char *measure : { ONE_WAY, STREAM, EAGER })
		for (uint32_t len : { 8u, 56u, 64u })
			judge.ahead(measure, len);
	for (const char *measure : { TWO, SHARED })
		for (uint32_t len : { 8u, 56u })
			judge.ahead(measure, len);
	for (uint32_t len : { 8u, 56u })
		judge.rate(SHARED, len, 5);
	judge.blocking();
	judge.addresses();
	return judge.verdicts;
}
