// SPDX-License-Identifier: MIT
#include "senders.h"

#include <algorithm>
#include <ctime>

#include "columns.h"
#include "json.h"
#include "names.h"

Senders senders_of(const Client &client, const msgqipc_addr &addr)
{
	std::vector<msgqipc_sender> page(64);
	msgqipc_senders request{};
	Senders senders;

	request.addr = addr;
	for (;;) {
		request.sender = page.data();
		request.count = static_cast<uint32_t>(page.size());
		if (msgqipc_ctl(client.ctx(), nullptr, MSGQIPC_CTL_NAMED_OPTS,
				MSGQIPC_NAMED_SENDERS, &request))
			throw failure("cannot list the senders");
		senders.next = request.next;
		senders.slots = request.slots;
		if (!request.count)
			return senders;
		senders.all.insert(senders.all.end(), page.begin(), page.begin() + request.count);
	}
}

std::string print_sendid(const msgqipc_sendid &sendid)
{
	size_t length = std::min<size_t>(sendid.len, MSGQIPC_SENDID_SPC);
	std::string text(reinterpret_cast<const char *>(sendid.spc), length);
	std::string bytes = "0x";

	if (std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
		return text.empty() ? "-" : text;
	for (char c : text) {
		bytes += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
		bytes += "0123456789abcdef"[c & 15];
	}
	return bytes;
}

static uint64_t age(const msgqipc_sender &sender)
{
	uint64_t since = sender.attached_ns / 1000000000,
		 now = static_cast<uint64_t>(time(nullptr));

	return now > since ? now - since : 0;
}

static std::string state(const msgqipc_sender &sender)
{
	if (sender.flags & MSGQIPC_SENDER_REVOKED)
		return "revoked";
	return sender.open ? "sending" : "idle";
}

Table tabulate(const Senders &senders)
{
	Table table({ { "PID", true },
		      { "USER" },
		      { "ID" },
		      { "STATE" },
		      { "RECENT", true },
		      { "LAST", true },
		      { "AGE", true } });

	for (const msgqipc_sender &sender : senders.all) {
		bool sent = sender.last != MSGQIPC_POS_NONE;
		uint64_t before = sent ? senders.next - sender.last : 0;

		table.add({ { sender.pid ? std::to_string(sender.pid) : "-" },
			    { user_name(sender.uid) },
			    { print_sendid(sender.sendid) },
			    { state(sender), sender.open ? Tint::Warning : Tint::Plain },
			    { std::to_string(sender.recent) },
			    { sent ? std::to_string(before) : "-" },
			    { print_age(age(sender)) } });
	}
	return table;
}

std::vector<std::string> json_senders(const Senders &senders)
{
	std::vector<std::string> items;

	for (const msgqipc_sender &sender : senders.all) {
		bool sent = sender.last != MSGQIPC_POS_NONE;

		items.push_back(json_object({
			{ "pid", sender.pid ? std::to_string(sender.pid) : "null" },
			{ "user", json_string(user_name(sender.uid)) },
			{ "uid", std::to_string(sender.uid) },
			{ "id",
			  sender.sendid.len ? json_string(print_sendid(sender.sendid)) : "null" },
			{ "state", json_string(state(sender)) },
			{ "mediated", json_truth(sender.flags & MSGQIPC_SENDER_MEDIATED) },
			{ "recent", std::to_string(sender.recent) },
			{ "last", sent ? std::to_string(sender.last) : "null" },
			{ "open", std::to_string(sender.open) },
			{ "age", std::to_string(age(sender)) },
		}));
	}
	return items;
}
