// SPDX-License-Identifier: MIT
#include "holder.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

#include "patience.h"

bool is_held(const msgqipc_info &info)
{
	return info.cookie == holder_cookie;
}

namespace
{

/* Of the process that has the number now: who that is, is looked at afterwards. */
class Process
{
public:
	explicit Process(uint32_t pid) : fd_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)))
	{
	}
	~Process()
	{
		if (fd_ >= 0)
			close(fd_);
	}
	Process(const Process &) = delete;
	Process &operator=(const Process &) = delete;

	bool signal(int number) const
	{
		return fd_ >= 0 && !syscall(SYS_pidfd_send_signal, fd_, number, nullptr, 0);
	}

private:
	int fd_;
};

} // namespace

void ask_holder(const Client &client, const msgqipc_info &info, int signal,
		const std::string &doing, const std::function<bool(const msgqipc_info *)> &done)
{
	using namespace std::chrono;
	constexpr auto patience = seconds(10);
	auto until = steady_clock::now() + patience;

	if (!info.pid)
		throw Failure{ Exit::Failed,
			       doing + ": the process that holds it is in another pid namespace" };
	Process holder(info.pid);
	auto now = client.find(info.addr);

	/* As long as the queue is there, so is its process, and the number is its. */
	if (now && !holder.signal(signal))
		throw Failure{ errno == EPERM ? Exit::Denied : Exit::Failed,
			       doing + ": cannot signal process " + std::to_string(info.pid) +
				       ", which holds it: " + strerror(errno) };
	for (;;) {
		now = client.find(info.addr);
		if (done(now ? &*now : nullptr))
			return;
		if (!now)
			throw Failure{ Exit::NoQueue, doing + ": it is gone" };
		if (steady_clock::now() >= until)
			throw Failure{ Exit::Failed, doing + ": process " +
							     std::to_string(info.pid) +
							     " was asked to, and does not answer" };
		nap(5000);
	}
}
