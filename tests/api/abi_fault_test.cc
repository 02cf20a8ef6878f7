// SPDX-License-Identifier: MIT
// Allocations and copies that fail, in the requests of receivers, on fresh state.
#include "fault.h"

using api::Device;
using api::Failed;

namespace
{

using AbiFault = api::FaultTest;
using api::LARGE, api::SMALL;

TEST_F(AbiFault, OfHelloAndDestroy)
{
	msgq_hello hello = {};

	hello.version = MSGQ_ABI_VERSION;
	hello.oldest = MSGQ_ABI_OLDEST;
	each([&](unsigned nth) { return ask(nth, Device(), MSGQ_IOC_HELLO, hello); }, { EFAULT });
	each(
		[&](unsigned nth) {
			Device device = Device::greeted();
			msgq_handle destroy = {};

			device.create(SMALL);
			Failed answer = failing.during(
				nth, [&] { return device.ask(MSGQ_IOC_DESTROY, &destroy); });

			EXPECT_TRUE(answer.error == 0 || answer.error == EFAULT);
			return answer;
		},
		{ EFAULT });
}

TEST_F(AbiFault, OfCreate)
{
	for (uint32_t entries : { SMALL, LARGE }) {
		SCOPED_TRACE(entries);
		each(
			[&](unsigned nth) {
				msgq_create arg = {};

				arg.entries = entries;
				arg.key = api::abi_key();
				return ask(nth, Device::greeted(), MSGQ_IOC_CREATE, arg);
			},
			{ EFAULT, ENOMEM });
	}
}

// A name that could not be had is free for others; one that moved is not lost.
TEST_F(AbiFault, OfCreateLeavesTheNameAlone)
{
	each(
		[&](unsigned nth) {
			Device old = Device::greeted(), device = Device::greeted();
			msgq_create arg = {};
			msgq_name name = {};

			arg.entries = SMALL;
			arg.key = api::abi_key();
			msgq_create made = old.create(SMALL, arg.key);
			Failed answer = failing.during(
				nth, [&] { return device.ask(MSGQ_IOC_CREATE, &arg); });

			name.operation = MSGQ_NAME_LOOKUP;
			name.key = arg.key;
			EXPECT_WHY(NONE, old.why(MSGQ_IOC_NAME, name));
			if (answer.error == ENOMEM) {
				EXPECT_EQ(name.address.id, made.address.id);
			}
			return answer;
		},
		{ ENOMEM });
}

// There the table of handles grows, and keeps what is in it.
TEST_F(AbiFault, OfTheSixteenthQueue)
{
	each(
		[&](unsigned nth) {
			Device device = Device::greeted();
			uint32_t first = device.create(1).handle;
			msgq_create arg = {};

			for (int queue = 2; queue < 16; queue++)
				device.create(1);
			arg.entries = 1;
			Failed answer = ask(nth, device, MSGQ_IOC_CREATE, arg);

			EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, first));
			return answer;
		},
		{ EFAULT, ENOMEM });
}

TEST_F(AbiFault, OfRequestsOnAQueue)
{
	each_handle(MSGQ_IOC_ACTIVATE);
	each_handle(MSGQ_IOC_DEACTIVATE);
	each_handle(MSGQ_IOC_REACHED);
	each_handle(MSGQ_IOC_CLOSE, MSGQ_WHY_HANDLE);
	each(
		[&](unsigned nth) {
			Device device = Device::greeted();
			msgq_wait arg = {};

			arg.handle = device.create(SMALL).handle;
			arg.timeout_ns = 1000;
			Failed answer = failing.during(
				nth, [&] { return device.ask(MSGQ_IOC_WAIT, &arg); });

			// It waits for what does not come: its failure is the rule.
			EXPECT_TRUE(answer.error == ETIMEDOUT || answer.error == EFAULT)
				<< strerror(answer.error);
			if (!answer.fired)
				answer.error = 0;
			works(device);
			return answer;
		},
		{ EFAULT });
}

TEST_F(AbiFault, OfEvents)
{
	Device owner = Device::greeted();
	msgq_create made = owner.create(SMALL);
	msgq_events events = {};
	msgq_kick kick = {};
	msgq_nrqr nrqr = {};

	events.count = MSGQ_EVENTS_MAX;
	kick.flags = MSGQ_KICK_NOW;
	nrqr.nrqr = 1;
	each_request(MSGQ_IOC_EVENTS, events);
	each_request(MSGQ_IOC_KICK, kick);
	each_request(MSGQ_IOC_NRQR, nrqr);
	each(
		[&](unsigned nth) {
			msgq_listen arg = {};

			arg.address = made.address;
			return ask(nth, Device::greeted(), MSGQ_IOC_LISTEN, arg);
		},
		{ EFAULT, ENOMEM });
	each(
		[&](unsigned nth) {
			Device device = Device::greeted();
			msgq_listen arg = {};

			arg.address = made.address;
			EXPECT_WHY(NONE, device.why(MSGQ_IOC_LISTEN, arg));
			return ask(nth, device, MSGQ_IOC_FORGET, arg, MSGQ_WHY_NOT_LISTENING);
		},
		{ EFAULT });
}

TEST_F(AbiFault, OfNamesAndLists)
{
	Device owner = Device::greeted();
	msgq_create made = owner.create(SMALL, api::abi_key());
	msgq_info info[8];
	msgq_name name = {};
	msgq_list list = {};

	memset(info, 0, sizeof(info));
	name.operation = MSGQ_NAME_GET_PERM;
	name.flags = MSGQ_NAME_BY_HANDLE;
	name.handle = made.handle;
	each([&](unsigned nth) { return ask(nth, owner, MSGQ_IOC_NAME, name); }, { EFAULT });

	list.buffer = reinterpret_cast<uintptr_t>(info);
	list.count = 8;
	// Its memory, if not to be had in one piece, is so in several.
	each([&](unsigned nth) { return ask(nth, Device::greeted(), MSGQ_IOC_LIST, list); },
	     { EFAULT, 0 });
}

} // namespace
