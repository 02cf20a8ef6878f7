// SPDX-License-Identifier: MIT
#include "takeover.h"

#include <algorithm>
#include <chrono>

#include "notation.h"

static Failure unusable(const std::string &path, const Status &status, const std::string &ours)
{
	const char *wrong = " stands still";

	if (status.addr.empty())
		wrong = " is not the status file of a receiver";
	else if (status.addr != ours)
		wrong = " is of another queue";
	return { Exit::Failed, "--resume: " + path + wrong };
}

Status::Part takeover(Client &client, Outbox &outbox, const std::string &path, uint16_t part)
{
	using namespace std::chrono;
	constexpr auto patience = seconds(10);
	auto until = steady_clock::now() + patience;
	std::string ours = print_addr(outbox.addr());
	uint64_t enough = UINT64_MAX;
	Status status;

	for (;;) {
		auto info = client.find(outbox.addr());

		if (!info)
			throw Failure{ Exit::NoQueue, "--resume: the queue is gone, or may not be "
						      "looked at" };
		/*
		 * Messages leave in the order in which they came. What is in
		 * the queue now has left it when as many have been received as
		 * it holds; or, when it is seen empty, has left it by then.
		 */
		enough = std::min(enough, info->received + info->entries);
		if (!info->depth) {
			info = client.find(outbox.addr());
			if (info)
				enough = std::min(enough, info->received);
		}
		if (read_status(path, status) && status.addr == ours && status.received >= enough)
			return status.parts[part];

		if (steady_clock::now() >= until)
			throw unusable(path, status, ours);
		outbox.attend();
		nap(20000);
	}
}
