// SPDX-License-Identifier: MIT
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.h"
#include "client.h"
#include "command.h"
#include "holder.h"
#include "notation.h"

namespace
{

struct Options {
	msgqipc_key key = 0;
	uint64_t entries = 1024;
	mode_t mode = 0;
	bool has_mode = false;
	bool mediated = false;
	bool inactive = false;
	bool force = false;
	bool background = false;
};

/* A queue, and the signals that it is told by. */
class Held
{
public:
	explicit Held(const Options &options) : name_("queue " + print_key(options.key))
	{
		uint32_t flags = (options.force ? 0 : MSGQIPC_CREATE_EXCL) |
				 (options.mediated ? MSGQIPC_CREATE_MEDIATED : 0);

		sigemptyset(&signals_);
		for (int number : { SIGINT, SIGHUP }) {
			struct sigaction old;

			/* Who started us may have wanted us to outlive the terminal. */
			if (!sigaction(number, nullptr, &old) && old.sa_handler != SIG_IGN)
				sigaddset(&signals_, number);
		}
		for (int number : { holder_ends, holder_activates, holder_deactivates })
			sigaddset(&signals_, number);
		sigprocmask(SIG_BLOCK, &signals_, nullptr);
		/* Not set afterwards: who may not send is not let in for a moment either. */
		if (options.has_mode)
			umask(0666 & ~options.mode);
		queue_ = msgqipc_create(client_.ctx(), options.key, &addr_,
					static_cast<uint32_t>(options.entries), holder_cookie,
					flags);
		if (!queue_)
			throw create_failure(client_, options.key);
		if (!options.inactive && msgqipc_activate(client_.ctx(), queue_))
			throw failure("cannot activate " + name_);
	}

	std::string told() const
	{
		return name_ + " has the address " + print_addr(addr_) +
		       " and is held by process " + std::to_string(getpid());
	}

	/* Until it is to end. */
	void hold()
	{
		for (;;) {
			int number = sigwaitinfo(&signals_, nullptr);

			if (number == holder_activates)
				activate(msgqipc_activate, "activate ");
			else if (number == holder_deactivates)
				activate(msgqipc_deactivate, "deactivate ");
			else if (number > 0)
				return;
		}
	}

	uint32_t depth() const
	{
		auto info = client_.find(addr_);

		return info ? info->depth : 0;
	}

private:
	void activate(msgqipc_activate_t call, const char *doing)
	{
		if (call(client_.ctx(), queue_))
			throw failure(std::string("cannot ") + doing + name_);
	}

	Client client_;
	std::string name_;
	msgqipc_addr addr_{};
	msgqipc_queue *queue_;
	sigset_t signals_;
};

void hold(const Options &options)
{
	Held held(options);

	printf("%s\n", held.told().c_str());
	fflush(stdout);
	held.hold();
	if (uint32_t depth = held.depth())
		fprintf(stderr, "msgqctl: %u messages were in %s, and go with it\n", depth,
			print_key(options.key).c_str());
}

/* What a child in the background has to say, until it has closed its end. */
struct Word {
	int status;
	char text[1024];
};

[[noreturn]] void hold_in_background(const Options &options, int to)
{
	Word word = {};

	setsid();
	try {
		Held held(options);

		snprintf(word.text, sizeof(word.text), "%s", held.told().c_str());
		if (write(to, &word, sizeof(word)) != sizeof(word))
			_exit(1);
		int nothing = open("/dev/null", O_RDWR);

		for (int fd : { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO })
			dup2(nothing, fd);
		close(nothing);
		close(to);
		if (chdir("/"))
			_exit(1);
		held.hold();
	} catch (const Failure &failed) {
		word.status = static_cast<int>(failed.status);
		snprintf(word.text, sizeof(word.text), "%s", failed.text.c_str());
		_exit(write(to, &word, sizeof(word)) != sizeof(word));
	}
	_exit(0);
}

void start_in_background(const Options &options)
{
	int ends[2];
	Word word = {};

	if (pipe2(ends, O_CLOEXEC))
		throw Failure{ Exit::Failed,
			       std::string("cannot make a pipe: ") + strerror(errno) };
	pid_t child = fork();

	if (child < 0)
		throw Failure{ Exit::Failed, std::string("cannot fork: ") + strerror(errno) };
	if (!child) {
		close(ends[0]);
		hold_in_background(options, ends[1]);
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &word, sizeof(word));

	close(ends[0]);
	if (got != sizeof(word))
		throw Failure{ Exit::Failed, "the process that was to hold the queue has ended" };
	if (word.status)
		throw Failure{ static_cast<Exit>(word.status), word.text };
	puts(word.text);
}

mode_t parse_mode(const std::string &text)
{
	char *end = nullptr;
	unsigned long mode = strtoul(text.c_str(), &end, 8);

	if (text.empty() || text.find_first_not_of("01234567") != std::string::npos || *end ||
	    mode & ~0666ul)
		throw CLI::ValidationError(
			"--mode", "'" + text +
					  "' is not a mode; a mode is octal, r to look and "
					  "w to\nsend: 0000 to 0666");
	return static_cast<mode_t>(mode);
}

} // namespace

std::function<void()> setup_create(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_key(app, options->key);
	add_number(app, "-e,--entries", options->entries, 1, UINT32_MAX,
		   "messages that the queue holds (1024)");
	app.add_option_function<std::string>(
		   "-m,--mode",
		   [options](const std::string &text) {
			   options->mode = parse_mode(text);
			   options->has_mode = true;
		   },
		   "permissions, as 0660 (0666 less the umask)")
		->type_name("MODE");
	app.add_flag("--mediated", options->mediated, "the host sends for its senders");
	app.add_flag("-i,--inactive", options->inactive, "not yet active");
	app.add_flag("-F,--force", options->force, "take the key over, if it is taken");
	app.add_flag("-b,--background", options->background, "return when it is there");
	app.footer(
		"A queue lives as long as the process that made it. So this stays, and holds it,\n"
		"until SIGINT or SIGTERM, or 'msgqctl rm'; with --background as a process of its\n"
		"own. It receives nothing: what is sent stays in the queue, to be looked at with\n"
		"'msgqctl peek', and goes with it. A receiver that takes the key over gets what\n"
		"is sent from then on: 'msgqctl recv --force'.\n"
		"\n"
		"SIGUSR1 activates the queue, SIGUSR2 deactivates it, as the commands of these\n"
		"names do.\n");
	return [options] {
		if (options->background)
			start_in_background(*options);
		else
			hold(*options);
	};
}
