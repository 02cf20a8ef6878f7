/* SPDX-License-Identifier: MIT */
/* A queue of ours, and the loop that receives from it. */
#ifndef MSGQCTL_INBOX_H
#define MSGQCTL_INBOX_H

#include <cstddef>
#include <cstdint>

#include "client.h"

/* Where messages go. */
class Sink
{
public:
	virtual ~Sink() = default;
	/* Room for the next message, of whatever length. */
	virtual void *room() = 0;
	/* The message is there. False: it was the last that is wanted. */
	virtual bool take(size_t length) = 0;
	/* The queue ran empty: what is held back should go out. */
	virtual void idle()
	{
	}
	virtual void tick()
	{
	}
};

class Inbox
{
public:
	Inbox(Client &client, msgqipc_key key, uint32_t entries, bool force);
	~Inbox();
	Inbox(const Inbox &) = delete;
	Inbox &operator=(const Inbox &) = delete;

	/*
	 * Until the sink has enough, or a signal asks to stop. Then the queue
	 * takes no more, and what senders were told had arrived is received.
	 * True: the sink has enough.
	 */
	bool run(Sink &sink);

	const msgqipc_addr &addr() const
	{
		return addr_;
	}
	/* By the queue's own count. */
	uint64_t received() const;

private:
	bool receive(Sink &sink, bool &more);
	void rest(Sink &sink, unsigned &polls);
	bool drain(Sink &sink);

	Client &client_;
	msgqipc_addr addr_{};
	msgqipc_queue *queue_;
};

#endif
