/* SPDX-License-Identifier: MIT */
/* A pipe of records: no more than PIPE_BUF at a time is written in one piece. */
#ifndef MSGQ_TESTS_BENCH_PEERS_PIPE_H
#define MSGQ_TESTS_BENCH_PEERS_PIPE_H

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "peer.h"

class Pipe
{
public:
	static constexpr const char *name = "pipe, blocking";
	static constexpr bool many_senders = true;
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit Pipe(uint32_t entries)
	{
		const auto in_page = static_cast<uint32_t>(4096 / sizeof(Record));

		if (pipe2(end_, O_CLOEXEC))
			peer_failed("pipe2");
		/* Refused to most above fs.pipe-max-size: then it is 16 pages. */
		fcntl(end_[1], F_SETPIPE_SZ, static_cast<int>((entries / in_page + 1) * 4096));
	}

	~Pipe()
	{
		close(end_[0]);
		close(end_[1]);
	}
	Pipe(const Pipe &) = delete;
	Pipe &operator=(const Pipe &) = delete;

	class Sender
	{
	public:
		explicit Sender(Pipe &pipe) : fd_(pipe.end_[1])
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			ssize_t put;

			record_.len = len;
			memcpy(record_.payload, msg, len);
			do
				put = write(fd_, &record_, sizeof(record_));
			while (put < 0 && errno == EINTR);
			if (put != sizeof(record_))
				peer_failed("write");
			return true;
		}

	private:
		const int fd_;
		Record record_ = {};
	};

	/* One call takes all that is there, which costs a single message nothing. */
	class Receiver
	{
	public:
		explicit Receiver(Pipe &pipe) : fd_(pipe.end_[0])
		{
		}

		int recv(void *msg, uint32_t)
		{
			if (at_ == got_)
				fill();
			const Record &record = records_[at_++];
			memcpy(msg, record.payload, record.len);
			return static_cast<int>(record.len);
		}

	private:
		void fill()
		{
			ssize_t got;

			do
				got = read(fd_, records_, sizeof(records_));
			while (got < 0 && errno == EINTR);
			if (got <= 0 || static_cast<size_t>(got) % sizeof(Record))
				peer_failed("read");
			at_ = 0;
			got_ = static_cast<size_t>(got) / sizeof(Record);
		}

		const int fd_;
		size_t at_ = 0, got_ = 0;
		Record records_[32];
	};

private:
	int end_[2];
};

#endif
