// SPDX-License-Identifier: MIT
#include <algorithm>
#include <climits>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <string>
#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include "../../lib/place.h"
#include "../number.h"
#include "../usage.h"
#include "core.h"
#include "server.h"

namespace
{

/* Where programs look first; longer than a path may be it is refused for that. */
std::string default_socket()
{
	std::string path(static_cast<size_t>(msgq::place(0, nullptr, 0)), '\0');

	msgq::place(0, path.data(), path.size() + 1);
	return path;
}

/* A queue takes five descriptors here, its bell included. */
void raise_descriptor_limit()
{
	rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * A queue takes three mappings here, of which a process may have so many: one
 * user is not to have them all, unless somebody says so.
 */
void leave_mappings(unsigned &user_queues)
{
	std::ifstream file("/proc/sys/vm/max_map_count");
	unsigned long mappings;

	if (file >> mappings)
		user_queues = static_cast<unsigned>(
			std::clamp(mappings / 3 / 2, 1ul, static_cast<unsigned long>(user_queues)));
}

/* A number of the core's; it says what it may be, where it is not that. */
template <typename Limit>
void add_limit(CLI::App &app, const std::string &name, Limit *limit, uint64_t min, uint64_t max,
	       const std::string &help)
{
	auto set = [=](const std::string &text) {
		*limit = static_cast<Limit>(
			number_of(name, text, min, max, min ? "" : "; 0: no limit"));
	};

	app.add_option_function<std::string>(name, set, help)
		->type_name("N")
		->default_str(std::to_string(*limit));
}

} // namespace

int main(int argc, char **argv)
{
	CLI::App app("Keeps msgq queues where the module cannot be loaded.\n"
		     "Programs find it by the path of its socket: $" MSGQ_WIRE_SOCKET_VARIABLE
		     ", else $XDG_RUNTIME_DIR/" MSGQ_WIRE_SOCKET_NAME
		     ", else " MSGQ_WIRE_SOCKET_SYSTEM ".\n"
		     "Started by a systemd socket unit, it takes that unit's socket.");
	std::string socket = default_socket();
	core_limits limits = core_get_limits();
	std::string mode = "0666";

	leave_mappings(*limits.user_queues);
	app.set_version_flag("--version", "msgqd " MSGQ_VERSION);
	app.add_option("--socket", socket, "where to listen")->capture_default_str();
	app.add_option("--mode", mode, "of the socket, octal: who may use the daemon")
		->capture_default_str()
		->check([](const std::string &text) {
			bool octal = !text.empty() && text.size() <= 4 &&
				     text.find_first_not_of("01234567") == std::string::npos;

			return octal ? "" : "a mode has 1 to 4 octal digits, as 0660";
		});
	add_limit(app, "--max-entries", limits.max_entries, 1, 1 << 24,
		  "most messages that a queue may hold");
	add_limit(app, "--user-queues", limits.user_queues, 0, UINT32_MAX,
		  "most queues of a user; 0: no limit");
	add_limit(app, "--user-contexts", limits.user_contexts, 0, UINT32_MAX,
		  "most contexts of a user; 0: no limit");
	add_limit(app, "--user-bytes", limits.user_bytes, 0, ULONG_MAX,
		  "most memory of all queues of a user; 0: no limit");
	add_limit(app, "--user-attachments", limits.user_attachments, 0, UINT32_MAX,
		  "most queues that a user's contexts send to or monitor; 0: no limit");
	try {
		app.parse(argc, argv);
	} catch (const CLI::Success &help) {
		return app.exit(help);
	} catch (const CLI::ParseError &error) {
		return usage("msgqd", error);
	}

	try {
		raise_descriptor_limit();
		if (core_init()) {
			std::fprintf(stderr, "msgqd: no memory\n");
			return 1;
		}
		{
			std::optional<Listener> listener = Listener::passed();

			if (listener)
				socket = "the socket that was passed";
			else
				listener.emplace(socket, std::stoul(mode, nullptr, 8));
			Server server(std::move(*listener));

			std::fprintf(stderr, "msgqd: listening on %s\n", socket.c_str());
			server.run();
		}
		core_exit();
	} catch (const std::exception &error) {
		std::fprintf(stderr, "msgqd: %s\n", error.what());
		return 1;
	}
	return 0;
}
