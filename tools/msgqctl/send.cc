// SPDX-License-Identifier: MIT
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "arguments.h"
#include "block.h"
#include "client.h"
#include "command.h"
#include "outbox.h"
#include "signals.h"
#include "takeover.h"

namespace
{

struct Options {
	msgqipc_key key = 0;
	Outbox::Options outbox;
	uint64_t size = 64;
	bool no_end = false;
	std::string file;
	Part part;
	uint64_t from = 0;
	bool has_from = false;
	std::string resume;
};

Failure input_failure(const std::string &name)
{
	return { Exit::Failed, "cannot read " + name + ": " + strerror(errno) };
}

/*
 * What a read returns is sent, the rest of it in a message that is not full:
 * to wait for more would delay what is there.
 */
void send_input(const Options &options, Client &client)
{
	Outbox outbox(client, options.key, options.outbox);
	std::vector<uint8_t> buffer(64 * 1024);

	for (;;) {
		ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());

		if (got < 0 && errno == EINTR) {
			outbox.attend();
			continue;
		}
		if (got < 0)
			throw input_failure("standard input");
		if (!got)
			break;
		for (size_t at = 0, left = static_cast<size_t>(got); left;) {
			size_t length = std::min<size_t>(left, options.size);

			outbox.send(&buffer[at], length);
			at += length;
			left -= length;
		}
	}
	if (!options.no_end)
		outbox.send_end();
	outbox.finish();
}

class File
{
public:
	explicit File(const std::string &name)
	    : name_(name), fd_(open(name.c_str(), O_RDONLY | O_CLOEXEC))
	{
		struct stat stat;

		if (fd_ < 0 || fstat(fd_, &stat))
			throw input_failure(name_);
		if (!S_ISREG(stat.st_mode))
			throw Failure{ Exit::Usage, "--file " + name_ +
							    " is not a regular file; standard "
							    "input can be anything" };
		size_ = static_cast<uint64_t>(stat.st_size);
		if (size_ > block_file_max)
			throw Failure{ Exit::Failed, "--file " + name_ + " has over 2^48 bytes" };
	}
	~File()
	{
		close(fd_);
	}
	File(const File &) = delete;
	File &operator=(const File &) = delete;

	uint64_t size() const
	{
		return size_;
	}

	/* All of it, or a Failure. */
	void read_at(uint64_t offset, uint8_t *to, size_t length) const
	{
		while (length) {
			ssize_t got = pread(fd_, to, length, static_cast<off_t>(offset));

			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0)
				throw input_failure(name_);
			if (!got)
				throw Failure{ Exit::Failed,
					       "--file " + name_ + " became shorter" };
			to += got;
			offset += static_cast<uint64_t>(got);
			length -= static_cast<size_t>(got);
		}
	}

private:
	std::string name_;
	int fd_;
	uint64_t size_ = 0;
};

void send_block(Outbox &outbox, uint16_t part, uint64_t offset, const uint8_t *data, size_t length)
{
	uint8_t block[block_size];

	put_block_header(block, { part, offset });
	if (length)
		memcpy(block + block_header, data, length);
	outbox.send(block, block_header + length);
}

/* Where to begin; @end if the part is complete. */
uint64_t start_of(const Options &options, Client &client, Outbox &outbox, uint64_t begin,
		  uint64_t end)
{
	uint64_t from = begin;

	if (options.has_from) {
		from = options.from;
	} else if (!options.resume.empty()) {
		Status::Part there = takeover(client, outbox, options.resume, options.part.number);

		/* Of a part of which nothing came there is no line. */
		from = there.next ? there.next : begin;
		if (there.ended)
			from = end;
	}
	if (from < begin || from > end)
		throw Failure{ Exit::Usage, "offset " + std::to_string(from) +
						    " is not in the part, which goes from " +
						    std::to_string(begin) + " to " +
						    std::to_string(end) };
	if (!options.resume.empty())
		fprintf(stderr, "part %d/%d, bytes %llu to %llu: goes on at %llu\n",
			options.part.number, options.part.of,
			static_cast<unsigned long long>(begin),
			static_cast<unsigned long long>(end),
			static_cast<unsigned long long>(from));
	return from;
}

void send_file(const Options &options, Client &client)
{
	File file(options.file);
	uint16_t part = options.part.number;
	uint64_t begin = part_begin(file.size(), part, options.part.of);
	uint64_t end = part_begin(file.size(), part + 1u, options.part.of);
	Outbox outbox(client, options.key, options.outbox);
	std::vector<uint8_t> buffer(block_data * 16384);

	for (uint64_t at = start_of(options, client, outbox, begin, end); at < end;) {
		size_t length = std::min<uint64_t>(end - at, buffer.size());

		file.read_at(at, buffer.data(), length);
		for (size_t i = 0; i < length; i += block_data)
			send_block(outbox, part, at + i, &buffer[i],
				   std::min(length - i, block_data));
		at += length;
	}
	if (!options.no_end)
		send_block(outbox, part, end, nullptr, 0);
	outbox.finish();
}

void send(const Options &options)
{
	Client client;

	if (options.size > client.max_message())
		throw Failure{ Exit::Usage, "--size is more than a message can hold, " +
						    std::to_string(client.max_message()) +
						    " bytes" };
	catch_signals();
	if (options.file.empty())
		send_input(options, client);
	else
		send_file(options, client);
}

} // namespace

std::function<void()> setup_send(CLI::App &app)
{
	auto options = std::make_shared<Options>();

	add_key(app, options->key);
	CLI::Option *size = add_number(app, "-s,--size", options->size, 1, UINT32_MAX,
				       "bytes in a message, at most (64)");
	add_number(app, "-r,--rate", options->outbox.rate, 1, 1000000000,
		   "messages a second, at most");
	add_number(app, "-w,--wait", options->outbox.wait, 0, UINT32_MAX,
		   "seconds to wait for the queue to be there\nand active (0)");
	app.add_flag("--no-eof", options->no_end, "do not signal the end of the stream");
	app.add_flag("-v,--progress", options->outbox.progress, "show progress and rates");

	CLI::Option *file = app.add_option("-f,--file", options->file,
					   "send a file, not standard input, in blocks\nthat tell "
					   "where they belong")
				    ->type_name("FILE")
				    ->excludes(size);
	add_part(app, "--part", options->part, "only part I of N equal ones (1/1)")->needs(file);
	CLI::Option *from = add_number(app, "--from", options->from, 0, block_file_max,
				       "begin at this offset in the file")
				    ->needs(file);
	app.add_option("--resume", options->resume,
		       "begin where a dead sender of this part got\n"
		       "to, by the receiver's --status file")
		->type_name("STATUS")
		->needs(file)
		->excludes(from);
	app.footer(
		"Sends standard input to the queue KEY, in messages of up to --size bytes, as\n"
		"soon as they can be read, and then a message of length 0, the end of the\n"
		"stream. A full queue is waited for.\n"
		"\n"
		"With --file, a message is 8 bytes that tell part and offset, and up to 56 bytes\n"
		"of the file. Several senders can share a file, and a dead one be replaced\n"
		"without a gap or a byte sent twice:\n"
		"  msgqctl recv 42 --file copy --senders 2 --status st\n"
		"  msgqctl send 42 --file FILE --part 1/2\n"
		"  msgqctl send 42 --file FILE --part 2/2               dies\n"
		"  msgqctl send 42 --file FILE --part 2/2 --resume st   goes on\n");
	return [options, from] {
		options->has_from = from->count() > 0;
		send(*options);
	};
}
