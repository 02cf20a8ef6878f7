// SPDX-License-Identifier: MIT
/* What msgqd gives away, and what it stands, packet by packet. */
#include "daemon.h"

#include <random>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <msgq/ring.h>

namespace
{

class Wire : public Daemon
{
protected:
	Answer create(Connection &connection, msgq_create &made, uint64_t key = 0)
	{
		made = {};
		made.key = key;
		made.entries = 8;
		connection.greet();
		return connection.ask(MSGQ_IOC_CREATE, made);
	}
	Answer attach(Connection &connection, const msgq_address &address, msgq_attach &attached)
	{
		attached = {};
		attached.address = address;
		connection.greet();
		return connection.ask(MSGQ_IOC_ATTACH, attached);
	}
};

bool can_map(int fd, int rights)
{
	void *at = mmap(nullptr, 4096, rights, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return false;
	munmap(at, 4096);
	return true;
}

/* Also not later, by mprotect. */
bool can_make_writable(int fd)
{
	void *at = mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0);
	bool could = at != MAP_FAILED && !mprotect(at, 4096, PROT_READ | PROT_WRITE);

	munmap(at, 4096);
	return could;
}

void expect_rights(int fd, bool writable)
{
	EXPECT_TRUE(can_map(fd, PROT_READ));
	EXPECT_EQ(can_map(fd, PROT_READ | PROT_WRITE), writable);
	EXPECT_EQ(can_make_writable(fd), writable);
	/* Nobody can pull the memory away from under the others. */
	EXPECT_NE(ftruncate(fd, 0), 0);
}

// holds: trust.areas
TEST_F(Wire, AreasHaveTheRightsOfTheModulesMappings)
{
	Connection owner(path), sender(path);
	msgq_create made;
	msgq_attach attached;
	Answer own = create(owner, made);
	Answer other = attach(sender, made.address, attached);

	ASSERT_EQ(own.areas.size(), 3u);
	ASSERT_EQ(other.areas.size(), 3u);
	expect_rights(own.areas[MSGQ_AREA_KEEPER], false);
	expect_rights(own.areas[MSGQ_AREA_CONSUMER], true);
	expect_rights(own.areas[MSGQ_AREA_SLOTS], true);
	expect_rights(other.areas[MSGQ_AREA_KEEPER], false);
	expect_rights(other.areas[MSGQ_AREA_CONSUMER], false);
	expect_rights(other.areas[MSGQ_AREA_SLOTS], true);
}

TEST_F(Wire, KeepersPageCannotBeOpenedAnewForWritingEither)
{
	Connection owner(path);
	msgq_create made;
	Answer own = create(owner, made);
	std::string again = "/proc/self/fd/" + std::to_string(own.areas.at(MSGQ_AREA_KEEPER));
	int fd = open(again.c_str(), O_RDWR | O_CLOEXEC);

	/* Root may open it, the seal holds all the same. */
	if (fd >= 0) {
		EXPECT_FALSE(can_map(fd, PROT_READ | PROT_WRITE));
		EXPECT_EQ(pwrite(fd, "x", 1, 0), -1);
		close(fd);
	}
	EXPECT_EQ(fcntl(own.areas[MSGQ_AREA_KEEPER], F_ADD_SEALS, F_SEAL_WRITE), -1);
}

/* What a library asks that has no descriptor left to be given a bell. */
TEST_F(Wire, WakingIsARequestLikeAnyOther)
{
	Connection owner(path), sender(path);
	msgq_create made;
	msgq_attach attached;
	msgq_handle handle{};

	ASSERT_EQ(create(owner, made).header.error, 0);
	ASSERT_EQ(attach(sender, made.address, attached).header.error, 0);
	handle.handle = attached.handle;
	EXPECT_EQ(sender.ask(MSGQ_IOC_WAKE, handle).header.error, 0);
	handle.handle += 2;
	EXPECT_EQ(sender.ask(MSGQ_IOC_WAKE, handle).header.error, -EBADF);
	EXPECT_EQ(handle.refusal.why, uint32_t(MSGQ_WHY_HANDLE));
}

// holds: trust.foreign
TEST_F(Wire, ProcessThatInheritedAConnectionIsRefused)
{
	Connection owner(path);
	msgq_create made;

	ASSERT_EQ(create(owner, made).header.error, 0);
	pid_t child = fork();
	if (!child) {
		msgq_handle handle{};

		handle.handle = made.handle;
		Answer answer = owner.ask(MSGQ_IOC_ACTIVATE, handle);
		_exit(answer.header.error == -EPERM && handle.refusal.why == MSGQ_WHY_FOREIGN ? 0
											      : 1);
	}
	EXPECT_EQ(ended(child), 0);
}

// holds: death.forked
TEST_F(Wire, DeathIsSeenThoughAForkedChildHoldsTheConnection)
{
	Connection asker(path);
	msgq_name name{};
	int ready[2];
	pid_t left = -1;

	asker.greet();
	ASSERT_EQ(pipe(ready), 0);
	pid_t owner = fork();
	if (!owner) {
		Connection own(path);
		msgq_create made;

		create(own, made, 77);
		left = fork();
		if (!left) {
			pause();
			_exit(0);
		}
		if (write(ready[1], &left, sizeof(left)) != sizeof(left))
			_exit(1);
		pause();
	}
	ASSERT_EQ(read(ready[0], &left, sizeof(left)), static_cast<ssize_t>(sizeof(left)));
	name.operation = MSGQ_NAME_LOOKUP;
	name.key = 77;
	EXPECT_EQ(asker.ask(MSGQ_IOC_NAME, name).header.error, 0);
	kill(owner, SIGKILL);
	waitpid(owner, nullptr, 0);
	EXPECT_EQ(asker.ask(MSGQ_IOC_NAME, name).header.error, -ENOENT);
	kill(left, SIGKILL);
	close(ready[0]);
	close(ready[1]);
}

TEST_F(Wire, NonsenseIsHungUpOnAndHarmsNobodyElse)
{
	std::mt19937 random(1);
	Connection honest(path);
	msgq_create made;

	for (int round = 0; round < 2000; round++) {
		Connection odd(path);
		std::vector<unsigned char> bytes(random() % 600);

		for (unsigned char &byte : bytes)
			byte = static_cast<unsigned char>(random());
		/* Half of them begin like a request, of the right or a wrong size. */
		if (bytes.size() >= 8 && round % 2) {
			__u32 command = MSGQ_IOC_CREATE;

			std::memcpy(bytes.data(), &command, sizeof(command));
			if (round % 4 == 1)
				bytes.resize(sizeof(msgq_wire_call) + sizeof(msgq_create));
		}
		if (bytes.empty())
			continue;
		Answer answer = odd.raw(bytes);
		EXPECT_TRUE(answer.bytes == 0 || answer.header.error < 0) << round;
	}
	EXPECT_EQ(create(honest, made).header.error, 0);
}

/* What a sender that could get no bell falls back to. */
TEST_F(Wire, WakeIsAnsweredAndRingsTheOwnersBell)
{
	Connection owner(path), sender(path);
	const __u64 armed = MSGQ_SLEEPS_ARMED;
	msgq_create made;
	msgq_attach attached;
	msgq_handle wake{}, bell{};
	Answer own = create(owner, made);

	ASSERT_EQ(own.areas.size(), 3u);
	ASSERT_EQ(attach(sender, made.address, attached).header.error, 0);
	ASSERT_EQ(pwrite(own.areas[MSGQ_AREA_CONSUMER], &armed, sizeof(armed),
			 offsetof(msgq_consumer_page, sleeps)),
		  static_cast<ssize_t>(sizeof(armed)));
	Answer bells = owner.ask(MSGQ_WIRE_BELL, bell);
	ASSERT_EQ(bells.areas.size(), 1u);
	pollfd rung = { bells.areas[0], POLLIN, 0 };

	wake.handle = made.handle; /* not an attachment */
	EXPECT_EQ(sender.ask(MSGQ_IOC_WAKE, wake).header.error, -EBADF);
	EXPECT_EQ(poll(&rung, 1, 0), 0);
	wake = {};
	wake.handle = attached.handle;
	EXPECT_EQ(sender.ask(MSGQ_IOC_WAKE, wake).header.error, 0);
	EXPECT_EQ(poll(&rung, 1, 0), 1);
}

TEST_F(Wire, SocketThatIsTakenIsLeftToItsDaemon)
{
	EXPECT_EQ(ended(start()), 1);
	EXPECT_TRUE(Connection(path).connected());
}

TEST_F(Wire, SocketOfAKilledDaemonIsTakenOver)
{
	kill(pid, SIGKILL);
	EXPECT_EQ(ended(pid), -1);
	EXPECT_EQ(access(path.c_str(), F_OK), 0);
	pid = start();
	for (int tries = 0; tries < 200 && !Connection(path).connected(); tries++)
		usleep(10000);
	EXPECT_TRUE(Connection(path).connected());
}

} // namespace
