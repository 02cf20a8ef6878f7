// SPDX-License-Identifier: MIT
#include "abi.h"

#include "msgq/sender.h"

using api::Device;

namespace
{

// HELLO is of an own file: no other request is refused by its version.
class AbiRequest : public api::AbiTest
{
protected:
	Device device = Device::greeted();

	// An error number that the ABI names, and no damage.
	void expect_errno(int error, unsigned long request, void *arg)
	{
		errno = 0;
		EXPECT_EQ(device.ask(request, arg), -1);
		EXPECT_EQ(errno, error) << strerror(errno);
	}

	// Each of @fields in turn, all else in @arg being right.
	template <typename T, typename... F>
	void expect_reserved(unsigned long request, T arg, F T::*...fields)
	{
		(
			[&] {
				T changed = arg;
				auto &field = changed.*fields;

				for (size_t at = 0; at < sizeof(field); at++) {
					changed = arg;
					reinterpret_cast<uint8_t *>(&field)[at] = 0x80;
					EXPECT_WHY(RESERVED, device.why(request, changed))
						<< "request " << request << ", byte " << at;
				}
			}(),
			...);
	}
};

const unsigned long HANDLE_REQUESTS[] = {
	MSGQ_IOC_ACTIVATE, MSGQ_IOC_DEACTIVATE, MSGQ_IOC_CLOSE,
	MSGQ_IOC_DETACH,   MSGQ_IOC_WAKE,	MSGQ_IOC_DESTROY
};

TEST_F(AbiRequest, IsRefusedForWhatIsReserved)
{
	msgq_create create = {};
	msgq_attach attach = {};
	msgq_handle handle = {};
	msgq_wait wait = {};
	msgq_name name = {};
	msgq_list list = {};
	msgq_limits limits = {};
	msgq_peek peek = {};
	msgq_create made = device.create(1, api::abi_key());

	create.entries = 1;
	expect_reserved(MSGQ_IOC_CREATE, create, &msgq_create::reserved0, &msgq_create::reserved);
	attach.address = made.address;
	expect_reserved(MSGQ_IOC_ATTACH, attach, &msgq_attach::reserved0, &msgq_attach::reserved);
	for (unsigned long request : HANDLE_REQUESTS) {
		handle.handle = request == MSGQ_IOC_DETACH || request == MSGQ_IOC_WAKE
					? device.attach(made.address).handle
					: made.handle;
		expect_reserved(request, handle, &msgq_handle::reserved);
	}
	wait.handle = made.handle;
	expect_reserved(MSGQ_IOC_WAIT, wait, &msgq_wait::reserved);
	for (uint32_t operation :
	     { MSGQ_NAME_LOOKUP, MSGQ_NAME_UNLINK, MSGQ_NAME_GET_PERM, MSGQ_NAME_SET_PERM }) {
		name.operation = operation;
		name.key = 1;
		expect_reserved(MSGQ_IOC_NAME, name, &msgq_name::handle, &msgq_name::reserved);
	}
	name.operation = MSGQ_NAME_GET_PERM;
	name.flags = MSGQ_NAME_BY_HANDLE;
	name.handle = made.handle;
	name.key = 0;
	expect_reserved(MSGQ_IOC_NAME, name, &msgq_name::key, &msgq_name::reserved);
	expect_reserved(MSGQ_IOC_LIST, list, &msgq_list::reserved);
	expect_reserved(MSGQ_IOC_LIMITS, limits, &msgq_limits::reserved);
	peek.address = made.address;
	expect_reserved(MSGQ_IOC_PEEK, peek, &msgq_peek::reserved);
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
}

TEST_F(AbiRequest, IsRefusedForUnknownFlagsAndTellsTheKnown)
{
	msgq_create made = device.create(1, api::abi_key());

	for (uint32_t flag = 1; flag; flag <<= 1) {
		msgq_create create = {};
		msgq_attach attach = {};
		msgq_wait wait = {};
		msgq_name name = {};
		msgq_limits limits = {};
		msgq_peek peek = {};

		SCOPED_TRACE(flag);
		if (!(flag & MSGQ_CREATE_FLAGS)) {
			create.entries = 1;
			create.flags = flag;
			EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_CREATE, create));
			EXPECT_EQ(create.refusal.bound, uint64_t(MSGQ_CREATE_FLAGS));
		}
		attach.address = made.address;
		attach.flags = flag;
		EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_ATTACH, attach));
		EXPECT_EQ(attach.refusal.bound, 0u);
		for (unsigned long request : HANDLE_REQUESTS)
			EXPECT_WHY(FLAGS, device.handle(request, made.handle, flag)) << request;
		wait.handle = made.handle;
		wait.flags = flag;
		EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_WAIT, wait));
		limits.flags = flag;
		EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_LIMITS, limits));
		peek.address = made.address;
		peek.flags = flag;
		EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_PEEK, peek));
		name.key = 1;
		name.flags = flag;
		for (uint32_t operation : { MSGQ_NAME_LOOKUP, MSGQ_NAME_UNLINK }) {
			name.operation = operation;
			EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_NAME, name));
			EXPECT_EQ(name.refusal.bound, 0u);
		}
		if (flag & MSGQ_NAME_BY_HANDLE)
			continue;
		for (uint32_t operation : { MSGQ_NAME_GET_PERM, MSGQ_NAME_SET_PERM }) {
			name.operation = operation;
			EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_NAME, name));
			EXPECT_EQ(name.refusal.bound, uint64_t(MSGQ_NAME_BY_HANDLE));
		}
	}
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
}

TEST_F(AbiRequest, IsRefusedForUnknownNumbersAndSizes)
{
	uint64_t room[64] = {};

	for (unsigned number : { 0x02u, 0x0fu, 0x14u, 0x2fu, 0x3fu, 0x43u, 0x7fu, 0xffu })
		expect_errno(ENOTTY, _IOC(_IOC_READ | _IOC_WRITE, MSGQ_IOC, number, 32), room);
	expect_errno(ENOTTY, _IOWR(MSGQ_IOC, 0x10, msgq_handle), room);
	expect_errno(ENOTTY, _IOWR(MSGQ_IOC + 1, 0x10, msgq_create), room);
	expect_errno(ENOTTY, _IOW(MSGQ_IOC, 0x10, msgq_create), room);
}

TEST_F(AbiRequest, IsRefusedForUnknownOperations)
{
	for (uint32_t operation : { 0u, 5u, 255u, UINT32_MAX }) {
		msgq_name name = {};

		name.operation = operation;
		name.key = 1;
		EXPECT_WHY(OPERATION, device.why(MSGQ_IOC_NAME, name)) << operation;
	}
}

TEST_F(AbiRequest, IsRefusedForBadPointers)
{
	long page = sysconf(_SC_PAGESIZE);
	char *read_only = static_cast<char *>(
		mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	ASSERT_NE(read_only, MAP_FAILED);
	ASSERT_EQ(mprotect(read_only + page, page, PROT_NONE), 0);
	for (unsigned long request :
	     { MSGQ_IOC_HELLO, MSGQ_IOC_CREATE, MSGQ_IOC_ACTIVATE, MSGQ_IOC_ATTACH, MSGQ_IOC_SEND,
	       MSGQ_IOC_WAIT, MSGQ_IOC_NAME, MSGQ_IOC_LIST, MSGQ_IOC_DESTROY }) {
		SCOPED_TRACE(request);
		expect_errno(EFAULT, request, nullptr);
		expect_errno(EFAULT, request, reinterpret_cast<void *>(8));
		// A structure that ends in memory which is not there.
		expect_errno(EFAULT, request, read_only + page - 8);
	}
	munmap(read_only, 2 * page);

	device.create(1);
	msgq_list list = {};
	list.buffer = 8;
	list.count = 1;
	expect_errno(EFAULT, MSGQ_IOC_LIST, &list);
}

TEST_F(AbiRequest, TellsTheBoundsOfEntries)
{
	msgq_create create = {};
	uint64_t max;

	EXPECT_WHY(ENTRIES_ZERO, device.why(MSGQ_IOC_CREATE, create));
	max = create.refusal.bound;
	EXPECT_GE(max, 1000u);
	create = {};
	create.entries = static_cast<uint32_t>(max) + 1;
	EXPECT_WHY(ENTRIES_MAX, device.why(MSGQ_IOC_CREATE, create));
	EXPECT_EQ(create.refusal.bound, max);
}

TEST_F(AbiRequest, TakesOnlyHandlesOfItsKind)
{
	Device other = Device::greeted();
	msgq_create made = device.create(1);
	uint32_t attached = device.attach(made.address).handle;

	EXPECT_NE(attached, made.handle);
	EXPECT_WHY(HANDLE, device.handle(MSGQ_IOC_DETACH, made.handle));
	for (unsigned long request : { MSGQ_IOC_ACTIVATE, MSGQ_IOC_DEACTIVATE, MSGQ_IOC_CLOSE })
		EXPECT_WHY(HANDLE, device.handle(request, attached)) << request;
	for (uint32_t garbage : { made.handle + 1000, 0x7fffffffu, 0x80000000u, UINT32_MAX })
		for (unsigned long request :
		     { MSGQ_IOC_ACTIVATE, MSGQ_IOC_CLOSE, MSGQ_IOC_DETACH, MSGQ_IOC_WAKE })
			EXPECT_WHY(HANDLE, device.handle(request, garbage)) << request;
	for (uint32_t handle : { made.handle, attached })
		for (unsigned long request : { MSGQ_IOC_ACTIVATE, MSGQ_IOC_DETACH })
			EXPECT_WHY(HANDLE, other.handle(request, handle)) << request;
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_DETACH, attached));
}

TEST_F(AbiRequest, EndsWhatItEndsOnce)
{
	Device other = Device::greeted();
	msgq_create made = device.create(1);
	msgq_attach first = other.attach(made.address);

	EXPECT_EQ(other.attach(made.address).handle, first.handle);
	EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, first.handle));
	EXPECT_WHY(HANDLE, other.handle(MSGQ_IOC_DETACH, first.handle));
	other.attach(made.address);
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made.handle));
	EXPECT_WHY(HANDLE, device.handle(MSGQ_IOC_CLOSE, made.handle));
	EXPECT_WHY(HANDLE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_DESTROY, 0));
	EXPECT_WHY(DESTROYED, device.handle(MSGQ_IOC_DESTROY, 0));
	EXPECT_WHY(DESTROYED, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
}

TEST_F(AbiRequest, WaitsUntilItsTimeIsUp)
{
	msgq_create made = device.create(1);

	for (int64_t timeout : { int64_t(0), int64_t(1), int64_t(2000000) }) {
		msgq_wait wait = {};

		wait.handle = made.handle;
		wait.timeout_ns = timeout;
		expect_errno(ETIMEDOUT, MSGQ_IOC_WAIT, &wait);
		EXPECT_WHY(TIMEOUT, wait.refusal.why);
	}
	msgq_wait attached = {};
	attached.handle = device.attach(made.address).handle;
	EXPECT_WHY(HANDLE, device.why(MSGQ_IOC_WAIT, attached));
}

TEST_F(AbiRequest, DoesNotWaitForWhatIsThere)
{
	msgq_create made = device.create(1);
	msgq_attach attached = device.attach(made.address);
	void *keeper = device.map(made.area[MSGQ_AREA_KEEPER], PROT_READ);
	void *consumer = device.map(made.area[MSGQ_AREA_CONSUMER], PROT_READ);
	void *slots = device.map(made.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE);
	msgq_wait wait = {};
	msgq_sender sender;

	ASSERT_TRUE(keeper != MAP_FAILED && consumer != MAP_FAILED && slots != MAP_FAILED);
	ASSERT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
	msgq_ring ring = msgq_ring_over(keeper, consumer, slots, 1);
	msgq_sender_init(&sender, &ring, attached.sender);
	ASSERT_EQ(msgq_sender_send(&sender, "x", 1), MSGQ_SENT);
	wait.handle = made.handle;
	wait.timeout_ns = -1;
	EXPECT_WHY(NONE, device.why(MSGQ_IOC_WAIT, wait));
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, made.handle));
	munmap(keeper, made.area[MSGQ_AREA_KEEPER].size);
	munmap(consumer, made.area[MSGQ_AREA_CONSUMER].size);
	munmap(slots, made.area[MSGQ_AREA_SLOTS].size);
}

} // namespace
