/* SPDX-License-Identifier: MIT */
/* A file whose close() does not return: who serves it answers everything but that. */
#ifndef MSGQ_TEST_STUCK_FILE_H
#define MSGQ_TEST_STUCK_FILE_H

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

class StuckFile
{
public:
	StuckFile()
	{
		int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
		std::string options = "fd=" + std::to_string(device) +
				      ",rootmode=100000,user_id=0,group_id=0,allow_other";

		close(mkstemp(path_));
		if (device < 0 || mount("stuck", path_, "fuse", 0, options.c_str()))
			return;
		server_ = fork();
		if (!server_) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(device);
		}
		close(device);
		fd_ = open(path_, O_RDONLY | O_CLOEXEC);
		umount2(path_, MNT_DETACH);
	}
	/* Without its server it is closed at once. */
	~StuckFile()
	{
		if (server_ > 0) {
			kill(server_, SIGKILL);
			waitpid(server_, nullptr, 0);
		}
		if (fd_ >= 0)
			close(fd_);
		unlink(path_);
	}
	StuckFile(const StuckFile &) = delete;
	StuckFile &operator=(const StuckFile &) = delete;

	/* -1: there can be none here. */
	int get() const
	{
		return fd_;
	}

private:
	[[noreturn]] static void serve(int device)
	{
		alignas(8) static char request[FUSE_MIN_READ_BUFFER];
		const auto *head = reinterpret_cast<fuse_in_header *>(request);

		while (read(device, request, sizeof(request)) > 0) {
			fuse_init_out init{};
			fuse_open_out opened{};
			fuse_attr_out attributes{};

			init.major = FUSE_KERNEL_VERSION;
			init.minor = FUSE_KERNEL_MINOR_VERSION;
			init.max_write = 4096;
			attributes.attr.ino = FUSE_ROOT_ID;
			attributes.attr.mode = S_IFREG | 0666;
			attributes.attr.nlink = 1;
			if (head->opcode == FUSE_INIT)
				answer(device, head->unique, 0, &init, sizeof(init));
			else if (head->opcode == FUSE_OPEN)
				answer(device, head->unique, 0, &opened, sizeof(opened));
			else if (head->opcode == FUSE_GETATTR)
				answer(device, head->unique, 0, &attributes, sizeof(attributes));
			else if (head->opcode != FUSE_FLUSH)
				answer(device, head->unique, -ENOSYS, nullptr, 0);
		}
		_exit(0);
	}

	static void answer(int device, uint64_t unique, int error, void *with, size_t size)
	{
		fuse_out_header head{};
		iovec parts[2] = { { &head, sizeof(head) }, { with, size } };

		head.len = static_cast<uint32_t>(sizeof(head) + size);
		head.error = error;
		head.unique = unique;
		if (writev(device, parts, size ? 2 : 1) < 0)
			_exit(1);
	}

	char path_[32] = "/tmp/stuck.XXXXXX";
	pid_t server_ = -1;
	int fd_ = -1;
};

#endif
