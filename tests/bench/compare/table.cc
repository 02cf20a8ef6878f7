// SPDX-License-Identifier: MIT
#include "report.h"

#include <algorithm>

#include "targets.h"

namespace
{

using Row = std::vector<std::string>;

std::string number(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*f", value < 100 ? (value < 10 ? 2 : 1) : 0, value);
	return text;
}

/* The first column to the left, the others to the right; the first row is the head. */
void print_rows(FILE *to, const std::vector<Row> &rows, bool markdown)
{
	std::vector<size_t> width(rows[0].size());

	for (const Row &row : rows)
		for (size_t i = 0; i < row.size(); i++)
			width[i] = std::max(width[i], row[i].size());
	for (size_t n = 0; n < rows.size(); n++) {
		for (size_t i = 0; i < rows[n].size(); i++)
			fprintf(to, i ? "%s%*s" : "%s%-*s",
				markdown ? "| "
				: i	 ? "  "
					 : "",
				static_cast<int>(width[i]), rows[n][i].c_str()),
				fputs(markdown ? " " : "", to);
		fputs(markdown ? "|\n" : "\n", to);
		if (markdown && !n) {
			for (size_t i = 0; i < width.size(); i++)
				fputs(i ? "| ---: " : "| --- ", to);
			fputs("|\n", to);
		}
	}
	fputs("\n", to);
}

/* A column of the comparison. */
struct Column {
	std::string head, measure;
	uint32_t len;
	double quantile; /* 0: the median of the pieces' means */
};

std::string cell(const Plan &plan, const Column &column, const std::string &peer)
{
	const Series *series = find(plan.all, column.measure, peer, column.len);

	if (!series)
		return "";
	return number(column.quantile > 0 ? series->quantile(column.quantile)
					  : series->shown(series->median()));
}

void print_columns(FILE *to, const Plan &plan, const std::vector<Column> &columns, bool markdown)
{
	std::vector<Row> rows(1);
	std::vector<std::string> peers = plan.peers;

	peers.push_back(RAW);
	rows[0].push_back("");
	for (const Column &column : columns)
		rows[0].push_back(column.head);
	for (const std::string &peer : peers) {
		Row row = { peer };
		bool any = false;

		for (const Column &column : columns) {
			row.push_back(cell(plan, column, peer));
			any |= !row.back().empty();
		}
		if (any)
			rows.push_back(row);
	}
	if (rows.size() > 1)
		print_rows(to, rows, markdown);
}

/* Ours beside its limits: the spread, and the ratio. */
void print_ratios(FILE *to, const Plan &plan, bool markdown)
{
	std::vector<Row> rows = { { "", "median", "unit", "min..max", "of raw", "p50", "p99",
				    "p99.9" } };

	for (const Series &series : plan.all) {
		if (series.ns.empty() || series.individual || series.unit == Unit::us ||
		    series.unit == Unit::bytes ||
		    (series.peer != OURS && series.peer != OURS_BLOCKING && series.peer != RAW))
			continue;
		const auto [low, high] = std::minmax_element(series.ns.begin(), series.ns.end());
		const double a = series.shown(*low), b = series.shown(*high);
		const double part = ratio(plan.all, series);
		const Series *trip = series.measure == ONE_WAY
					     ? find(plan.all, TRIP, series.peer, series.len)
					     : nullptr;
		Row row = { series.name(), number(series.shown(series.median())),
			    unit_name(series.unit),
			    number(std::min(a, b)) + ".." + number(std::max(a, b)),
			    part > 0 ? number(part) : "" };
		for (double part_of : { 0.5, 0.99, 0.999 })
			row.push_back(trip ? number(trip->quantile(part_of)) : "");
		rows.push_back(row);
	}
	if (rows.size() > 1)
		print_rows(to, rows, markdown);
}

void print_costs(FILE *to, const Plan &plan, bool markdown)
{
	std::vector<Row> rows = { { "", "unit", OURS, "POSIX mq" } };

	for (const Series &series : plan.all) {
		if (series.peer != OURS || series.ns.empty() ||
		    (series.unit != Unit::us && series.unit != Unit::bytes))
			continue;
		const Series *other = find(plan.all, series.measure, "POSIX mq", 0);

		rows.push_back({ series.measure, unit_name(series.unit),
				 number(series.shown(series.median())),
				 other ? number(other->shown(other->median())) : "" });
	}
	if (rows.size() > 1)
		print_rows(to, rows, markdown);
}

void title(FILE *to, bool markdown, const char *text)
{
	fprintf(to, markdown ? "%s:\n\n" : "%s\n", text);
}

} // namespace

void print_tables(FILE *to, const Plan &plan, bool markdown)
{
	std::vector<Column> rates;

	title(to, markdown, "One way, ns");
	print_columns(to, plan,
		      { { "8 B", ONE_WAY, 8, 0 },
			{ "56 B", ONE_WAY, 56, 0 },
			{ "64 B", ONE_WAY, 64, 0 },
			{ "8 B p50", TRIP, 8, 0.5 },
			{ "p99", TRIP, 8, 0.99 },
			{ "p99.9", TRIP, 8, 0.999 },
			{ "56 B p50", TRIP, 56, 0.5 },
			{ "p99", TRIP, 56, 0.99 },
			{ "p99.9", TRIP, 56, 0.999 },
			{ "a message of 64", BURST, 8, 0 } },
		      markdown);

	rates = { { "8 B", STREAM, 8, 0 },
		  { "56 B", STREAM, 56, 0 },
		  { "64 B", STREAM, 64, 0 },
		  { "eager 8 B", EAGER, 8, 0 },
		  { "eager 56 B", EAGER, 56, 0 },
		  { "eager 64 B", EAGER, 64, 0 },
		  { "2 on one CPU 8 B", SHARED, 8, 0 },
		  { "56 B", SHARED, 56, 0 } };
	for (const std::string &many : { std::string(TWO), senders_name(plan.most_senders) })
		for (uint32_t len : { 8u, 56u })
			if (find(plan.all, many, OURS, len))
				rates.push_back(
					{ many + " " + std::to_string(len) + " B", many, len, 0 });
	title(to, markdown, "Streams, million messages a second");
	print_columns(to, plan, rates, markdown);

	title(to, markdown, "Beside what the CPUs can do");
	print_ratios(to, plan, markdown);
	title(to, markdown, "Once, not for each message");
	print_costs(to, plan, markdown);
}

void print_notes(FILE *to, const Plan &plan, bool markdown)
{
	const char *bullet = markdown ? "- " : "";

	if (most_addresses() < 10000)
		fprintf(to, "%sLimits of files or mappings allow %u addresses, not 10000.\n",
			bullet, most_addresses());
	if (plan.most_senders == 0 && !find(plan.all, TWO, OURS, 8))
		fprintf(to, "%sThere are two CPUs: two senders share one.\n", bullet);
	for (const auto &[peer, why] : plan.missing)
		fprintf(to, "%s%s was not measured: %s\n", bullet, peer.c_str(), why.c_str());
	if (!plan.whole)
		fprintf(to, "%sThe time was up before everything was measured.\n", bullet);

	unsigned disturbed = 0, all = 0;
	for (const Series &series : plan.all) {
		if (series.lost)
			fprintf(to, "%s%s: %u pieces failed or did not end\n", bullet,
				series.name().c_str(), series.lost);
		all += !series.ns.empty();
		disturbed += series.disturbed * 2 > series.ns.size() && !series.yields;
	}
	if (disturbed)
		fprintf(to,
			"%sThe machine was busy: other processes had the CPUs in most pieces of %u "
			"of "
			"the %u measures.\n",
			bullet, disturbed, all);
	fputs("\n", to);
}

void print_targets(FILE *to, const Plan &plan, bool markdown)
{
	std::vector<Row> rows = { { "target", "found", "" } };

	for (const Verdict &verdict : judge(plan))
		rows.push_back({ verdict.target, verdict.found, verdict.met ? "met" : "missed" });
	if (rows.size() > 1)
		print_rows(to, rows, markdown);
}
