// SPDX-License-Identifier: MIT
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <unistd.h>

#include "arguments.h"
#include "client.h"
#include "command.h"
#include "exit.h"
#include "signals.h"
#include "top_counter.h"
#include "top_frame.h"
#include "top_json.h"
#include "top_screen.h"
#include "top_view.h"
#include "trace_options.h"

namespace
{

struct Options {
	bool batch = false, json = false, no_probes = false;
	double delay = 1;
	uint64_t count = 0, width = 0;
	std::vector<std::string> files;
};

using Clock = std::chrono::steady_clock;

Look batch_look(const Options &options)
{
	const char *columns = getenv("COLUMNS");
	Look look;

	look.utf8 = locale_is_utf8();
	if (columns && atoi(columns) > 0)
		look.width = static_cast<size_t>(atoi(columns));
	if (options.width)
		look.width = options.width;
	return look;
}

/* What has happened until a signal came is shown, too: nothing is cut off. */
void run_batch(const Options &options, const TopCounter &counter, History &history)
{
	const Look look = batch_look(options);

	catch_signals();
	for (uint64_t shown = 1;; shown++) {
		/* Asked before, so that the last one has all until then. */
		const bool last = stop_asked() || shown == options.count;
		Frame frame = history.next(counter.read(), counter.sight());

		if (options.json)
			puts(frame_json(frame).c_str());
		else
			for (const std::string &line : render(frame, look))
				puts(line.c_str());
		if (!options.json)
			puts("");
		fflush(stdout);
		if (last || ferror(stdout))
			return;

		const auto next = Clock::now() + std::chrono::duration<double>(options.delay);

		while (!stop_asked() && Clock::now() < next) {
			double left = std::chrono::duration<double>(next - Clock::now()).count();
			timespec sleep = {
				static_cast<time_t>(left),
				static_cast<long>(
					(left - static_cast<double>(static_cast<time_t>(left))) *
					1e9)
			};

			/* The tick ends it now and then. */
			if (left > 0)
				nanosleep(&sleep, nullptr);
		}
	}
}

void run_screen(const Options &options, const TopCounter &counter, History &history)
{
	TopScreen screen;
	uint64_t shown = 0;
	int which = 0;

	for (;;) {
		Frame frame = history.next(counter.read(), counter.sight());
		const auto next = Clock::now() + std::chrono::duration<double>(options.delay);
		bool again = false;

		screen.show(render(frame, screen.look()));
		if (++shown == options.count)
			return;
		while (!again) {
			double left = std::chrono::duration<double>(next - Clock::now()).count();

			switch (screen.wait(left > 0 ? left : 0, which)) {
			case TopScreen::Why::Resized:
				screen.show(render(frame, screen.look()));
				break;
			case TopScreen::Why::Key:
				if (which == 'q' || which == 'Q')
					return;
				again = which == ' ';
				break;
			case TopScreen::Why::Signal:
				if (which == SIGINT)
					return;
				screen.leave();
				throw Failure{ Exit::Signal,
					       std::string("stopped: ") + strsignal(which), which };
			case TopScreen::Why::Time:
				again = true;
			}
		}
	}
}

void top(const Options &options)
{
	Client client;
	bool daemon = client.host().starts_with("msgqd");

	if (!options.batch && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
		throw Failure{ Exit::Usage, "top needs a terminal; --batch does without" };

	/* The module's events would be of other queues than msgqd's. */
	TopCounter counter(options.no_probes ? std::vector<std::string>()
					     : probed_files(options.files),
			   daemon ? "msgqd has no tracepoints" : "");
	History history(client);

	if (options.batch)
		run_batch(options, counter, history);
	else
		run_screen(options, counter, history);
}

} // namespace

std::function<void()> setup_top(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	app.add_option("-d,--delay", options->delay, "seconds from one to the next; 1 if not given")
		->type_name("SECONDS")
		->check(CLI::Range(0.05, 86400.0));
	add_number(app, "-n,--count", options->count, 1, UINT64_MAX, "end after so many");
	auto *batch = app.add_flag("-b,--batch", options->batch,
				   "one after the other, for files and pipes");

	app.add_flag("-J,--json", options->json, "with --batch: print each as a line of JSON")
		->needs(batch);
	add_number(app, "-w,--width", options->width, 40, 1000,
		   "with --batch: columns; $COLUMNS or 80 if not\ngiven");
	add_library(app, options->files);
	app.add_flag("--no-probes", options->no_probes,
		     "leave the library alone: who sends is not seen,\nand nobody is slowed down");
	app.footer("Shows what goes through the queues and who waits for whom: by the module's\n"
		   "tracepoints, the library's probes and the list. What cannot be seen, for want\n"
		   "of rights or of probes, it says; without any, it shows what the list tells.\n"
		   "Keys: q ends it, space shows the next at once.\n");
	return [options] {
		top(*options);
	};
}
