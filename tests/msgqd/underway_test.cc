// SPDX-License-Identifier: MIT
/* Descriptors that were sent and not received, of which a user may have so many. */
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "../api/fixture.h"
#include "../api/passing.h"
#include "daemon.h"

namespace
{

class UnderWay : public Daemon
{
protected:
	static constexpr rlim_t LIMIT = 200;

	UnderWay()
	{
		as = [] {
			rlimit few = { LIMIT, LIMIT };

			/* With these it might have any number under way. */
			prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE);
			prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN);
			setrlimit(RLIMIT_NOFILE, &few);
		};
	}

	/* Another process of the daemon's user, with more of them than that may have. */
	void crowd()
	{
		int ready[2];
		char byte;

		ASSERT_EQ(pipe(ready), 0);
		crowd_ = fork();
		if (!crowd_) {
			send_many();
			if (write(ready[1], "", 1) != 1)
				_exit(1);
			pause();
		}
		close(ready[1]);
		ASSERT_EQ(read(ready[0], &byte, 1), 1);
		close(ready[0]);
	}

	void disperse()
	{
		if (crowd_ < 0)
			return;
		kill(crowd_, SIGKILL);
		waitpid(crowd_, nullptr, 0);
		crowd_ = -1;
	}
	void TearDown() override
	{
		disperse();
		Daemon::TearDown();
	}

	static void send_many()
	{
		constexpr size_t COUNT = 253; /* as many as go with a message */
		static_assert(COUNT > LIMIT);
		int ends[2];
		char byte = 0;

		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
			_exit(1);
		const std::vector<int> many(COUNT, ends[0]);
		if (api::send_along(ends[0], { { &byte, 1 } }, many) < 0)
			_exit(1);
	}

	static msgq_limits used(Connection &connection)
	{
		msgq_limits limits{};

		EXPECT_EQ(connection.ask(MSGQ_IOC_LIMITS, limits).header.error, 0);
		return limits;
	}

	template <typename Request>
	static void expect_refused(Connection &connection, __u32 command, Request request)
	{
		Answer answer = connection.ask(command, request);

		ASSERT_GT(answer.bytes, 0) << "it was hung up on";
		EXPECT_EQ(answer.header.error, -ETOOMANYREFS);
		EXPECT_EQ(request.refusal.why, uint32_t(MSGQ_WHY_MEMORY));
		EXPECT_TRUE(answer.areas.empty());
	}

	pid_t crowd_ = -1;
};

TEST_F(UnderWay, TooManyRefuseARequestAndEndNobody)
{
	Connection owner(path), sender(path);
	msgq_create create{};
	msgq_attach attach{};
	msgq_handle bell{};

	owner.greet();
	sender.greet();
	create.entries = 8;
	msgq_create made = create;
	ASSERT_EQ(owner.ask(MSGQ_IOC_CREATE, made).areas.size(), 3u);
	attach.address = made.address;
	bell.handle = made.handle;

	msgq_limits before = used(owner);
	ASSERT_NO_FATAL_FAILURE(crowd());
	ASSERT_NO_FATAL_FAILURE(expect_refused(owner, MSGQ_IOC_CREATE, create));
	ASSERT_NO_FATAL_FAILURE(expect_refused(owner, MSGQ_WIRE_BELL, bell));
	ASSERT_NO_FATAL_FAILURE(expect_refused(sender, MSGQ_IOC_ATTACH, attach));
	msgq_limits after = used(owner);
	for (int i = 0; i < MSGQ_LIMITS; i++)
		EXPECT_EQ(after.limit[i].used, before.limit[i].used) << i;

	disperse();
	EXPECT_EQ(owner.ask(MSGQ_IOC_CREATE, create).areas.size(), 3u);
	EXPECT_EQ(owner.ask(MSGQ_WIRE_BELL, bell).areas.size(), 1u);
	EXPECT_EQ(sender.ask(MSGQ_IOC_ATTACH, attach).areas.size(), 3u);
}

TEST_F(UnderWay, TooManyAreNores)
{
	setenv("MSGQ_SOCKET", path.c_str(), 1);
	{
		api::Context ctx;

		ASSERT_NO_FATAL_FAILURE(crowd());
		EXPECT_ERR(NORES, msgqipc_create(ctx, 0, nullptr, 8, 0, 0));
		EXPECT_NE(std::string(msgqipc_error_detail()).find("under way"), std::string::npos)
			<< msgqipc_error_detail();
		disperse();
		EXPECT_SUCC(msgqipc_create(ctx, 0, nullptr, 8, 0, 0));
	}
	unsetenv("MSGQ_SOCKET");
}

/* So that a client has no more of them under way than come with one answer. */
TEST_F(UnderWay, AnswerIsReadBeforeTheNextRequest)
{
	Connection odd(path);
	struct {
		msgq_wire_call call;
		msgq_limits limits;
	} packet{};
	msgq_limits limits{};

	odd.greet();
	EXPECT_GT(odd.ask(MSGQ_IOC_LIMITS, limits).bytes, 0);
	packet.call.command = MSGQ_IOC_LIMITS;
	pollfd answered = { odd.get(), POLLIN, 0 };
	ASSERT_GT(send(odd.get(), &packet, sizeof(packet), MSG_NOSIGNAL), 0);
	ASSERT_EQ(poll(&answered, 1, 10000), 1);
	ASSERT_GT(send(odd.get(), &packet, sizeof(packet), MSG_NOSIGNAL), 0);
	answered.events = POLLRDHUP;
	ASSERT_EQ(poll(&answered, 1, 10000), 1) << "it was not hung up on";
	EXPECT_GT(odd.take(&limits, sizeof(limits)).bytes, 0);
	EXPECT_EQ(odd.take(&limits, sizeof(limits)).bytes, 0);
}

} // namespace
