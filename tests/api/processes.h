/* SPDX-License-Identifier: MIT */
/*
 * Processes that a test forks. A child has no use of its parent's contexts
 * and makes its own; EXPECT_ and ASSERT_ work in it and end up in its exit
 * status.
 */
#ifndef MSGQ_TESTS_API_PROCESSES_H
#define MSGQ_TESTS_API_PROCESSES_H

#include "msgqipc.h"
#include "watchdog.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace api
{

/* One end of the line between parent and child; it tells when the other died. */
class Line
{
	int fd = -1;

public:
	explicit Line(int end) : fd(end)
	{
	}
	Line &operator=(Line &&from) noexcept
	{
		std::swap(fd, from.fd);
		return *this;
	}
	~Line()
	{
		hang_up();
	}

	int descriptor() const
	{
		return fd;
	}

	void hang_up()
	{
		if (fd != -1)
			close(std::exchange(fd, -1));
	}

	template <typename T>
	void say(const T &value)
	{
		static_assert(std::is_trivially_copyable_v<T>);
		EXPECT_EQ(send(fd, &value, sizeof(value), MSG_NOSIGNAL), ssize_t(sizeof(value)));
	}

	void say()
	{
		say('.');
	}

	template <typename T>
	T hear()
	{
		static_assert(std::is_trivially_copyable_v<T>);
		T value = {};
		ssize_t got;

		do
			got = recv(fd, &value, sizeof(value), 0);
		while (got == -1 && errno == EINTR);
		EXPECT_EQ(got, ssize_t(sizeof(value))) << "the other process has gone";
		return value;
	}

	void hear()
	{
		hear<char>();
	}

	/* Until the other side hangs up, whatever it says. */
	void hear_out()
	{
		char ignored[256];
		ssize_t got;

		do
			got = recv(fd, ignored, sizeof(ignored), 0);
		while (got > 0 || (got == -1 && errno == EINTR));
	}
};

/* What the first thread of a process does: R, S, D, T, Z; ? if there is none. */
inline char state_of(pid_t pid)
{
	std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
	std::string line;

	/* The name in brackets may have any character in it. */
	std::getline(stat, line);
	size_t name = line.rfind(") ");
	return name == std::string::npos ? '?' : line[name + 2];
}

/*
 * The module ends a context before its process can be waited for. A daemon is
 * told of the death at the same time as everybody else, but deals with it
 * before it serves the next request: so here is one.
 */
inline void settle()
{
	if (!getenv("MSGQ_SOCKET"))
		return;
	if (msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2)))
		msgqipc_destroy(ctx);
}

class Child
{
	pid_t id = -1;
	int status = 0;
	bool reaped = false;

public:
	Line line{ -1 };

	template <typename F>
	explicit Child(F &&body)
	{
		pid_t parent = getpid();
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
			ADD_FAILURE() << "socketpair";
			return;
		}
		fflush(nullptr);
		id = fork();
		if (!id) {
			close(ends[0]);
			watch();
			follow(parent);
			Line up(ends[1]);
			body(up);
			fflush(nullptr);
			_exit(::testing::Test::HasFailure() ? 1 : 0);
		}
		close(ends[1]);
		line = Line(ends[0]);
		EXPECT_NE(id, -1);
	}

	Child(const Child &) = delete;
	Child &operator=(const Child &) = delete;

	~Child()
	{
		if (id > 0 && !reaped) {
			kill(id, SIGKILL);
			wait();
		}
	}

	/* Nothing that a test started outlives it. */
	static void follow(pid_t parent)
	{
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}

	pid_t pid() const
	{
		return id;
	}

	int wait()
	{
		if (!reaped) {
			while (waitpid(id, &status, 0) == -1 && errno == EINTR)
				;
			settle();
		}
		reaped = true;
		return status;
	}

	/* For a tracer, whose waits have already taken the end. */
	void ended(int how)
	{
		status = how;
		reaped = true;
	}

	void kill_and_wait()
	{
		kill(id, SIGKILL);
		EXPECT_EQ(wait(), SIGKILL) << "the child had ended before it was killed";
	}

	/* Waits for an end without failures. */
	void finish()
	{
		EXPECT_EQ(wait(), 0) << "the child failed, see above";
	}
};

/* Memory that parent and children share. */
template <typename T>
class Shared
{
	T *memory;

public:
	template <typename... Args>
	explicit Shared(Args &&...args)
	{
		void *where = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (where == MAP_FAILED)
			abort();
		memory = new (where) T(std::forward<Args>(args)...);
	}

	~Shared()
	{
		munmap(memory, sizeof(T));
	}

	Shared(const Shared &) = delete;
	Shared &operator=(const Shared &) = delete;

	T *operator->() const
	{
		return memory;
	}

	T &operator*() const
	{
		return *memory;
	}
};

/* For a child: becomes @uid with no capability left. */
inline void become(uid_t uid, gid_t gid, const std::vector<gid_t> &groups = {})
{
	pid_t parent = getppid();

	if (setgroups(groups.size(), groups.data()) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid)) {
		ADD_FAILURE() << "cannot become uid " << uid;
		_exit(1);
	}
	/* A change of credentials has cleared it. */
	Child::follow(parent);
}

/* The kernel's "nobody", and two users who are not. */
constexpr uid_t NOBODY = 65534, ALICE = 31001, BOB = 31002;

#define SKIP_UNLESS_ROOT()                                                                         \
	do {                                                                                       \
		if (geteuid())                                                                     \
			GTEST_SKIP() << "only root can become other users";                        \
	} while (0)

} // namespace api

#endif
