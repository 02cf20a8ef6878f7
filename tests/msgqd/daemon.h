/* SPDX-License-Identifier: MIT */
/* A msgqd of the test's own, and connections to it that speak for themselves. */
#ifndef MSGQ_TEST_DAEMON_H
#define MSGQ_TEST_DAEMON_H

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/wire.h"

struct Answer {
	ssize_t bytes = -1; /* 0: the daemon hung up */
	msgq_wire_answer header{};
	std::vector<int> areas;
};

class Connection
{
public:
	explicit Connection(const std::string &path)
	{
		sockaddr_un address{};

		address.sun_family = AF_UNIX;
		std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
		fd_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
		connected_ = !connect(fd_, reinterpret_cast<sockaddr *>(&address), sizeof(address));
	}
	~Connection()
	{
		close(fd_);
	}
	Connection(const Connection &) = delete;
	Connection &operator=(const Connection &) = delete;

	/* No answer within so long is error 1, which no answer is. */
	void patience(time_t seconds)
	{
		const timeval limit = { seconds, 0 };

		setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	}

	bool connected() const
	{
		return connected_;
	}
	int get() const
	{
		return fd_;
	}
	/* Or else the answer has -1 bytes. */
	void wait_at_most(int seconds) const
	{
		timeval limit = { seconds, 0 };

		setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	}

	template <typename Request>
	Answer ask(__u32 command, Request &request)
	{
		msgq_wire_call call = { command, 022 };
		iovec parts[2] = { { &call, sizeof(call) }, { &request, sizeof(request) } };
		msghdr message{};

		message.msg_iov = parts;
		message.msg_iovlen = 2;
		sendmsg(fd_, &message, MSG_NOSIGNAL);
		return take(&request, sizeof(request));
	}

	Answer raw(const std::vector<unsigned char> &bytes)
	{
		unsigned char request[MSGQ_WIRE_REQUEST];

		send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
		return take(request, sizeof(request));
	}

	void greet()
	{
		msgq_hello hello{};

		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		ASSERT_EQ(ask(MSGQ_IOC_HELLO, hello).header.error, 0);
	}

	Answer take(void *request, size_t size)
	{
		Answer answer;
		iovec parts[2] = { { &answer.header, sizeof(answer.header) }, { request, size } };
		alignas(cmsghdr) unsigned char control[256];
		msghdr message{};

		message.msg_iov = parts;
		message.msg_iovlen = 2;
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		answer.header.error = 1;
		answer.bytes = recvmsg(fd_, &message, MSG_CMSG_CLOEXEC);
		/* A connection that is reset was hung up, too. */
		if (answer.bytes < 0 && errno == ECONNRESET)
			answer.bytes = 0;
		for (cmsghdr *part = CMSG_FIRSTHDR(&message); part && answer.bytes > 0;
		     part = CMSG_NXTHDR(&message, part)) {
			answer.areas.resize((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			std::memcpy(answer.areas.data(), CMSG_DATA(part),
				    answer.areas.size() * sizeof(int));
		}
		return answer;
	}

private:
	int fd_;
	bool connected_;
};

class Daemon : public testing::Test
{
protected:
	void SetUp() override
	{
		const char *build = std::getenv("BUILD");

		program = std::string(build ? build : "build") + "/bin/msgqd";
		ASSERT_NE(mkdtemp(directory), nullptr);
		path = std::string(directory) + "/socket";
		alarm(60);
		pid = start();
		for (int tries = 0; tries < 200 && access(path.c_str(), F_OK); tries++)
			usleep(10000);
		ASSERT_TRUE(Connection(path).connected());
	}
	void TearDown() override
	{
		if (pid > 0) {
			EXPECT_EQ(kill(pid, SIGTERM), 0);
			EXPECT_EQ(ended(pid), 0);
		}
		unlink(path.c_str());
		rmdir(directory);
		alarm(0);
	}

	pid_t start()
	{
		pid_t child = fork();

		if (child)
			return child;
		as();
		std::vector<const char *> command = { "msgqd", "--socket", path.c_str() };
		command.insert(command.end(), options.begin(), options.end());
		command.push_back(nullptr);
		execv(program.c_str(), const_cast<char *const *>(command.data()));
		_exit(127);
	}

	/* The exit status, or -1 for a death by a signal. */
	static int ended(pid_t child)
	{
		int status = 0;

		waitpid(child, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	}

	/* For a fixture to set, besides the socket; and what to be before the exec. */
	std::vector<const char *> options;
	std::function<void()> as = [] {
	};
	char directory[32] = "/tmp/msgqd.XXXXXX";
	std::string program, path;
	pid_t pid = -1;
};

#endif
