// SPDX-License-Identifier: MIT
/* A msgqd that runs and is not to be had is not taken for none. */
#include <functional>

#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../api/fixture.h"
#include "daemon.h"

namespace
{

class Refused : public Daemon
{
protected:
	static constexpr uid_t USER = 31002;

	void SetUp() override
	{
		Daemon::SetUp();
		ASSERT_EQ(chmod(directory, 0755), 0);
		place = std::string(directory) + "/msgqd.sock";
		ASSERT_EQ(symlink(path.c_str(), place.c_str()), 0);
	}
	void TearDown() override
	{
		unlink(place.c_str());
		Daemon::TearDown();
	}

	/* In a process whose environment and limits are its own. */
	static void apart(const std::function<void()> &body)
	{
		pid_t child = fork();

		if (!child) {
			unsetenv("MSGQ_SOCKET");
			unsetenv("XDG_RUNTIME_DIR");
			body();
			fflush(nullptr);
			_exit(HasFailure() ? 1 : 0);
		}
		EXPECT_EQ(ended(child), 0);
	}

	static void become_user()
	{
		if (!geteuid() && (setgroups(0, nullptr) || setgid(USER) || setuid(USER)))
			_exit(2);
	}

	static void expect_refused(int error, const std::string &says)
	{
		msgqipc_ctx *ctx = msgqipc_ini(msgqipc_load(MSGQIPC_API_V2));
		std::string detail = msgqipc_error_detail();

		EXPECT_EQ(ctx, nullptr);
		EXPECT_EQ(msgqipc_get_error(), error) << detail;
		EXPECT_NE(detail.find(says), std::string::npos) << detail;
	}

	/* The other places are looked at only where there is no module. */
	static bool no_module()
	{
		return access(MSGQ_DEVICE, F_OK) && access(MSGQ_WIRE_SOCKET_SYSTEM, F_OK);
	}

	std::string place;
};

TEST_F(Refused, ByTheModeOfItsSocketIsAcces)
{
	if (geteuid())
		GTEST_SKIP() << "a user's own socket does not refuse it";
	ASSERT_EQ(chmod(path.c_str(), 0600), 0);
	apart([this] {
		become_user();
		setenv("MSGQ_SOCKET", path.c_str(), 1);
		expect_refused(MSGQIPC_ERR_ACCES, "may not be connected to");
	});
	if (!no_module())
		return;
	apart([this] {
		become_user();
		setenv("XDG_RUNTIME_DIR", directory, 1);
		expect_refused(MSGQIPC_ERR_ACCES, "may not be connected to");
	});
}

/* As after su, which leaves the variable as it was. */
TEST_F(Refused, DirectoryOfAnotherUserIsNoPlace)
{
	if (geteuid() || !no_module())
		GTEST_SKIP() << "only root can become another user";
	ASSERT_EQ(chmod(directory, 0700), 0);
	apart([this] {
		become_user();
		setenv("XDG_RUNTIME_DIR", directory, 1);
		expect_refused(MSGQIPC_ERR_NOTFOUND, "no msgqd runs");
	});
}

TEST_F(Refused, ForWantOfADescriptorIsNores)
{
	apart([this] {
		rlimit none = { 0, 1024 };

		setenv("MSGQ_SOCKET", path.c_str(), 1);
		setrlimit(RLIMIT_NOFILE, &none);
		expect_refused(MSGQIPC_ERR_NORES, "no descriptor or memory is left");
	});
}

TEST_F(Refused, WhereNobodyListensIsNotFound)
{
	apart([this] {
		setenv("MSGQ_SOCKET", (path + "2").c_str(), 1);
		expect_refused(MSGQIPC_ERR_NOTFOUND, "no msgqd listens there");
	});
}

TEST_F(Refused, PathThatIsNoneSaysHowLongOneIs)
{
	apart([] {
		for (size_t length : { 0, 108, 4000 }) {
			setenv("MSGQ_SOCKET", std::string(length, 'x').c_str(), 1);
			expect_refused(MSGQIPC_ERR_NOTFOUND, "MSGQ_SOCKET is a path of " +
								     std::to_string(length) +
								     " bytes; accepted: 1 to 107");
		}
		setenv("MSGQ_SOCKET", std::string(107, 'x').c_str(), 1);
		expect_refused(MSGQIPC_ERR_NOTFOUND, "no msgqd listens there");
	});
}

} // namespace
