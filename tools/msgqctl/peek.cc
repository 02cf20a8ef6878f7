// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <vector>

#include "arguments.h"
#include "client.h"
#include "command.h"
#include "json.h"
#include "names.h"
#include "senders.h"
#include "which.h"

namespace
{

struct Options {
	Which which;
	uint64_t count = UINT64_MAX;
	bool json = false;
};

constexpr uint32_t nobody = UINT32_MAX;

std::string printable(const msgqipc_message &message, size_t from, size_t to)
{
	std::string text;

	for (size_t i = from; i < to; i++)
		text += message.msg[i] >= ' ' && message.msg[i] < 0x7f
				? static_cast<char>(message.msg[i])
				: '.';
	return text;
}

std::string hex(const msgqipc_message &message, size_t from, size_t to, const char *between)
{
	std::string text;
	char byte[4];

	for (size_t i = from; i < to; i++) {
		snprintf(byte, sizeof(byte), "%02x", message.msg[i]);
		text += (i > from ? between : "") + std::string(byte);
	}
	return text;
}

std::string print_sender(const msgqipc_message &message)
{
	std::string text =
		message.pid ? "process " + std::to_string(message.pid) : "a process out of sight";

	if (message.uid == nobody)
		return "a sender that there is not";
	text += " of " + user_name(message.uid);
	return message.sendid.len ? text + ", id " + print_sendid(message.sendid) : text;
}

void print_message(const msgqipc_message &message)
{
	constexpr size_t width = 16;
	std::string size =
		message.state == MSGQIPC_PEEK_CLAIM
			? "being sent"
			: std::to_string(message.len) + (message.len == 1 ? " byte" : " bytes");

	printf("message %" PRIu64 ": %s, from %s\n", message.position, size.c_str(),
	       print_sender(message).c_str());
	for (size_t at = 0; at < message.len; at += width) {
		size_t end = std::min<size_t>(at + width, message.len);

		printf("  %02zx  %-47s  |%s|\n", at, hex(message, at, end, " ").c_str(),
		       printable(message, at, end).c_str());
	}
}

std::string json_message(const msgqipc_message &message)
{
	bool known = message.uid != nobody;

	return json_object({
		{ "position", std::to_string(message.position) },
		{ "state", json_string(message.state == MSGQIPC_PEEK_CLAIM ? "claimed" : "sent") },
		{ "length", std::to_string(message.len) },
		{ "hex", json_string(hex(message, 0, message.len, "")) },
		{ "text", json_string(printable(message, 0, message.len)) },
		{ "pid", known && message.pid ? std::to_string(message.pid) : "null" },
		{ "user", known ? json_string(user_name(message.uid)) : "null" },
		{ "id", message.sendid.len ? json_string(print_sendid(message.sendid)) : "null" },
	});
}

/* Up to as many as the queue holds: it may be filled as fast as it is looked at. */
std::vector<msgqipc_message> look(const Client &client, const Options &options)
{
	std::vector<msgqipc_message> messages;
	msgqipc_message message{};
	auto info = find(client, options.which);
	uint64_t most = std::min<uint64_t>(options.count, info.entries);

	message.addr = info.addr;
	while (messages.size() < most) {
		if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_PEEK,
				&message))
			throw failure("cannot look into queue " + print_which(options.which));
		if (message.state == MSGQIPC_PEEK_NOTHING)
			break;
		messages.push_back(message);
		message.position++;
	}
	return messages;
}

void peek(const Options &options)
{
	Client client;
	std::vector<msgqipc_message> messages = look(client, options);

	if (!options.json) {
		for (const msgqipc_message &message : messages)
			print_message(message);
		return;
	}
	std::vector<std::string> items;

	for (const msgqipc_message &message : messages)
		items.push_back(json_message(message));
	print_json({ { "host", json_string(client.host()) }, { "messages", json_list(items, 2) } });
}

} // namespace

std::function<void()> setup_peek(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_queue(app, options->which);
	add_number(app, "-c,--count", options->count, 1, UINT64_MAX, "only the first N (all)");
	app.add_flag("-J,--json", options->json, "print JSON");
	app.footer(
		"Shows the messages in a queue, from its head on, and takes none: number, length\n"
		"and sender, and what is in it, in hex and text. Its receiver notices nothing.\n"
		"For the owner of the queue, and root. Unless the queue is mediated, a sender can\n"
		"forge who it is.\n");
	return [options] {
		peek(*options);
	};
}
