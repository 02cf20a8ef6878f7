// SPDX-License-Identifier: MIT
// A context serves the address space that opened it, whoever holds the descriptor.
#include "abi.h"
#include "passing.h"
#include "processes.h"

using api::Child;
using api::Device;
using api::Line;

namespace
{

class AbiForeign : public api::AbiTest
{
protected:
	Device device = Device::greeted();

	// In another process than the one that opened @stolen.
	static void expect_useless(const Device &stolen, const msgq_create &made)
	{
		msgq_hello hello = {};
		msgq_create create = {};
		msgq_attach attach = {};
		msgq_wait wait = {};
		msgq_name name = {};
		msgq_list list = {};
		msgq_limits limits = {};
		msgq_peek peek = {};
		msgq_identify identify = {};
		msgq_renew renew = {};
		msgq_cancel cancel = {};
		msgq_sender_of sender = {};

		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_HELLO, hello));
		create.entries = 1;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_CREATE, create));
		attach.address = made.address;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_ATTACH, attach));
		wait.handle = made.handle;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_WAIT, wait));
		name.operation = MSGQ_NAME_LOOKUP;
		name.key = 1;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_NAME, name));
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_LIST, list));
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_LIMITS, limits));
		peek.address = made.address;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_PEEK, peek));
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_IDENTIFY, identify));
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_RENEW, renew));
		cancel.address = made.address;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_CANCEL, cancel));
		sender.handle = made.handle;
		EXPECT_WHY(FOREIGN, stolen.why(MSGQ_IOC_SENDER, sender));
		for (unsigned long request :
		     { MSGQ_IOC_ACTIVATE, MSGQ_IOC_DEACTIVATE, MSGQ_IOC_CLOSE, MSGQ_IOC_DETACH,
		       MSGQ_IOC_WAKE, MSGQ_IOC_DESTROY })
			EXPECT_WHY(FOREIGN, stolen.handle(request, made.handle)) << request;
		for (int area = 0; area < 3; area++)
			EXPECT_EQ(stolen.map(made.area[area], PROT_READ), MAP_FAILED) << area;
	}

	void expect_unharmed(const msgq_create &made)
	{
		EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
		Device other = Device::greeted();
		other.attach(made.address);
	}

	static void pass(int line, int descriptor)
	{
		char byte = '.';

		ASSERT_EQ(api::send_along(line, { { &byte, 1 } }, { descriptor }), 1);
	}

	static int take(int line)
	{
		char byte, room[CMSG_SPACE(sizeof(int))] = {};
		iovec data = { &byte, 1 };
		msghdr message = {};
		int descriptor = -1;

		message.msg_iov = &data;
		message.msg_iovlen = 1;
		message.msg_control = room;
		message.msg_controllen = sizeof(room);
		EXPECT_EQ(recvmsg(line, &message, 0), 1);
		if (cmsghdr *control = CMSG_FIRSTHDR(&message))
			memcpy(&descriptor, CMSG_DATA(control), sizeof(int));
		return descriptor;
	}
};

// holds: trust.foreign
TEST_F(AbiForeign, ChildIsRefused)
{
	msgq_create made = device.create(4);

	Child([&](Line &) { expect_useless(device, made); }).finish();
	expect_unharmed(made);
}

// holds: trust.foreign
TEST_F(AbiForeign, ProcessThatWasPassedTheDescriptorIsRefused)
{
	msgq_create made;
	Child thief([&](Line &up) {
		auto known = up.hear<msgq_create>();
		Device stolen(take(up.descriptor()));

		ASSERT_NE(stolen.descriptor(), -1);
		expect_useless(stolen, known);
	});

	made = device.create(4);
	thief.line.say(made);
	pass(thief.line.descriptor(), device.descriptor());
	thief.finish();
	expect_unharmed(made);
}

TEST_F(AbiForeign, ContextThatWasNeverGreetedIsRefusedToo)
{
	Device fresh;

	Child([&](Line &) {
		msgq_hello hello = {};

		hello.version = MSGQ_ABI_VERSION;
		hello.oldest = MSGQ_ABI_OLDEST;
		EXPECT_WHY(FOREIGN, fresh.why(MSGQ_IOC_HELLO, hello));
	}).finish();
}

// holds: trust.foreign
TEST_F(AbiForeign, MappingIsNotInherited)
{
	msgq_create made = device.create(4);
	const msgq_area &area = made.area[MSGQ_AREA_SLOTS];
	void *at = device.map(area, PROT_READ | PROT_WRITE);

	ASSERT_NE(at, MAP_FAILED);
	Child([&](Line &) {
		unsigned char there;

		EXPECT_EQ(mincore(at, area.size, &there), -1);
		EXPECT_EQ(errno, ENOMEM);
	}).finish();
	munmap(at, area.size);
}

// holds: trust.foreign
TEST_F(AbiForeign, MappingThatIsMadeInheritableHoldsNothing)
{
	msgq_create made = device.create(4);
	const msgq_area &area = made.area[MSGQ_AREA_SLOTS];
	auto *at = static_cast<volatile char *>(device.map(area, PROT_READ | PROT_WRITE));

	ASSERT_NE(at, MAP_FAILED);
	at[0] = 1;
	// Some kernels refuse that themselves; a child then has no such mapping.
	int signal = madvise(const_cast<char *>(at), area.size, MADV_DOFORK) ? SIGSEGV : SIGBUS;
	EXPECT_TRUE(signal == SIGBUS || errno == EINVAL) << strerror(errno);
	pid_t child = fork();
	if (child == 0) {
		at[0] = 2;
		_exit(0);
	}
	int status;
	ASSERT_EQ(waitpid(child, &status, 0), child);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
	EXPECT_EQ(at[0], 1);
	munmap(const_cast<char *>(at), area.size);
}

// Its owner is dead, the descriptor lives on in whoever was passed it.
// holds: death.forked
TEST_F(AbiForeign, DescriptorKeepsNothingOfItsOwnerAlive)
{
	uint64_t key = api::abi_key();
	Child owner([&](Line &up) {
		Device own = Device::greeted();

		own.create(4, key);
		pass(up.descriptor(), own.descriptor());
		pause();
	});
	Device left(take(owner.line.descriptor()));
	msgq_name name = {};

	name.operation = MSGQ_NAME_LOOKUP;
	name.key = key;
	ASSERT_NE(left.descriptor(), -1);
	ASSERT_WHY(NONE, device.why(MSGQ_IOC_NAME, name));
	owner.kill_and_wait();
	EXPECT_WHY(KEY_UNKNOWN, device.why(MSGQ_IOC_NAME, name));
	device.create(4, key);
}

} // namespace
