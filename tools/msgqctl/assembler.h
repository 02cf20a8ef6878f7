/* SPDX-License-Identifier: MIT */
/* Puts a file together from blocks, in whatever order its parts come. */
#ifndef MSGQCTL_ASSEMBLER_H
#define MSGQCTL_ASSEMBLER_H

#include <map>
#include <string>
#include <vector>

#include "block.h"
#include "inbox.h"
#include "meter.h"
#include "ranges.h"
#include "status.h"

class Assembler final : public Sink
{
public:
	struct Options {
		std::string file;
		std::string status; /* where to write it; none if empty */
		uint64_t parts = 1;
	};

	Assembler(const Options &options, msgqipc_key key, const Inbox &inbox, Meter &meter);
	~Assembler() override;

	void *room() override
	{
		return block_;
	}
	bool take(size_t length) override;
	void tick() override;

	/* Writes what is left to write. True: all parts have ended, no byte is missing. */
	bool finish();

private:
	struct Part {
		Ranges there;
		uint64_t end = 0;
		bool ended = false;
		/* What came and is not written yet: one run without gaps. */
		uint64_t run_at = 0;
		std::vector<uint8_t> run;
	};

	void flush(Part &part);
	void flush_all();
	Status status() const;

	Options options_;
	msgqipc_key key_;
	const Inbox &inbox_;
	Meter &meter_;
	int fd_;
	uint8_t block_[block_size] = {};
	std::map<uint16_t, Part> parts_;
	/* The part of the last block is most often that of the next. */
	std::pair<const uint16_t, Part> *last_ = nullptr;
	uint64_t ended_ = 0;
	uint64_t duplicates_ = 0;
	uint64_t status_messages_ = UINT64_MAX;
};

#endif
