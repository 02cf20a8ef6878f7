// SPDX-License-Identifier: MIT
#include "report.h"

#include <algorithm>

void print_csv(FILE *to, const Plan &plan)
{
	fprintf(to, "measure,len,peer,unit,median,min,max,ratio,p50,p99,p999,rounds,disturbed\n");
	for (const Series &series : plan.all) {
		if (series.ns.empty())
			continue;
		const auto [low, high] = std::minmax_element(series.ns.begin(), series.ns.end());
		const double a = series.shown(*low), b = series.shown(*high);
		const double part = ratio(plan.all, series);

		fprintf(to, "\"%s\",%u,\"%s\",%s,%.3f,%.3f,%.3f,", series.measure.c_str(),
			series.len, series.peer.c_str(), unit_name(series.unit),
			series.shown(series.median()), std::min(a, b), std::max(a, b));
		fprintf(to, part > 0 ? "%.3f," : ",", part);
		if (series.trips.empty())
			fprintf(to, ",,,");
		else
			fprintf(to, "%.1f,%.1f,%.1f,", series.quantile(0.5), series.quantile(0.99),
				series.quantile(0.999));
		fprintf(to, "%zu,%u\n", series.ns.size(), series.disturbed);
	}
}

void print_latencies(FILE *to, const Plan &plan)
{
	fprintf(to, "len,peer,above,ns\n");
	for (const Series &series : plan.all) {
		if (series.trips.empty())
			continue;
		/* @above: the part of the trips that took longer; as far as there are some. */
		for (double above = 1; above * static_cast<double>(series.trips.size()) >= 10;
		     above /= 1.1)
			fprintf(to, "%u,\"%s\",%g,%.1f\n", series.len, series.peer.c_str(), above,
				series.quantile(1 - above));
	}
}
