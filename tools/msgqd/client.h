/* SPDX-License-Identifier: MIT */
/* One connection: a context of the process that made it. */
#ifndef MSGQD_CLIENT_H
#define MSGQD_CLIENT_H

#include <memory>
#include <vector>

#include "core.h"
#include "descriptor.h"

class Client
{
public:
	/* NULL when the peer is gone already, or there is no memory. */
	static std::unique_ptr<Client> greet(Descriptor socket);

	/* Nothing of the peer can send any more, or it promised so by hanging up. */
	~Client();

	Client(const Client &) = delete;
	Client &operator=(const Client &) = delete;

	int socket() const
	{
		return socket_.get();
	}
	/* Readable when no thread of the peer can run any more. */
	int death() const
	{
		return death_.get();
	}

	/* Answers one request; false at the end of the connection. */
	bool serve();

private:
	explicit Client(Descriptor socket) : socket_(std::move(socket))
	{
	}
	bool identify();
	/* The peer's HELLO has this error. */
	void turn_down(int error, msgq_hello *hello);
	bool answer(__u32 command, int error, void *request,
		    const std::vector<unsigned char> &items, int bell = -1);
	void undo(__u32 command, const void *request);

	Descriptor socket_;
	Descriptor death_;
	pid_t pid_ = 0;
	core_caller caller_{};
	std::vector<gid_t> groups_;
	msgq_context *context_ = nullptr;
};

#endif
