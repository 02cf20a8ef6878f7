// SPDX-License-Identifier: MIT
/* A socket that was passed, as systemd does it, is listened at and stays. */
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include "daemon.h"

namespace
{

/* Without a daemon of its own: each test starts what it wants to see. */
class Passed : public Daemon
{
protected:
	void SetUp() override
	{
		const char *build = std::getenv("BUILD");

		program = std::string(build ? build : "build") + "/bin/msgqd";
		ASSERT_NE(mkdtemp(directory), nullptr);
		path = std::string(directory) + "/socket";
		own = std::string(directory) + "/own";
		log = std::string(directory) + "/log";
		alarm(60);
	}
	void TearDown() override
	{
		close(listener);
		unlink(own.c_str());
		unlink(log.c_str());
		Daemon::TearDown();
	}

	void listen_at(int type, int names_senders)
	{
		sockaddr_un address{};

		address.sun_family = AF_UNIX;
		std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
		listener = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
		setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &names_senders,
			   sizeof(names_senders));
		ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof(address)),
			  0);
		ASSERT_EQ(listen(listener, 16), 0);
	}

	/* Passes @first as descriptor 3, and tells that there are @count for @whom. */
	pid_t start_with(int first, const char *count, pid_t whom = 0)
	{
		pid_t child = fork();

		if (child)
			return child;
		dup2(open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600), STDERR_FILENO);
		dup2(first, 3);
		fcntl(3, F_SETFD, 0);
		setenv("LISTEN_FDS", count, 1);
		setenv("LISTEN_PID", std::to_string(whom ? whom : getpid()).c_str(), 1);
		execl(program.c_str(), "msgqd", "--socket", own.c_str(), nullptr);
		_exit(127);
	}

	std::string said()
	{
		std::stringstream text;

		text << std::ifstream(log).rdbuf();
		return text.str();
	}

	std::string own, log;
	int listener = -1;
};

TEST_F(Passed, SocketIsServedAndOutlivesTheDaemon)
{
	ASSERT_NO_FATAL_FAILURE(listen_at(SOCK_SEQPACKET, 1));
	for (int round = 0; round < 2; round++) {
		Connection early(path); /* waits for the daemon that it has started */

		pid = start_with(listener, "1");
		early.greet();
		EXPECT_NE(access(own.c_str(), F_OK), 0) << "it has made another one";
		EXPECT_EQ(kill(pid, SIGTERM), 0);
		EXPECT_EQ(ended(pid), 0) << said();
		pid = -1;
		EXPECT_EQ(access(path.c_str(), F_OK), 0) << "it has removed what is not its own";
	}
}

TEST_F(Passed, ToAnotherProcessIsNone)
{
	ASSERT_NO_FATAL_FAILURE(listen_at(SOCK_SEQPACKET, 1));
	pid = start_with(listener, "1", getpid());
	for (int tries = 0; tries < 200 && access(own.c_str(), F_OK); tries++)
		usleep(10000);
	EXPECT_TRUE(Connection(own).connected()) << said();
}

TEST_F(Passed, WrongKindOrNumberIsRefused)
{
	const struct {
		int type, names_senders;
		const char *count, *says;
	} cases[] = {
		{ SOCK_STREAM, 1, "1", "not a Unix socket of type SEQPACKET" },
		{ SOCK_SEQPACKET, 1, "2", "2 were passed" },
		{ SOCK_SEQPACKET, 0, "1", "PassCredentials=yes" },
	};

	for (const auto &wrong : cases) {
		ASSERT_NO_FATAL_FAILURE(listen_at(wrong.type, wrong.names_senders));
		EXPECT_EQ(ended(start_with(listener, wrong.count)), 1);
		EXPECT_NE(said().find(wrong.says), std::string::npos) << said();
		close(listener);
		unlink(path.c_str());
		unlink(log.c_str());
	}
	EXPECT_EQ(ended(start_with(open("/dev/null", O_RDONLY | O_CLOEXEC), "1")), 1);
}

} // namespace
