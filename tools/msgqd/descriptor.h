/* SPDX-License-Identifier: MIT */
#ifndef MSGQD_DESCRIPTOR_H
#define MSGQD_DESCRIPTOR_H

#include <unistd.h>
#include <utility>

/* A file descriptor that is closed by who has it last. */
class Descriptor
{
public:
	Descriptor() = default;
	explicit Descriptor(int fd) : fd_(fd)
	{
	}
	Descriptor(Descriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1))
	{
	}
	Descriptor &operator=(Descriptor &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~Descriptor()
	{
		if (fd_ >= 0)
			close(fd_);
	}

	int get() const
	{
		return fd_;
	}
	explicit operator bool() const
	{
		return fd_ >= 0;
	}

private:
	int fd_ = -1;
};

#endif
