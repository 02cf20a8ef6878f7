/* SPDX-License-Identifier: MIT */
/* A msgqd that the library finds, in the test and what it forks. */
#ifndef MSGQ_TEST_SERVED_H
#define MSGQ_TEST_SERVED_H

#include "daemon.h"

class Served : public Daemon
{
protected:
	void SetUp() override
	{
		Daemon::SetUp();
		setenv(MSGQ_WIRE_SOCKET_VARIABLE, path.c_str(), 1);
	}
	void TearDown() override
	{
		unsetenv(MSGQ_WIRE_SOCKET_VARIABLE);
		Daemon::TearDown();
	}
};

#endif
