// SPDX-License-Identifier: MIT
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <poll.h>
#include <unistd.h>
#include <vector>

#include "arguments.h"
#include "assembler.h"
#include "client.h"
#include "command.h"
#include "inbox.h"
#include "meter.h"
#include "signals.h"

namespace
{

struct Options {
	msgqipc_key key = 0;
	uint64_t entries = 1024;
	uint64_t senders = 1;
	uint64_t count = 0;
	bool force = false;
	bool progress = false;
	std::string file;
	std::string status;
};

/* Messages to standard output, one after the other, as a stream of bytes. */
class Stream : public Sink
{
public:
	Stream(const Options &options, size_t max_message, Meter &meter)
	    : senders_(options.senders), count_(options.count), max_message_(max_message),
	      meter_(meter), buffer_(256 * 1024)
	{
	}

	void *room() override
	{
		return &buffer_[fill_];
	}

	bool take(size_t length) override
	{
		if (!length)
			return ++ended_ < senders_;
		meter_.add(length);
		fill_ += length;
		if (fill_ + max_message_ > buffer_.size())
			flush();
		return !count_ || meter_.messages() < count_;
	}

	void idle() override
	{
		flush();
	}

	void tick() override
	{
		struct pollfd output = { STDOUT_FILENO, 0, 0 };

		meter_.tick();
		/* Or a pipe whose reader went would be noticed only when something comes. */
		if (poll(&output, 1, 0) > 0 && output.revents & POLLERR)
			broken("its reader is gone");
	}

private:
	[[noreturn]] void broken(const std::string &why)
	{
		meter_.leave();
		std::string came = print_many(meter_.messages(), "message") + " came, ";

		throw Failure{ Exit::Failed, "cannot write to standard output: " + why + "; " +
						     came + print_bytes(written_) +
						     " were written" };
	}

	void flush()
	{
		size_t at = 0;
		int late = 0;

		while (at < fill_) {
			ssize_t put = write(STDOUT_FILENO, &buffer_[at], fill_ - at);

			if (put >= 0) {
				at += static_cast<size_t>(put);
				written_ += static_cast<uint64_t>(put);
			} else if (errno == EAGAIN) {
				struct pollfd output = { STDOUT_FILENO, POLLOUT, 0 };

				poll(&output, 1, -1);
			} else if (errno != EINTR) {
				broken(errno == EPIPE ? "its reader is gone" : strerror(errno));
			}
			/* Ticks end a write that nobody reads. */
			if (put < 0 && stop_asked() && ++late > 2 * ticks_per_second)
				broken("nobody reads it");
		}
		fill_ = 0;
	}

	uint64_t senders_, count_;
	size_t max_message_;
	Meter &meter_;
	std::vector<uint8_t> buffer_;
	size_t fill_ = 0;
	uint64_t ended_ = 0;
	uint64_t written_ = 0;
};

void finish(Meter &meter, bool enough, bool progress)
{
	meter.leave();
	if (!enough) {
		int number = stop_asked();

		throw Failure{ Exit::Signal,
			       std::string("stopped (") + strsignal(number) +
				       ") before the end; received: " + meter.total(),
			       number };
	}
	if (progress)
		fprintf(stderr, "received: %s\n", meter.total().c_str());
}

void recv(const Options &options)
{
	Client client;
	Meter meter("received: ", options.progress);

	catch_signals();

	Inbox inbox(client, options.key, static_cast<uint32_t>(options.entries), options.force);

	if (options.file.empty()) {
		Stream stream(options, client.max_message(), meter);
		bool enough = inbox.run(stream);

		finish(meter, enough, options.progress);
		return;
	}

	Assembler assembler({ options.file, options.status, options.senders }, options.key, inbox,
			    meter);
	bool enough = inbox.run(assembler);
	bool complete = assembler.finish();

	finish(meter, enough, options.progress);
	if (!complete)
		throw Failure{ Exit::Failed, options.file + " is not complete" };
}

} // namespace

std::function<void()> setup_recv(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_key(app, options->key);
	add_number(app, "-e,--entries", options->entries, 1, UINT32_MAX,
		   "messages that the queue holds (1024)");
	add_number(app, "-n,--senders", options->senders, 1, UINT16_MAX,
		   "end when so many senders have (1)");
	CLI::Option *count = add_number(app, "-c,--count", options->count, 1, UINT64_MAX,
					"end after N messages");
	app.add_flag("-F,--force", options->force, "take the key over, if it is taken");
	app.add_flag("-v,--progress", options->progress, "show progress and rates");

	CLI::Option *file = app.add_option("-f,--file", options->file,
					   "put the blocks of 'send --file' together\n"
					   "to a file; --senders is the number of parts")
				    ->type_name("FILE")
				    ->excludes(count);
	app.add_option("--status", options->status, "tell there, a few times a second, what came")
		->type_name("FILE")
		->needs(file);
	app.footer(
		"Makes the queue KEY, and writes the messages that come in to standard output,\n"
		"one after the other. Ends when each of --senders has sent a message of\n"
		"length 0, which is the end of its stream.\n"
		"\n"
		"Stopped by SIGINT or SIGTERM, it takes no more, writes what senders were told\n"
		"had arrived, and says how much that was.\n"
		"\n"
		"The --status file has lines 'name value'. For each part: begin, next (all bytes\n"
		"from begin to next have come) and ended. In all: messages, bytes, duplicates\n"
		"and missing (bytes), received (by the queue's count), done.\n");
	return [options] {
		recv(*options);
	};
}
