/* SPDX-License-Identifier: MIT */
/* Which queues are wanted: options of the commands that look at many. */
#ifndef MSGQCTL_FILTER_H
#define MSGQCTL_FILTER_H

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <msgqipc.h>

struct State {
	const char *name;
	bool (*holds)(const msgqipc_info &info);
};

class Filter
{
public:
	/* Its options; it has to outlive @app. */
	void add_to(CLI::App &app);
	/* Is it one of those, of one of those users, and in all of those states? */
	bool wants(const msgqipc_info &info) const;

private:
	std::vector<msgqipc_key> keys_;
	std::vector<uint32_t> users_;
	std::vector<const State *> states_;
};

#endif
