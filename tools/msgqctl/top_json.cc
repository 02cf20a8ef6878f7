// SPDX-License-Identifier: MIT
#include "top_json.h"

#include <cstdio>
#include <functional>

#include "clock.h"
#include "notation.h"
#include "trace_event.h"

namespace
{

std::string number(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", value);
	return text;
}

class Object
{
public:
	Object &raw(const char *name, const std::string &json)
	{
		text_ += (text_.empty() ? "\"" : ", \"") + std::string(name) + "\": " + json;
		return *this;
	}
	Object &text(const char *name, const std::string &value)
	{
		return raw(name, json_quote(value));
	}
	Object &count(const char *name, uint64_t value)
	{
		return raw(name, std::to_string(value));
	}
	/* "sent" since top began, and "sent_rate". */
	Object &tally(const char *name, const Tally &tally)
	{
		count(name, tally.total);
		return raw((std::string(name) + "_rate").c_str(), number(tally.rate));
	}
	Object &pid(const char *name, uint32_t pid)
	{
		return raw(name, pid ? std::to_string(pid) : "null");
	}

	std::string take() const
	{
		return "{" + text_ + "}";
	}

private:
	std::string text_;
};

template <typename Rows>
std::string array(const Rows &rows, const auto &print)
{
	std::string text;

	for (const auto &row : rows)
		text += (text.empty() ? "" : ", ") + print(row);
	return "[" + text + "]";
}

/* Only what there is, by the time in us that the waits were shorter than. */
std::string waits_json(const Waits &waits)
{
	Object object;

	for (size_t slot = 0; slot < waits.size(); slot++)
		if (waits[slot])
			object.count(std::to_string(1ull << slot).c_str(), waits[slot]);
	return object.take();
}

std::string queue_json(const QueueRow &row)
{
	Object object;

	object.count("id", row.id.first)
		.raw("key", row.key ? json_quote(print_key(row.key)) : "null")
		.raw("addr", row.info ? json_quote(print_addr(row.info->addr)) : "null")
		.text("state", row.gone		  ? "gone"
			       : !row.info	  ? "unknown"
			       : row.info->active ? "active"
						  : "inactive")
		.pid("pid", row.pid)
		.text("command", row.command)
		.raw("depth", row.info ? std::to_string(row.info->depth) : "null")
		.raw("entries", row.info ? std::to_string(row.info->entries) : "null")
		.raw("asleep_seconds", row.asleep ? number(*row.asleep) : "null")
		.tally("sent", row.sent)
		.tally("received", row.received)
		.tally("refused", row.refused)
		.tally("cancelled", row.cancelled)
		.tally("reaped", row.reaped)
		.tally("revoked", row.revoked)
		.tally("wakes", row.wakes)
		.tally("wakes_of_sleepers", row.slept)
		.tally("waits", row.waits)
		.raw("waits_below_us", waits_json(row.waited_ever));
	return object.take();
}

std::string sender_json(const SenderRow &row)
{
	Object object;

	object.pid("pid", row.id.second)
		.text("command", row.command)
		.count("id", row.id.first.first)
		.text("queue", row.queue)
		.tally("sent", row.sent)
		.tally("bytes", row.bytes)
		.tally("refused", row.refused)
		.tally("cancelled", row.cancelled)
		.tally("reaped", row.reaped)
		.tally("revoked", row.revoked)
		.tally("wakes", row.wakes);
	return object.take();
}

std::string block_json(const Block &block)
{
	const char *kinds[] = { "waiting", "refused", "revoked" };
	const char *measures[] = { "seconds", "rate", "claims" };
	Object object;

	object.text("kind", kinds[block.kind])
		.pid("pid", block.pid)
		.text("command", block.command)
		.count("id", block.id.first)
		.text("queue", block.queue)
		.pid("by_pid", block.by_pid)
		.text("by_command", block.by_command)
		.raw(measures[block.kind], number(block.much));
	return object.take();
}

} // namespace

std::string frame_json(const Frame &frame)
{
	Object object;

	object.text("time", print_timestamp(frame.time_ns))
		.raw("elapsed", number(frame.elapsed))
		.raw("interval", number(frame.interval))
		.text("host", frame.host)
		.raw("tracepoints", frame.sight.tracepoints ? "true" : "false")
		.raw("probes", array(frame.sight.probed, json_quote))
		.raw("unseen", array(frame.sight.unseen, json_quote))
		.count("lost", frame.lost)
		.raw("queues", array(frame.queues, queue_json))
		.raw("senders", array(frame.senders, sender_json))
		.raw("blocks", array(frame.blocks, block_json));
	return object.take();
}
