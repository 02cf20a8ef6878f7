// SPDX-License-Identifier: MIT
/*
 * The library over a daemon that lies. What the daemon says is not trusted
 * with the process's memory: calls fail, or give answers that there are, and
 * nothing is left open in the end.
 *
 * connect() and sendmmsg() are the linker's to replace (see the Makefile), so
 * that the answer is there when the library comes to read it.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/socket.h>

#include <msgqipc.h>

#include <msgq/ring.h>

#include "../../lib/wire.h"
#include "input.h"
#include "liar.h"
#include "request.h"

namespace
{

constexpr int DESCRIPTORS = 256;
constexpr size_t KEPT = 4;

Liar *liar;

void check(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

int count_descriptors()
{
	int count = 0;

	for (int fd = 0; fd < DESCRIPTORS; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

class User
{
public:
	explicit User(Input *input)
	    : input_(input), api_(msgqipc_load(MSGQIPC_API_V2)), ctx_(msgqipc_ini(api_))
	{
	}
	~User()
	{
		if (ctx_)
			msgqipc_destroy(ctx_);
	}
	User(const User &) = delete;
	User &operator=(const User &) = delete;

	bool there() const
	{
		return ctx_ != nullptr;
	}

	void step()
	{
		const uint8_t what = input_->byte();

		liar->behave(what >= 128);
		switch (what % 16) {
		case 0:
		case 1:
			create();
			break;
		case 2:
			if (queue())
				msgqipc_activate(ctx_, queue());
			break;
		case 3:
			close_one();
			break;
		case 4:
		case 5:
		case 6:
			send();
			break;
		case 7:
		case 8:
			receive();
			break;
		case 9:
			peek();
			break;
		case 10:
			events();
			break;
		case 11:
			msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_ARM, 0, nullptr);
			break;
		case 12:
			list();
			break;
		case 13:
			msgqipc_cancel(ctx_, &address());
			msgqipc_poke(ctx_, &address());
			break;
		case 14:
			msgqipc_ctl(ctx_, nullptr,
				    what & 16 ? MSGQIPC_CTL_LISTEN_ADDR : MSGQIPC_CTL_FORGET_ADDR,
				    0, &address());
			break;
		default:
			control(what);
		}
	}

private:
	msgqipc_queue *&queue()
	{
		return queue_[which_ % KEPT];
	}

	msgqipc_addr &address()
	{
		return address_[input_->byte() % KEPT];
	}

	void create()
	{
		which_++;
		if (queue())
			return;
		queue() = msgqipc_create(ctx_, 0, &address_[which_ % KEPT],
					 1 + input_->byte() % 16u, which_, 0);
	}

	void close_one()
	{
		if (queue())
			msgqipc_close(ctx_, queue(), 0);
		queue() = nullptr;
	}

	void send()
	{
		const size_t len = input_->byte() % (MSGQ_MSG_MAX + 1u);
		const auto msg = std::make_unique<uint8_t[]>(len);

		msgqipc_send(ctx_, &address(), msg.get(), len);
	}

	void receive()
	{
		const size_t len = input_->byte() % 80u;
		const auto msg = std::make_unique<uint8_t[]>(len);

		if (queue())
			check(msgqipc_recv_timeout(ctx_, queue(), msg.get(), len, 0) <=
				      static_cast<ssize_t>(len),
			      "more was received than fits");
	}

	void peek()
	{
		const size_t len = input_->byte() % 80u;
		const auto msg = std::make_unique<uint8_t[]>(len);
		const auto id = std::make_unique<msgqipc_sendid>();

		if (!queue())
			return;
		check(api_->v2->peek(ctx_, queue(), id.get(), msg.get(), len,
				     input_->byte() % 4u) <= static_cast<ssize_t>(len),
		      "more was seen than fits");
		check(id->len <= MSGQIPC_SENDID_SPC, "a sender id is longer than there is room");
	}

	void events()
	{
		const size_t room = input_->byte() % 24u;
		const auto event = std::make_unique<msgqipc_event[]>(room);
		const int count = msgqipc_get_events(ctx_, event.get(), room);

		check(count <= static_cast<int>(room), "more events than there is room");
	}

	void list()
	{
		const uint32_t room = 1 + input_->byte() % 40u;
		const auto info = std::make_unique<msgqipc_info[]>(room);
		msgqipc_list list = {};

		list.info = info.get();
		list.count = room;
		if (!msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &list))
			check(list.count <= room, "more was listed than there is room");
	}

	void control(uint8_t what)
	{
		msgqipc_named named = {};
		msgqipc_sendid id = {};
		int fd;

		switch (what / 16 % 4) {
		case 0:
			msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_GET_FD, 0, &fd);
			break;
		case 1:
			id.len = 4;
			msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_SET_SENDER_ID, 0, &id);
			break;
		case 2:
			msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_SET_NRQR, 1, nullptr);
			break;
		default:
			named.key = 7;
			msgqipc_ctl(ctx_, nullptr, MSGQIPC_CTL_NAMED_OPTS, 1 + input_->byte() % 4u,
				    &named);
		}
		static_cast<void>(strlen(msgqipc_error_detail()));
	}

	Input *input_;
	const msgqipc_api *api_;
	msgqipc_ctx *ctx_;
	msgqipc_queue *queue_[KEPT] = {};
	msgqipc_addr address_[KEPT] = {};
	unsigned which_ = 0;
};

} // namespace

extern "C" {

int __wrap_connect(int fd, const sockaddr *, socklen_t)
{
	return liar->connect(fd) ? 0 : -1;
}

int __wrap_sendmmsg(int, mmsghdr *sent, unsigned, int)
{
	const msghdr *message = &sent->msg_hdr;
	uint8_t packet[REQUEST_SIZE];
	size_t size = 0;

	for (size_t i = 0; i < message->msg_iovlen; i++) {
		memcpy(packet + size, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
		size += message->msg_iov[i].iov_len;
	}
	liar->told(packet, size);
	sent->msg_len = static_cast<unsigned>(size);
	return 1;
}

int LLVMFuzzerInitialize(int *, char ***)
{
	setenv(MSGQ_WIRE_SOCKET_VARIABLE, "/liar", 1);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input(data, size);
	const int before = count_descriptors();
	{
		Liar one(&input);

		liar = &one;
		one.behave(input.byte() < 192);
		User user(&input);
		while (user.there() && !input.empty())
			user.step();
		one.behave(true);
	}
	check(count_descriptors() == before, "descriptors were left open");
	return 0;
}
}
