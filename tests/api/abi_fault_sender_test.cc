// SPDX-License-Identifier: MIT
// Allocations and copies that fail in the requests of senders.
#include "fault.h"

#include "msgq/ring.h"

using api::Device;
using api::Failed;

namespace
{

using AbiFaultSender = api::FaultTest;
using api::SMALL;

// As many contexts, attached to one queue.
class Senders
{
	std::vector<std::unique_ptr<Device>> all;

public:
	Senders(const msgq_address &address, int count)
	{
		while (count--) {
			all.emplace_back(new Device(Device::greeted()));
			all.back()->attach(address);
		}
	}
};

TEST_F(AbiFaultSender, OfAttach)
{
	Device owner = Device::greeted();

	each(
		[&](unsigned nth) {
			Device sender = Device::greeted();
			msgq_attach arg = {};

			arg.address = owner.create(SMALL).address;
			return ask(nth, sender, MSGQ_IOC_ATTACH, arg);
		},
		{ EFAULT, ENOMEM });
}

// There the queue's rows grow, and keep who is in them.
TEST_F(AbiFaultSender, OfTheNinthSender)
{
	each(
		[&](unsigned nth) {
			Device owner = Device::greeted(), sender = Device::greeted();
			msgq_create made = owner.create(SMALL);
			Senders others(made.address, 8);
			msgq_attach arg = {};
			msgq_sender_of first = {};

			arg.address = made.address;
			Failed answer = ask(nth, sender, MSGQ_IOC_ATTACH, arg);

			first.handle = made.handle;
			EXPECT_WHY(NONE, owner.why(MSGQ_IOC_SENDER, first));
			return answer;
		},
		{ EFAULT, ENOMEM });
}

TEST_F(AbiFaultSender, OfRequestsOnAnAttachment)
{
	struct Of {
		unsigned long request;
		uint32_t then;
	};
	Device owner = Device::greeted();
	msgq_create made = owner.create(SMALL);

	for (const Of &of :
	     { Of{ MSGQ_IOC_WAKE, MSGQ_WHY_NONE }, Of{ MSGQ_IOC_DETACH, MSGQ_WHY_HANDLE } })
		each(
			[&](unsigned nth) {
				Device sender = Device::greeted();
				msgq_handle arg = {};

				arg.handle = sender.attach(made.address).handle;
				return ask(nth, sender, of.request, arg, of.then);
			},
			{ EFAULT });
}

TEST_F(AbiFaultSender, OfSenderIds)
{
	Device owner = Device::greeted();
	msgq_create made = owner.create(SMALL);
	msgq_identify identify = {};
	msgq_cancel cancel = {};

	identify.sendid.len = 1;
	identify.sendid.id[0] = 'x';
	cancel.address = made.address;
	each_request(MSGQ_IOC_IDENTIFY, identify);
	each_request(MSGQ_IOC_CANCEL, cancel);
	each(
		[&](unsigned nth) {
			Device sender = Device::greeted();
			msgq_sender_of arg = {};

			arg.handle = made.handle;
			arg.index = sender.attach(made.address).sender;
			return ask(nth, owner, MSGQ_IOC_SENDER, arg);
		},
		{ EFAULT });

	// All indices are taken, so that the rows grow for the new one.
	each(
		[&](unsigned nth) {
			Device receiver = Device::greeted(), sender = Device::greeted();
			msgq_address address = receiver.create(SMALL).address;
			msgq_renew arg = {};

			arg.handle = sender.attach(address).handle;
			Senders others(address, 7);
			EXPECT_WHY(NONE, sender.why(MSGQ_IOC_IDENTIFY, identify));
			return ask(nth, sender, MSGQ_IOC_RENEW, arg);
		},
		{ EFAULT, ENOMEM });
}

// A claim that cannot be revoked for want of memory stays open, and is later.
TEST_F(AbiFaultSender, OfRevokingAndOfWhatComesAfter)
{
	each(
		[&](unsigned nth) {
			Device receiver = Device::greeted(), sender = Device::greeted();
			msgq_create made = receiver.create(SMALL);
			msgq_attach attached = sender.attach(made.address);
			msgq_area area = attached.area[MSGQ_AREA_SLOTS];
			auto *slot =
				static_cast<msgq_slot *>(sender.map(area, PROT_READ | PROT_WRITE));
			msgq_revoke revoke = {};
			msgq_renew renew = {};

			if (slot == MAP_FAILED)
				abort();
			EXPECT_WHY(NONE, receiver.handle(MSGQ_IOC_ACTIVATE, made.handle));
			slot->word = msgq_word(1, MSGQ_CLAIMED, 0, attached.sender);
			revoke.handle = made.handle;
			revoke.until = 1;
			Failed answer = ask(nth, receiver, MSGQ_IOC_REVOKE, revoke);

			// Its touches meet memory of its own.
			slot->word = 0;
			renew.handle = attached.handle;
			EXPECT_WHY(NONE, sender.why(MSGQ_IOC_RENEW, renew));
			EXPECT_EQ(renew.revoked, 1u);
			EXPECT_EQ(msgq_word_state(slot->word), MSGQ_CANCELLED);
			munmap(slot, area.size);
			return answer;
		},
		{ EFAULT, ENOMEM });
	each(
		[&](unsigned nth) {
			Device receiver = Device::greeted();
			msgq_stall arg = {};

			arg.handle = receiver.create(SMALL).handle;
			return ask(nth, receiver, MSGQ_IOC_STALL, arg);
		},
		{ EFAULT });
}

} // namespace
