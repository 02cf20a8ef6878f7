// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include "../../lib/place.h"
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

	app.set_version_flag("--version", "msgqd " MSGQ_VERSION);
	app.add_option("--socket", socket, "where to listen")->capture_default_str();
	app.add_option("--mode", mode, "of the socket, octal: who may use the daemon")
		->capture_default_str()
		->check([](const std::string &text) {
			bool octal = !text.empty() && text.size() <= 4 &&
				     text.find_first_not_of("01234567") == std::string::npos;

			return octal ? "" : "a mode has 1 to 4 octal digits, as 0660";
		});
	app.add_option("--max-entries", *limits.max_entries, "most messages that a queue may hold")
		->capture_default_str()
		->check(CLI::Range(1u, 1u << 24));
	app.add_option("--user-queues", *limits.user_queues, "most queues of a user; 0: any number")
		->capture_default_str();
	app.add_option("--user-contexts", *limits.user_contexts,
		       "most contexts of a user; 0: any number")
		->capture_default_str();
	app.add_option("--user-bytes", *limits.user_bytes,
		       "most memory of all queues of a user; 0: any")
		->capture_default_str();
	app.add_option("--user-attachments", *limits.user_attachments,
		       "most queues that a user's contexts send to or monitor; 0: any number")
		->capture_default_str();
	CLI11_PARSE(app, argc, argv);

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
