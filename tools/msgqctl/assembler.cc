// SPDX-License-Identifier: MIT
#include "assembler.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "notation.h"

constexpr size_t run_max = 256 * 1024;

Assembler::Assembler(const Options &options, msgqipc_key key, const Inbox &inbox, Meter &meter)
    : options_(options), key_(key), inbox_(inbox), meter_(meter)
{
	fd_ = open(options_.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd_ < 0 || lseek(fd_, 0, SEEK_CUR) < 0) {
		std::string why = strerror(errno);

		if (fd_ >= 0)
			close(fd_);
		throw Failure{ Exit::Failed, "cannot write to " + options_.file + ": " + why };
	}
	tick();
}

Assembler::~Assembler()
{
	close(fd_);
}

bool Assembler::take(size_t length)
{
	BlockHeader header = get_block_header(block_);
	uint64_t end = header.offset + length - block_header;

	if (length < block_header || !header.part || header.part > options_.parts ||
	    end > block_file_max)
		throw Failure{ Exit::Failed,
			       "a message of " + std::to_string(length) +
				       " bytes came that is no block of part 1 to " +
				       std::to_string(options_.parts) +
				       "; does each sender\nhave --file and --part I/" +
				       std::to_string(options_.parts) + "?" };
	meter_.add(length - block_header);
	if (!last_ || last_->first != header.part)
		last_ = &*parts_.try_emplace(header.part).first;

	Part &part = last_->second;

	if (length == block_header) {
		/* A replacement ends its part again if its predecessor did just before it died. */
		ended_ += !part.ended;
		part.ended = true;
		part.end = end;
		return ended_ < options_.parts;
	}

	duplicates_ += part.there.add(header.offset, end);
	if (header.offset != part.run_at + part.run.size() || part.run.size() >= run_max) {
		flush(part);
		part.run_at = header.offset;
	}
	part.run.insert(part.run.end(), block_ + block_header, block_ + length);
	return true;
}

void Assembler::flush(Part &part)
{
	const uint8_t *data = part.run.data();
	size_t left = part.run.size();
	uint64_t at = part.run_at;

	while (left) {
		ssize_t put = pwrite(fd_, data, left, static_cast<off_t>(at));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			throw Failure{ Exit::Failed, "cannot write to " + options_.file + ": " +
							     strerror(errno) };
		data += put;
		left -= static_cast<size_t>(put);
		at += static_cast<uint64_t>(put);
	}
	part.run.clear();
	part.run_at = at;
}

void Assembler::flush_all()
{
	for (auto &[number, part] : parts_)
		flush(part);
}

Status Assembler::status() const
{
	Status status;

	status.addr = print_addr(inbox_.addr());
	status.received = inbox_.received();
	status.messages = meter_.messages();
	status.bytes = meter_.bytes();
	status.duplicates = duplicates_;
	for (const auto &[number, part] : parts_) {
		Status::Part &told = status.parts[number];

		told.begin = part.there.empty() ? part.end : part.there.begin();
		told.next = part.there.empty() ? part.end : part.there.next();
		told.ended = part.ended;
		status.missing += part.there.gaps();
	}
	return status;
}

void Assembler::tick()
{
	meter_.tick();
	if (options_.status.empty() || status_messages_ == meter_.messages())
		return;
	/* What the status tells of is in the file, even if we are killed. */
	flush_all();
	write_status(options_.status, key_, status());
	status_messages_ = meter_.messages();
}

bool Assembler::finish()
{
	Ranges whole;
	uint64_t size = 0;

	flush_all();
	for (const auto &[number, part] : parts_) {
		size = std::max(size, part.end);
		for (auto [from, to] : part.there.all()) {
			duplicates_ += whole.add(from, to);
			size = std::max(size, to);
		}
	}

	Status last = status();

	last.missing = whole.missing(size);
	last.done = ended_ == options_.parts && !last.missing;
	if (!options_.status.empty())
		write_status(options_.status, key_, last);
	meter_.leave();
	if (duplicates_)
		fprintf(stderr, "msgqctl: %s came twice\n",
			print_many(duplicates_, "byte").c_str());
	if (last.missing)
		fprintf(stderr, "msgqctl: %s did not come\n",
			print_many(last.missing, "byte").c_str());
	return last.done;
}
