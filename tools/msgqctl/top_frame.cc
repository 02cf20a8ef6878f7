// SPDX-License-Identifier: MIT
#include "top_frame.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "clock.h"
#include "notation.h"
#include "trace_event.h"

namespace
{

uint64_t since(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

double asleep_for(uint64_t since_ns)
{
	return static_cast<double>(since(clock_monotonic(), since_ns)) / 1e9;
}

std::string comm_text(const char (&comm)[16])
{
	return print_comm(std::string(comm, strnlen(comm, sizeof(comm))));
}

} // namespace

std::string command_of(uint32_t pid)
{
	std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
	std::string command;

	std::getline(file, command);
	return print_comm(command);
}

std::string QueueRow::name() const
{
	return key ? print_key(key) : "#" + std::to_string(id.first);
}

bool QueueRow::busy() const
{
	return sent.rate + received.rate + refused.rate + wakes.rate + waits.rate > 0;
}

bool SenderRow::busy() const
{
	return sent.rate + refused.rate + wakes.rate + reaped.rate + revoked.rate > 0;
}

std::string Block::text() const
{
	char text[200];
	std::string who = command + "[" + std::to_string(pid) + "]";
	std::string whom = by_pid ? by_command + "[" + std::to_string(by_pid) + "]" : "its owner";

	switch (kind) {
	case Waiting:
		if (much > 0)
			snprintf(text, sizeof(text), "%s waits for a message in %s, %.1f s",
				 who.c_str(), queue.c_str(), much);
		else
			snprintf(text, sizeof(text), "%s waits for a message in %s", who.c_str(),
				 queue.c_str());
		break;
	case Refused:
		snprintf(text, sizeof(text), "%s is refused by %s, which %s leaves full, %.0f/s",
			 who.c_str(), queue.c_str(), whom.c_str(), much);
		break;
	case Stalled:
		snprintf(text, sizeof(text),
			 "%s held up %s of %s, and had its claim revoked, %.0f times", who.c_str(),
			 queue.c_str(), whom.c_str(), much);
		break;
	}
	return text;
}

History::History(const Client &client)
    : client_(client), host_(client.host()), began_(Clock::now()), shown_(began_)
{
}

Tally History::tally(uint64_t now, uint64_t before) const
{
	return { now, interval_ > 0 ? static_cast<double>(since(now, before)) / interval_ : 0 };
}

void History::list(const Counts &counts)
{
	there_.clear();
	client_.each([&](const msgqipc_info &info) {
		QueueId id = counts.living(queue_number(info.addr));
		auto [listed, is_new] = listed_.try_emplace(id);

		/* Nobody counts lives when nothing is traced: the address tells. */
		if (!is_new && !same(listed->second.last.addr, info.addr)) {
			queues_.erase(id);
			is_new = true;
		}
		if (is_new)
			listed->second.first = first_ ? info : msgqipc_info{};
		listed->second.last = info;
		there_[id] = true;
		return true;
	});
	first_ = false;
}

/*
 * What the list told, what the probes counted and what was told at the end may
 * each have missed something, and never tell too much: the largest is the nearest.
 */
QueueRow History::queue(const QueueId &id, const Counts &counts) const
{
	auto counted = counts.queues.find(id);
	auto listed = listed_.find(id);
	auto before = queues_.find(id);
	const queue_count none{};
	const queue_count &count = counted == counts.queues.end() ? none : counted->second;
	const QueueRow unknown{};
	const QueueRow &last = before == queues_.end() ? unknown : before->second;
	QueueRow row{};
	uint64_t sent = count.sent, received = count.received, refused = count.refused, waits = 0;
	uint64_t cancelled = count.cancelled, reaped = count.reaped;

	row.id = id;
	row.key = count.key;
	row.pid = count.owner;
	row.gone = count.closed || (listed != listed_.end() && !there_.count(id));
	if (listed != listed_.end()) {
		const msgqipc_info &first = listed->second.first, &now = listed->second.last;
		row.key = now.key ? now.key : row.key;
		row.pid = now.pid ? now.pid : row.pid;
		sent = std::max(sent, since(now.sent, first.sent));
		received = std::max(received, since(now.received, first.received));
		/* Pokes, too: the probes tell sends alone. */
		if (!count.refused)
			refused = since(now.full, first.full);
		cancelled = std::max(cancelled, since(now.cancelled, first.cancelled));
		reaped = std::max(reaped, since(now.reaped, first.reaped));
		if (!row.gone)
			row.info = now;
	}
	/* Of what is gone, the end tells how many left it in all its life. */
	if (count.closed && (listed == listed_.end() || !listed->second.first.created_ns)) {
		uint64_t taken_back = cancelled + reaped + count.revoked;

		received = std::max(received, since(count.closed_received, taken_back));
		sent = std::max(sent, received);
	}
	row.command = last.command.empty() ? command_of(row.pid) : last.command;

	row.sent = tally(sent, last.sent.total);
	row.received = tally(received, last.received.total);
	row.refused = tally(refused, last.refused.total);
	row.cancelled = tally(cancelled, last.cancelled.total);
	row.reaped = tally(reaped, last.reaped.total);
	row.revoked = tally(count.revoked, last.revoked.total);
	row.wakes = tally(count.wakes, last.wakes.total);
	row.slept = tally(count.slept, last.slept.total);
	for (size_t i = 0; i < WAIT_SLOTS; i++) {
		row.waited_ever[i] = count.waits[i];
		row.waited[i] = since(count.waits[i], last.waited_ever[i]);
		waits += count.waits[i];
	}
	row.waits = tally(waits, last.waits.total);
	if (count.asleep_ns && !row.gone)
		row.asleep = asleep_for(count.asleep_ns);
	return row;
}

SenderRow History::sender(const SenderId &id, const sender_count &count) const
{
	auto before = senders_.find(id);
	const SenderRow unknown{};
	const SenderRow &last = before == senders_.end() ? unknown : before->second;
	SenderRow row{};

	row.id = id;
	row.command = comm_text(count.comm);
	if (row.command.empty())
		row.command = last.command.empty() ? command_of(id.second) : last.command;
	row.sent = tally(count.sent, last.sent.total);
	row.bytes = tally(count.bytes, last.bytes.total);
	row.refused = tally(count.refused, last.refused.total);
	row.wakes = tally(count.wakes, last.wakes.total);
	row.cancelled = tally(count.cancelled, last.cancelled.total);
	row.reaped = tally(count.reaped, last.reaped.total);
	row.revoked = tally(count.revoked, last.revoked.total);
	return row;
}

void History::find_blocks(Frame &frame) const
{
	std::map<QueueId, const QueueRow *> of;

	for (const QueueRow &queue : frame.queues) {
		of[queue.id] = &queue;
		/* One that is stopped in its sleep does not wait for messages. */
		bool empty = !queue.info || !queue.info->depth;
		bool waits = empty && (queue.asleep || (queue.info && queue.info->waiting));

		if (waits && !queue.gone)
			frame.blocks.push_back({ Block::Waiting, queue.id, queue.name(), queue.pid,
						 queue.command, 0, "", queue.asleep.value_or(0) });
	}
	for (const SenderRow &sender : frame.senders) {
		const QueueRow *queue = of[sender.id.first];
		uint32_t by = queue ? queue->pid : 0;
		std::string command = queue ? queue->command : "";

		if (sender.refused.rate > 0)
			frame.blocks.push_back({ Block::Refused, sender.id.first, sender.queue,
						 sender.id.second, sender.command, by, command,
						 sender.refused.rate });
		if (sender.revoked.rate > 0)
			frame.blocks.push_back({ Block::Stalled, sender.id.first, sender.queue,
						 sender.id.second, sender.command, by, command,
						 sender.revoked.rate * interval_ });
	}
}

Frame History::next(const Counts &counts, const Sight &sight)
{
	Clock::time_point now = Clock::now();
	Frame frame;

	interval_ = std::chrono::duration<double>(now - shown_).count();
	shown_ = now;
	frame.time_ns = clock_now();
	frame.elapsed = std::chrono::duration<double>(now - began_).count();
	frame.interval = interval_;
	frame.host = host_;
	frame.sight = sight;
	frame.lost = counts.lost;

	list(counts);
	for (const auto &[id, listed] : listed_)
		frame.queues.push_back(queue(id, counts));
	for (const auto &[id, count] : counts.queues)
		if (!listed_.count(id))
			frame.queues.push_back(queue(id, counts));
	queues_.clear();
	for (const QueueRow &row : frame.queues)
		queues_[row.id] = row;

	for (const auto &[id, count] : counts.senders) {
		frame.senders.push_back(sender(id, count));
		frame.senders.back().queue = queues_[id.first].name();
	}
	senders_.clear();
	for (const SenderRow &row : frame.senders)
		senders_[row.id] = row;

	auto add = [](Tally &sum, const Tally &tally) {
		sum.total += tally.total;
		sum.rate += tally.rate;
	};
	for (const QueueRow &row : frame.queues) {
		add(frame.sent, row.sent);
		add(frame.received, row.received);
		add(frame.refused, row.refused);
		add(frame.wakes, row.wakes);
		add(frame.revoked, row.revoked);
		add(frame.reaped, row.reaped);
		for (size_t i = 0; i < WAIT_SLOTS; i++)
			frame.waited[i] += row.waited[i];
	}
	auto work = [](const auto &row) {
		return row.sent.rate + row.refused.rate;
	};

	std::stable_sort(frame.queues.begin(), frame.queues.end(),
			 [&](const QueueRow &a, const QueueRow &b) {
				 double of_a = work(a) + a.received.rate;
				 double of_b = work(b) + b.received.rate;

				 return of_a != of_b ? of_a > of_b : a.gone < b.gone;
			 });
	std::stable_sort(frame.senders.begin(), frame.senders.end(),
			 [&](const SenderRow &a, const SenderRow &b) { return work(a) > work(b); });
	find_blocks(frame);
	return frame;
}
