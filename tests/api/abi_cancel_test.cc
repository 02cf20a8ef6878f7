// SPDX-License-Identifier: MIT
// IDENTIFY, RENEW, CANCEL and SENDER.
#include "abi.h"
#include "processes.h"
#include "sender_id.h"

#include <atomic>

using api::Child;
using api::Device;
using api::Line;

namespace
{

class AbiCancel : public api::AbiTest
{
protected:
	Device device = Device::greeted();

	static uint32_t identify(const Device &who, const std::string &id)
	{
		msgq_identify arg = {};

		arg.sendid.len = static_cast<uint16_t>(id.size());
		id.copy(reinterpret_cast<char *>(arg.sendid.id), MSGQ_SENDID_MAX);
		return who.why(MSGQ_IOC_IDENTIFY, arg);
	}

	static uint32_t renew(const Device &who, uint32_t handle)
	{
		msgq_renew arg = {};

		arg.handle = handle;
		EXPECT_WHY(NONE, who.why(MSGQ_IOC_RENEW, arg));
		return arg.sender;
	}
};

TEST_F(AbiCancel, RefusesWhatIsReserved)
{
	msgq_create made = device.create(1);
	msgq_attach attached = device.attach(made.address);

	for (size_t at = 0; at < 2; at++) {
		msgq_identify identify = {};
		msgq_renew renew = {};
		msgq_cancel cancel = {};
		msgq_sender_of sender = {};

		identify.reserved[at] = 1;
		EXPECT_WHY(RESERVED, device.why(MSGQ_IOC_IDENTIFY, identify));
		renew.handle = attached.handle;
		renew.reserved[at] = 1;
		EXPECT_WHY(RESERVED, device.why(MSGQ_IOC_RENEW, renew));
		cancel.address = made.address;
		cancel.reserved[at] = 1;
		EXPECT_WHY(RESERVED, device.why(MSGQ_IOC_CANCEL, cancel));
		sender.handle = made.handle;
		sender.index = attached.sender;
		sender.reserved[at] = 1;
		EXPECT_WHY(RESERVED, device.why(MSGQ_IOC_SENDER, sender));
	}
	for (uint32_t flag = 1; flag; flag <<= 1) {
		msgq_cancel cancel = {};

		cancel.address = made.address;
		cancel.flags = flag;
		EXPECT_WHY(FLAGS, device.why(MSGQ_IOC_CANCEL, cancel));
	}
}

TEST_F(AbiCancel, TakesOnlyHandlesOfItsKind)
{
	Device other = Device::greeted();
	msgq_create made = device.create(1);
	msgq_attach attached = device.attach(made.address);
	msgq_renew renew = {};
	msgq_sender_of sender = {};

	for (uint32_t handle : { made.handle, made.handle + 1000, UINT32_MAX }) {
		renew.handle = handle;
		EXPECT_WHY(HANDLE, device.why(MSGQ_IOC_RENEW, renew));
	}
	renew.handle = attached.handle;
	EXPECT_WHY(HANDLE, other.why(MSGQ_IOC_RENEW, renew));
	for (uint32_t handle : { attached.handle, made.handle + 1000, UINT32_MAX }) {
		sender.handle = handle;
		EXPECT_WHY(HANDLE, device.why(MSGQ_IOC_SENDER, sender));
	}
	sender.handle = made.handle;
	EXPECT_WHY(HANDLE, other.why(MSGQ_IOC_SENDER, sender));
}

TEST_F(AbiCancel, TakesOnlyAddressesOfQueues)
{
	msgq_create made = device.create(1);
	msgq_cancel cancel = {};

	cancel.address = made.address;
	cancel.address.generation++;
	EXPECT_WHY(ADDRESS, device.why(MSGQ_IOC_CANCEL, cancel));
	cancel.address = made.address;
	cancel.address.reserved = 1;
	EXPECT_WHY(ADDRESS, device.why(MSGQ_IOC_CANCEL, cancel));
	cancel.address = made.address;
	cancel.address.node = 1;
	EXPECT_WHY(NODE, device.why(MSGQ_IOC_CANCEL, cancel));
	cancel.address = made.address;
	EXPECT_WHY(NONE, device.why(MSGQ_IOC_CANCEL, cancel));
	EXPECT_EQ(cancel.cancelled, 0u);
}

TEST_F(AbiCancel, TellsTheBoundOfIds)
{
	msgq_identify arg = {};

	for (unsigned len : { MSGQ_SENDID_MAX + 1, 255, 65535 }) {
		arg = {};
		arg.sendid.len = static_cast<uint16_t>(len);
		EXPECT_WHY(SENDID, device.why(MSGQ_IOC_IDENTIFY, arg));
		EXPECT_EQ(arg.refusal.bound, uint64_t(MSGQ_SENDID_MAX));
	}
}

TEST_F(AbiCancel, GivesAnotherIndexForAnotherIdAndTheSameAgain)
{
	msgq_create made = device.create(4);
	msgq_attach attached = device.attach(made.address);
	uint32_t first, second;

	EXPECT_EQ(renew(device, attached.handle), attached.sender);
	ASSERT_WHY(NONE, identify(device, "one"));
	first = renew(device, attached.handle);
	EXPECT_NE(first, attached.sender);
	EXPECT_EQ(renew(device, attached.handle), first);
	ASSERT_WHY(NONE, identify(device, "two"));
	second = renew(device, attached.handle);
	ASSERT_WHY(NONE, identify(device, "one"));
	EXPECT_EQ(renew(device, attached.handle), first);
	EXPECT_NE(second, first);
	EXPECT_EQ(device.attach(made.address).sender, first);
}

TEST_F(AbiCancel, TellsWhoTheSenderIs)
{
	msgq_create made = device.create(4);
	msgq_sender_of sender = {};

	if (!geteuid()) {
		msgq_name name = {};

		name.operation = MSGQ_NAME_SET_PERM;
		name.flags = MSGQ_NAME_BY_HANDLE;
		name.handle = made.handle;
		name.mode = 0666;
		EXPECT_WHY(NONE, device.why(MSGQ_IOC_NAME, name));
	}
	Child other([&](Line &up) {
		Device own = Device::greeted();

		if (!geteuid())
			api::become(api::ALICE, api::ALICE);
		EXPECT_WHY(NONE, identify(own, "who"));
		up.say(own.attach(made.address).sender);
		up.say(geteuid());
		up.hear_out();
	});

	sender.handle = made.handle;
	sender.index = other.line.hear<uint32_t>();
	uid_t uid = other.line.hear<uid_t>();
	ASSERT_WHY(NONE, device.why(MSGQ_IOC_SENDER, sender));
	EXPECT_EQ(sender.sendid.len, 3u);
	EXPECT_FALSE(memcmp(sender.sendid.id, "who", 3));
	EXPECT_EQ(sender.uid, uid);
	EXPECT_EQ(sender.pid, uint32_t(other.pid()));
	for (uint32_t never : { sender.index + 1, 8191u, 8192u, UINT32_MAX }) {
		sender.index = never;
		EXPECT_WHY(RING, device.why(MSGQ_IOC_SENDER, sender));
	}
	other.line.hang_up();
	other.finish();
}

struct Tally {
	std::atomic<uint64_t> sent, cancelled;
	std::atomic<bool> over;
};

TEST_F(AbiCancel, CountsExactlyWhatIsNotReceived)
{
	const uint64_t rounds = api::setting("MSGQ_RACES", 20000);
	api::Context owner;
	api::Queue queue(owner, 8);
	api::Shared<Tally> tally;
	uint64_t got = 0;

	Child sender([&](Line &) {
		api::Context own;
		Device canceller = Device::greeted();
		msgq_cancel cancel = {};

		api::watch(20);
		ASSERT_SUCC(api::set_sender_id(own, "id"));
		ASSERT_WHY(NONE, identify(canceller, "id"));
		memcpy(&cancel.address, &queue.addr, sizeof(cancel.address));
		for (uint64_t round = 0; round < rounds; round++) {
			for (uint64_t each = 0; each <= round % 3; each++)
				if (!msgqipc_send(own, &queue.addr, "x", 1))
					tally->sent++;
			for (uint64_t turn = 0; turn < round % 397; turn++)
				asm volatile("");
			ASSERT_WHY(NONE, canceller.why(MSGQ_IOC_CANCEL, cancel));
			tally->cancelled += cancel.cancelled;
		}
		tally->over = true;
	});
	api::watch(20);
	for (bool over = false;;) {
		char msg;

		over = tally->over;
		if (msgqipc_recv(owner, queue, &msg, 1) == 1)
			got++;
		else if (over)
			break;
	}
	sender.finish();
	EXPECT_EQ(got + tally->cancelled, tally->sent.load());
	printf("%llu received, %llu cancelled\n", (unsigned long long)got,
	       (unsigned long long)tally->cancelled.load());
}

} // namespace
