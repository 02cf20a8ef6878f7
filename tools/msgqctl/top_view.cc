// SPDX-License-Identifier: MIT
#include "top_view.h"

#include <algorithm>
#include <cstdio>

#include "clock.h"
#include "top_text.h"
#include "trace_event.h"

namespace
{

constexpr size_t WIDE = 120; /* columns from which on there is more to see */
const char bold[] = "\033[1m", inverse[] = "\033[7m", red[] = "\033[31m", yellow[] = "\033[33m",
	   dim[] = "\033[2m", plain[] = "\033[m";

template <typename Row>
struct Column {
	const char *title;
	size_t width;
	bool right;
	bool wide; /* only where there is room */
	std::string (*text)(const Row &row, const Look &look);
};

std::string count_or_dash(bool known, const std::string &text)
{
	return known ? text : "-";
}

std::string depth(const QueueRow &row)
{
	return row.info ? std::to_string(row.info->depth) + "/" + std::to_string(row.info->entries)
			: "-";
}

/* The wait that so many in a thousand did not exceed. */
std::string quantile(const Waits &waits, uint64_t permille)
{
	uint64_t all = 0, seen = 0;

	for (uint64_t count : waits)
		all += count;
	for (size_t slot = 0; slot < waits.size(); slot++) {
		seen += waits[slot];
		if (all && seen * 1000 >= all * permille)
			return print_time(static_cast<double>(1ull << slot) * 1e-6);
	}
	return "-";
}

std::string state(const QueueRow &row)
{
	if (row.gone)
		return "gone";
	if (row.asleep)
		return "asleep";
	if (!row.info)
		return "-";
	if (!row.info->active)
		return "inactive";
	return row.info->depth >= row.info->entries ? "full"
	       : row.info->waiting		    ? "asleep"
						    : "active";
}

std::string process(const std::string &command, uint32_t pid)
{
	return pid ? command + "[" + std::to_string(pid) + "]" : "-";
}

#define QUEUE [](const QueueRow &row, const Look &look [[maybe_unused]]) -> std::string
#define SENDER [](const SenderRow &row, const Look &look [[maybe_unused]]) -> std::string

const Column<QueueRow> queue_columns[] = { { "QUEUE", 10, false, false, QUEUE{ return row.name();
} // namespace
}
, { "STATE", 8, false, false, QUEUE{ return state(row);
}
}
, { "DEPTH", 10, true, false, QUEUE{ return depth(row);
}
}
, { "", 5, false, false,
    QUEUE{ return row.info ? print_bar(row.info->depth, row.info->entries, 5, look.utf8) : "";
}
}
, { "SENT/s", 6, true, false, QUEUE{ return print_rate(row.sent.rate);
}
}
, { "RECV/s", 6, true, false, QUEUE{ return print_rate(row.received.rate);
}
}
, { "FULL/s", 6, true, false, QUEUE{ return print_rate(row.refused.rate);
}
}
, { "WAKE/s", 6, true, false, QUEUE{ return print_rate(row.wakes.rate);
}
}
, { "WAIT/s", 6, true, true, QUEUE{ return print_rate(row.waits.rate);
}
}
, { "W50<", 6, true, true, QUEUE{ return quantile(row.waited, 500);
}
}
, { "W99<", 6, true, true, QUEUE{ return quantile(row.waited, 990);
}
}
, { "SENT", 10, true, true, QUEUE{ return std::to_string(row.sent.total);
}
}
, { "RECEIVED", 10, true, true, QUEUE{ return std::to_string(row.received.total);
}
}
, { "FULL", 8, true, true, QUEUE{ return std::to_string(row.refused.total);
}
}
, { "SENDERS", 7, true, true,
    QUEUE{ return count_or_dash(row.info.has_value(),
				std::to_string(row.info ? row.info->senders : 0));
}
}
, { "REAPED", 6, true, true, QUEUE{ return std::to_string(row.reaped.total + row.revoked.total);
}
}
, { "OWNER", 24, false, false, QUEUE{ return process(row.command, row.pid);
}
}
,
}
;

const Column<SenderRow> sender_columns[] = {
	{ "SENDER", 24, false, false, SENDER{ return process(row.command, row.id.second);
}
}
, { "QUEUE", 12, false, false, SENDER{ return row.queue;
}
}
, { "SENT/s", 6, true, false, SENDER{ return print_rate(row.sent.rate);
}
}
, { "B/s", 6, true, false, SENDER{ return print_rate(row.bytes.rate);
}
}
, { "FULL/s", 6, true, false, SENDER{ return print_rate(row.refused.rate);
}
}
, { "WAKE/s", 6, true, false, SENDER{ return print_rate(row.wakes.rate);
}
}
, { "SENT", 10, true, false, SENDER{ return std::to_string(row.sent.total);
}
}
, { "BYTES", 12, true, true, SENDER{ return std::to_string(row.bytes.total);
}
}
, { "FULL", 8, true, true, SENDER{ return std::to_string(row.refused.total);
}
}
, { "CANCELLED", 9, true, true, SENDER{ return std::to_string(row.cancelled.total);
}
}
, { "REAPED", 6, true, true, SENDER{ return std::to_string(row.reaped.total);
}
}
, { "REVOKED", 7, true, true, SENDER{ return std::to_string(row.revoked.total);
}
}
,
}
;

#undef QUEUE
#undef SENDER

std::string colored(const std::string &text, const char *color, const Look &look)
{
	return look.color && *color ? color + text + plain : text;
}

const char *color_of(const QueueRow &row)
{
	if (row.gone)
		return dim;
	return row.refused.rate > 0 ? red : "";
}

const char *color_of(const SenderRow &row)
{
	return row.refused.rate + row.revoked.rate > 0 ? red : "";
}

class Page
{
public:
	explicit Page(const Look &look) : look_(look)
	{
	}

	void line(const std::string &text, const char *color = "")
	{
		std::string line = fit(text, std::min(look_.width, text_width(text)));

		line.erase(line.find_last_not_of(' ') + 1);
		lines_.push_back(colored(line, color, look_));
	}

	/* Between words, onto more lines than one if need be. */
	void wrap(const std::string &text, const char *color)
	{
		std::string rest = text;
		const std::string indent = "  ";

		while (text_width(rest) > look_.width) {
			size_t at = rest.rfind(' ', look_.width);

			if (at == std::string::npos || at <= indent.size())
				at = look_.width;
			line(rest.substr(0, at), color);
			rest.erase(0, at);
			rest.erase(0, std::min(rest.size(), rest.find_first_not_of(' ')));
			rest.insert(0, indent);
		}
		line(rest, color);
	}

	/* @most: rows shown; the others are counted. */
	template <typename Row, size_t N>
	void table(const std::vector<Row> &rows, const Column<Row> (&columns)[N], size_t most)
	{
		std::string heading;
		size_t shown = 0;

		for (const Column<Row> &column : columns)
			if (!column.wide || look_.width >= WIDE)
				heading += fit(column.title, column.width, column.right) + ' ';
		lines_.push_back(colored(fit(heading, look_.width), inverse, look_));
		if (!look_.color)
			lines_.back().erase(lines_.back().find_last_not_of(' ') + 1);
		for (const Row &row : rows) {
			std::string text;

			if (shown++ == most) {
				line("  and " + std::to_string(rows.size() - most) + " more", dim);
				break;
			}
			for (const Column<Row> &column : columns)
				if (!column.wide || look_.width >= WIDE)
					text += fit(column.text(row, look_), column.width,
						    column.right) +
						' ';
			line(text, color_of(row));
		}
	}

	size_t left() const
	{
		if (!look_.height)
			return SIZE_MAX;
		return look_.height > lines_.size() ? look_.height - lines_.size() : 0;
	}

	std::vector<std::string> take()
	{
		if (look_.height && lines_.size() > look_.height)
			lines_.resize(look_.height);
		return std::move(lines_);
	}

private:
	const Look &look_;
	std::vector<std::string> lines_;
};

void head(Page &page, const Frame &frame)
{
	size_t active = 0, asleep = 0, gone = 0;

	for (const QueueRow &row : frame.queues) {
		active += row.info && row.info->active;
		asleep += row.asleep || (row.info && row.info->waiting);
		gone += row.gone;
	}
	page.line("msgqctl top - " + print_clock(frame.time_ns, 0) + ", for " +
			  print_time(frame.elapsed) + ", " + frame.host,
		  bold);
	page.line("Queues:   " + std::to_string(frame.queues.size() - gone) + ", " +
		  std::to_string(active) + " active, " + std::to_string(asleep) + " asleep, " +
		  std::to_string(gone) + " gone since");
	page.line("Messages: " + print_rate(frame.sent.rate) + "/s sent, " +
		  print_rate(frame.received.rate) + " received, " + print_rate(frame.refused.rate) +
		  " refused; " + print_rate(frame.wakes.rate) + " wake-ups, " +
		  print_rate(frame.reaped.rate + frame.revoked.rate) + " taken back");
	for (const std::string &unseen : frame.sight.unseen)
		page.wrap("Cannot see " + unseen, yellow);
	if (frame.lost)
		page.wrap("Not counted, for too many queues or senders: " +
				  std::to_string(frame.lost) + " events",
			  red);
}

void blocks(Page &page, const Frame &frame, size_t most)
{
	size_t shown = 0;

	if (frame.blocks.empty())
		return;
	page.line("");
	page.line("Who waits, and for whom", bold);
	for (const Block &block : frame.blocks) {
		if (shown++ == most) {
			page.line("  and " + std::to_string(frame.blocks.size() - most) + " more",
				  dim);
			break;
		}
		page.line("  " + block.text(), block.kind == Block::Waiting ? "" : red);
	}
}

void histogram(Page &page, const Frame &frame, const Look &look)
{
	size_t first = WAIT_SLOTS, last = 0;
	uint64_t most = 0;

	for (size_t slot = 0; slot < WAIT_SLOTS; slot++) {
		if (!frame.waited[slot])
			continue;
		first = std::min(first, slot);
		last = slot;
		most = std::max(most, frame.waited[slot]);
	}
	if (!most)
		return;
	page.line("");
	page.line("How long receivers waited, this time", bold);
	for (size_t slot = first; slot <= last; slot++) {
		char count[32];
		size_t width = std::min<size_t>(look.width - 26, 60);

		snprintf(count, sizeof(count), " %llu",
			 static_cast<unsigned long long>(frame.waited[slot]));
		page.line("  below " +
			  fit(print_time(static_cast<double>(1ull << slot) * 1e-6), 6, true) + " " +
			  print_bar(static_cast<double>(frame.waited[slot]),
				    static_cast<double>(most), width, look.utf8) +
			  count);
	}
}

} // namespace

std::vector<std::string> render(const Frame &frame, const Look &look)
{
	Page page(look);

	head(page, frame);
	page.line("");
	/* Some of each, and of the first what is left. */
	size_t room = page.left() == SIZE_MAX ? SIZE_MAX : page.left() / 3;

	page.table(frame.queues, queue_columns, std::max<size_t>(room, 3));
	if (!frame.senders.empty()) {
		page.line("");
		page.table(frame.senders, sender_columns,
			   std::max<size_t>(room == SIZE_MAX ? room : room / 2, 2));
	}
	blocks(page, frame, room == SIZE_MAX ? room : std::max<size_t>(room / 2, 2));
	histogram(page, frame, look);
	return page.take();
}
