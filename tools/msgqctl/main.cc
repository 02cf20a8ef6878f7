// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <new>

#include "../usage.h"
#include "command.h"
#include "exit.h"

#ifndef MSGQ_VERSION
#error "MSGQ_VERSION is to be given by the build"
#endif

namespace
{

/* A subcommand is a line here, a declaration in command.h and a file. */
const struct Command {
	const char *name;
	const char *summary;
	Setup &setup;
} commands[] = {
	{ "list", "show the queues there are; also what no command does", setup_list },
	{ "show", "all there is to know of one queue, and its senders", setup_show },
	{ "watch", "a line whenever a queue changes", setup_watch },
	{ "peek", "show the messages in a queue, and take none", setup_peek },
	{ "create", "make a queue, and hold it", setup_create },
	{ "rm", "remove a key, and end a queue that create holds", setup_rm },
	{ "activate", "let a queue that create holds take sends", setup_activate },
	{ "deactivate", "let it take no more", setup_deactivate },
	{ "poke", "tell what a message to a queue would be answered by", setup_poke },
	{ "send", "send standard input, or a part of a file, to a queue", setup_send },
	{ "recv", "make a queue, and write out what comes in", setup_recv },
	{ "top", "who sends, who receives, who waits for whom, live", setup_top },
	{ "trace", "show events as they happen, one on a line", setup_trace },
	{ "limits", "what your user has, and may have", setup_limits },
	{ "doctor", "what is wrong here, and what to do about it", setup_doctor },
	{ "bench", "measure speed, in about three seconds", setup_bench },
	{ "completion", "print a completion script for a shell", setup_completion },
};

const char examples[] = "Examples:\n"
			"  msgqctl recv 42 > copy              in one terminal\n"
			"  msgqctl send 42 < file              in another\n"
			"  watch msgqctl list                  depth, senders, waiting\n";

/* What excludes what is said where it is got wrong; it would drown the rest. */
class Formatter : public CLI::Formatter
{
	std::string make_option_opts(const CLI::Option *option) const override
	{
		std::string type = option->get_type_name();

		return type.empty() ? "" : " " + type;
	}
};

/* The subcommand that it was about, if it came that far. */
std::string blamed(const CLI::App &app)
{
	std::string command = "msgqctl";

	for (const CLI::App *sub : app.get_subcommands())
		command = "msgqctl " + sub->get_name();
	return command;
}

/* Whoever waits for us is to see the signal, as from any other program. */
int end(const Failure &failed)
{
	fprintf(stderr, "msgqctl: %s\n", failed.text.c_str());
	if (!failed.signal)
		return static_cast<int>(failed.status);
	fflush(nullptr);
	signal(failed.signal, SIG_DFL);
	raise(failed.signal);
	return static_cast<int>(Exit::Signal) + failed.signal;
}

} // namespace

int main(int argc, char **argv)
{
	CLI::App app{ "Message queues: look at them, send to them, receive from them." };
	std::map<const CLI::App *, std::function<void()>> run;
	CLI::App *chosen = nullptr;

	app.name("msgqctl");
	app.set_version_flag("-V,--version", "msgqctl " MSGQ_VERSION);
	app.formatter(std::make_shared<Formatter>());
	app.get_formatter()->column_width(26);
	app.require_subcommand(0, 1);
	for (const Command &command : commands) {
		CLI::App *sub = app.add_subcommand(command.name, command.summary);

		run[sub] = command.setup(*sub);
		sub->footer(sub->get_footer() + "\n" + exit_help());
		if (!chosen)
			chosen = sub;
	}
	app.footer(std::string(examples) + "\n" + exit_help());

	try {
		app.parse(argc, argv);
	} catch (const CLI::Success &help) {
		return app.exit(help);
	} catch (const CLI::ParseError &error) {
		return usage(blamed(app), error);
	}
	for (const CLI::App *sub : app.get_subcommands())
		chosen = const_cast<CLI::App *>(sub);

	try {
		run[chosen]();
		if (fflush(stdout) || ferror(stdout))
			throw Failure{ Exit::Failed, "cannot write to standard output" };
		return static_cast<int>(Exit::Done);
	} catch (const Failure &failed) {
		return end(failed);
	} catch (const std::bad_alloc &) {
		return end({ Exit::Failed, "out of memory" });
	}
}
