// SPDX-License-Identifier: MIT
#include "trace_event.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include <msgq/word.h>
#include <msgqipc.h>
#include <uapi/linux/msgq.h>

#include "clock.h"
#include "json.h"
#include "notation.h"

const std::vector<std::string> probe_names = { "send", "refused", "recv" };

namespace
{

/* What the numbers in the fields of that name mean. */
const struct Symbol {
	const char *field;
	int64_t number;
	const char *text;
} symbols[] = {
	{ "event", MSGQ_EVENT_FIRED, "readable" },
	{ "event", MSGQ_EVENT_CANSEND, "cansend" },
	{ "event", MSGQ_EVENT_CLOSED, "closed" },
	{ "limit", MSGQ_LIMIT_QUEUES, "queues" },
	{ "limit", MSGQ_LIMIT_CONTEXTS, "contexts" },
	{ "limit", MSGQ_LIMIT_BYTES, "bytes" },
	{ "limit", MSGQ_LIMIT_ATTACHMENTS, "attachments" },
	{ "result", 0, "ok" },
	{ "result", -ENOENT, "gone" },
	{ "result", -EINTR, "signal" },
	{ "result", -EAGAIN, "full" },
	{ "result", -EBADMSG, "broken" },
	{ "result", -ETIMEDOUT, "timeout" },
	{ "result", -ECONNREFUSED, "inactive" },
	{ "result", -ECANCELED, "closed" },
};

/* The arguments of the probes, in their order. */
const struct Signature {
	uint32_t kind;
	const char *name;
	std::vector<const char *> arguments;
} signatures[] = {
	{ RECORD_SEND, "send", { "id", "position", "len", "index" } },
	{ RECORD_REFUSED, "refused", { "id", "error", "len" } },
	{ RECORD_RECV, "recv", { "id", "position", "len", "word" } },
};

/* Of "RNR: receiver not ready", RNR. */
std::string error_name(int error)
{
	std::string text = msgqipc_strerror(error);

	return text.substr(0, text.find(':'));
}

void add_value(Event &event, const std::string &name, uint64_t number, bool is_signed)
{
	Event::Value value{ name, number, std::to_string(number), false };
	auto signed_number = static_cast<int64_t>(number);

	if (name == "id") {
		event.id = static_cast<uint32_t>(number);
		return;
	}
	if (name == "key") {
		event.key = number;
		return;
	}
	if (is_signed)
		value.text = std::to_string(signed_number);
	if (name == "error" && event.library) {
		value.text = error_name(static_cast<int>(number));
		value.quoted = true;
	}
	for (const Symbol &symbol : symbols) {
		if (name == symbol.field && signed_number == symbol.number) {
			value.text = symbol.text;
			value.quoted = true;
		}
	}
	event.values.push_back(value);
}

} // namespace

std::optional<uint64_t> Event::find(const std::string &value) const
{
	for (const Value &found : values)
		if (found.name == value)
			return found.number;
	return std::nullopt;
}

Event decode(const record &record, const Formats &formats)
{
	Event event{};

	event.ns = record.ns;
	event.task = record.pid;
	event.netns = record.netns;
	event.comm.assign(record.comm, strnlen(record.comm, sizeof(record.comm)));
	event.library = record.kind >= RECORD_SEND;
	if (!event.library) {
		if (record.kind >= formats.tracepoints.size())
			return event;
		const Tracepoint &tracepoint = formats.tracepoints[record.kind];

		event.name = tracepoint.name;
		for (const Field &field : tracepoint.fields)
			if (field.offset + field.size <= record.size)
				add_value(event, field.name, read_field(record.raw, field),
					  field.is_signed);
		return event;
	}
	for (const Signature &signature : signatures) {
		if (signature.kind != record.kind)
			continue;
		event.name = signature.name;
		for (size_t i = 0; i < signature.arguments.size(); i++) {
			/* Of a word in the ring, who wrote it is of interest. */
			if (signature.arguments[i] == std::string("word"))
				add_value(event, "index", msgq_word_sender(record.arg[i]), false);
			else
				add_value(event, signature.arguments[i], record.arg[i], false);
		}
	}
	return event;
}

std::string print_comm(const std::string &comm)
{
	std::string text = comm;

	for (char &c : text)
		if (c < ' ' || c > '~')
			c = '?';
	return text;
}

std::string json_quote(const std::string &text)
{
	return json_string(print_comm(text));
}

std::string print_event(const Event &event, int64_t epoch_ns)
{
	char text[128];
	std::string queue = event.key && *event.key ? print_key(*event.key)
			    : event.id		    ? "#" + std::to_string(*event.id)
						    : "-";

	snprintf(text, sizeof(text), "%s %-10s %-12s %s[%u]",
		 print_clock(static_cast<int64_t>(event.ns) + epoch_ns, 6).c_str(),
		 event.name.c_str(), queue.c_str(), print_comm(event.comm).c_str(), event.task);
	std::string line = text;

	for (const Event::Value &value : event.values)
		line += ' ' + value.name + '=' + value.text;
	return line;
}

std::string event_json(const Event &event, int64_t epoch_ns)
{
	std::string line = "{\"time\": \"" +
			   print_timestamp(static_cast<int64_t>(event.ns) + epoch_ns) +
			   "\", \"name\": " + json_quote(event.name) + ", \"source\": \"" +
			   (event.library ? "library" : "module") +
			   "\", \"task\": " + std::to_string(event.task) +
			   ", \"comm\": " + json_quote(event.comm) +
			   ", \"netns\": " + (event.netns ? std::to_string(event.netns) : "null");

	if (event.id) {
		line += ", \"id\": " + std::to_string(*event.id) + ", \"key\": " +
			(event.key && *event.key ? json_quote(print_key(*event.key)) : "null");
	}
	for (const Event::Value &value : event.values)
		line += ", " + json_quote(value.name) + ": " +
			(value.quoted ? json_quote(value.text) : value.text);
	return line + "}";
}
