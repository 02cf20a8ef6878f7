/* SPDX-License-Identifier: MIT */
/* A load of which every number is known. */
#ifndef MSGQ_TESTS_TOP_LOAD_H
#define MSGQ_TESTS_TOP_LOAD_H

#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <msgq/ring.h>
#include <msgqipc.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <uapi/linux/msgq.h>
#include <unistd.h>

#include "../api/processes.h"

namespace top
{

constexpr uint32_t CAPACITY = 8;
constexpr int REFUSED = 5, KILLED = 3, WOKE = 1;
constexpr int SENT = int(CAPACITY) + KILLED + WOKE;
constexpr size_t LENGTH = 10;

class Load
{
	msgqipc_ctx *ctx;
	msgqipc_queue *queue;
	msgqipc_addr addr{};

public:
	const msgqipc_key key = other_key();
	pid_t filler = 0, killed = 0, claimer = 0, waker = 0;

	explicit Load(uint32_t flags = 0) : ctx(msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)))
	{
		queue = msgqipc_create(ctx, key, &addr, CAPACITY, 0, flags);
		EXPECT_EQ(msgqipc_activate(ctx, queue), 0) << msgqipc_error_detail();
	}
	~Load()
	{
		close();
	}
	Load(const Load &) = delete;
	Load &operator=(const Load &) = delete;

	std::string name() const
	{
		char text[32];

		snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(key));
		return text;
	}

	/* As msgqctl list prints it. */
	std::string number() const
	{
		msgq_address address;

		memcpy(&address, &addr, sizeof(address));
		return std::to_string(address.id);
	}

	void close()
	{
		if (ctx)
			msgqipc_destroy(ctx);
		ctx = nullptr;
	}

	void run()
	{
		/* One fills the queue, and is refused. */
		filler = child([this](msgqipc_ctx *sender) {
			for (uint32_t i = 0; i < CAPACITY; i++)
				if (msgqipc_send(sender, &addr, "0123456789", LENGTH))
					_exit(1);
			for (int i = 0; i < REFUSED; i++)
				if (!msgqipc_send(sender, &addr, "0123456789", LENGTH) ||
				    msgqipc_get_error() != MSGQIPC_ERR_RNR)
					_exit(2);
			_exit(0);
		});
		EXPECT_EQ(wait(filler), 0);
		take(int(CAPACITY));

		/* One is killed after it has sent. */
		killed = child([this](msgqipc_ctx *sender) {
			for (int i = 0; i < KILLED; i++)
				if (msgqipc_send(sender, &addr, "0123456789", LENGTH))
					_exit(1);
			raise(SIGKILL);
		});
		EXPECT_EQ(wait(killed), SIGKILL);
		take(KILLED);

		/* One is killed in the middle of a send. */
		claimer = child([this](msgqipc_ctx *) {
			claim(CAPACITY + KILLED);
			raise(SIGKILL);
		});
		EXPECT_EQ(wait(claimer), SIGKILL);

		/* One sends to who sleeps. */
		waker = child([this](msgqipc_ctx *sender) {
			/* It says so before it sleeps. */
			while (!asleep(sender) || api::state_of(getppid()) != 'S')
				usleep(1000);
			_exit(msgqipc_send(sender, &addr, "0123456789", LENGTH) ? 1 : 0);
		});
		take(WOKE);
		EXPECT_EQ(wait(waker), 0);
	}

	/* The receiver comes upon a claim whose holder does nothing more, in an empty queue. */
	void stall()
	{
		char message[64];

		claimer = child([this](msgqipc_ctx *) {
			claim(0);
			raise(SIGSTOP);
			_exit(0);
		});
		waitpid(claimer, nullptr, WUNTRACED);
		EXPECT_EQ(msgqipc_ctl(ctx, queue, MSGQIPC_CTL_SET_STALL, 10'000'000, nullptr), 0);
		EXPECT_LT(msgqipc_recv_timeout(ctx, queue, message, sizeof(message), 2'000'000'000),
			  0);
		kill(claimer, SIGCONT);
		EXPECT_EQ(wait(claimer), 0);
	}

	/* As fast as can be, to whoever looks on. */
	void burst(int messages)
	{
		for (int i = 0; i < messages; i++) {
			ASSERT_EQ(msgqipc_send(ctx, &addr, "0123456789", LENGTH), 0);
			take(1);
		}
	}

private:
	/* Two at a time are two queues. */
	static msgqipc_key other_key()
	{
		static msgqipc_key loads;

		return 0x70000000ull + uint64_t(getpid()) * 16 + loads++;
	}

	template <typename Run>
	pid_t child(Run run)
	{
		pid_t pid = fork();

		if (pid)
			return pid;
		run(msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)));
		_exit(3);
	}

	static int wait(pid_t pid)
	{
		int status = -1;

		waitpid(pid, &status, 0);
		return status;
	}

	void take(int messages)
	{
		char message[64];

		for (int i = 0; i < messages; i++)
			ASSERT_EQ(msgqipc_recv_timeout(ctx, queue, message, sizeof(message),
						       60000000000),
				  ssize_t(LENGTH))
				<< msgqipc_error_detail();
	}

	bool asleep(msgqipc_ctx *sender) const
	{
		msgqipc_info info[64];
		msgqipc_list list{ info, 64, 0 };

		msgqipc_ctl(sender, nullptr, MSGQIPC_CTL_NAMED_OPTS, MSGQIPC_NAMED_LIST, &list);
		for (uint32_t i = 0; i < list.count; i++)
			if (info[i].key == key)
				return info[i].waiting;
		return false;
	}

	/* The slot after @position messages, as a sender would. */
	void claim(uint32_t position)
	{
		constexpr uint32_t slots = CAPACITY + 1;
		int device = open(MSGQ_DEVICE, O_RDWR);
		msgq_hello hello = {};
		msgq_attach attach = {};

		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		memcpy(&attach.address, &addr, sizeof(attach.address));
		if (ioctl(device, MSGQ_IOC_HELLO, &hello) ||
		    ioctl(device, MSGQ_IOC_ATTACH, &attach))
			_exit(1);
		const msgq_area &area = attach.area[MSGQ_AREA_SLOTS];
		auto *slot = static_cast<msgq_slot *>(
			mmap(nullptr, area.size, PROT_READ | PROT_WRITE, MAP_SHARED, device,
			     static_cast<off_t>(area.offset)));

		if (slot == MAP_FAILED)
			_exit(2);
		__atomic_store_n(&slot[position % slots].word,
				 msgq_word(position / slots + 1, MSGQ_CLAIMED, 0, attach.sender),
				 __ATOMIC_SEQ_CST);
	}
};

} // namespace top

#endif
