// SPDX-License-Identifier: MIT
// The requests of events, without the library.
#include "abi.h"
#include "processes.h"

#include <poll.h>

#include "msgq/ring.h"

using api::Device;

namespace
{

class AbiEvent : public api::AbiTest
{
protected:
	Device device = Device::greeted();

	static int polled(const Device &of, int ms = 0)
	{
		pollfd wanted = { of.descriptor(), POLLIN, 0 };

		return poll(&wanted, 1, ms) == 1 ? wanted.revents : 0;
	}

	static msgq_events take(const Device &of, uint32_t count = MSGQ_EVENTS_MAX,
				uint32_t flags = 0)
	{
		msgq_events events = {};

		events.count = count;
		events.flags = flags;
		EXPECT_WHY(NONE, of.why(MSGQ_IOC_EVENTS, events));
		return events;
	}

	static uint32_t kick(const Device &of, uint32_t flags, uint64_t delay_ns = 0)
	{
		msgq_kick request = {};

		request.flags = flags;
		request.delay_ns = delay_ns;
		return of.why(MSGQ_IOC_KICK, request);
	}

	static uint32_t listen(const Device &of, unsigned long request, const msgq_address &address)
	{
		msgq_listen arg = {};

		arg.address = address;
		return of.why(request, arg);
	}

	// What the library does to an own queue before it waits.
	static msgq_consumer_page *consumer(const Device &of, const msgq_create &made)
	{
		return static_cast<msgq_consumer_page *>(
			of.map(made.area[MSGQ_AREA_CONSUMER], PROT_READ | PROT_WRITE));
	}

	template <typename T, typename... F>
	void expect_reserved(unsigned long request, F T::*...fields)
	{
		(
			[&] {
				for (size_t at = 0; at < sizeof(T().*fields); at++) {
					T arg = {};

					reinterpret_cast<uint8_t *>(&(arg.*fields))[at] = 0x80;
					EXPECT_WHY(RESERVED, device.why(request, arg)) << at;
				}
			}(),
			...);
	}

	template <typename T>
	void expect_flags(unsigned long request, uint32_t known)
	{
		for (uint32_t flag = 1; flag; flag <<= 1) {
			T arg = {};

			if (flag & known)
				continue;
			arg.flags = flag;
			EXPECT_WHY(FLAGS, device.why(request, arg)) << flag;
			EXPECT_EQ(arg.refusal.bound, known);
		}
	}
};

TEST_F(AbiEvent, RefusesWhatIsReserved)
{
	expect_reserved(MSGQ_IOC_EVENTS, &msgq_events::reserved0);
	expect_reserved(MSGQ_IOC_KICK, &msgq_kick::reserved0, &msgq_kick::reserved);
	expect_reserved(MSGQ_IOC_LISTEN, &msgq_listen::reserved0, &msgq_listen::reserved);
	expect_reserved(MSGQ_IOC_FORGET, &msgq_listen::reserved0, &msgq_listen::reserved);
	expect_reserved(MSGQ_IOC_NRQR, &msgq_nrqr::reserved0, &msgq_nrqr::reserved);
	expect_reserved(MSGQ_IOC_REACHED, &msgq_handle::reserved);
}

TEST_F(AbiEvent, RefusesUnknownFlags)
{
	expect_flags<msgq_events>(MSGQ_IOC_EVENTS, MSGQ_EVENTS_QUEUES);
	expect_flags<msgq_kick>(MSGQ_IOC_KICK, MSGQ_KICK_FLAGS);
	expect_flags<msgq_listen>(MSGQ_IOC_LISTEN, 0);
	expect_flags<msgq_listen>(MSGQ_IOC_FORGET, 0);
	expect_flags<msgq_handle>(MSGQ_IOC_REACHED, 0);
}

TEST_F(AbiEvent, RefusesWhatIsNotThere)
{
	Device other = Device::greeted();
	msgq_create made = device.create(1);
	msgq_address wrong = made.address;
	msgq_nrqr nrqr = {};

	for (uint32_t handle : { 0u, made.handle + 1000, device.attach(made.address).handle })
		EXPECT_WHY(HANDLE, device.handle(MSGQ_IOC_REACHED, handle));
	EXPECT_WHY(HANDLE, other.handle(MSGQ_IOC_REACHED, made.handle));
	wrong.generation++;
	EXPECT_WHY(ADDRESS, listen(other, MSGQ_IOC_LISTEN, wrong));
	wrong = made.address;
	wrong.reserved = 1;
	EXPECT_WHY(ADDRESS, listen(other, MSGQ_IOC_LISTEN, wrong));
	wrong = made.address;
	wrong.node = 1;
	EXPECT_WHY(NODE, listen(other, MSGQ_IOC_LISTEN, wrong));
	EXPECT_WHY(NOT_LISTENING, listen(other, MSGQ_IOC_FORGET, made.address));
	nrqr.nrqr = 6;
	EXPECT_WHY(NRQR, other.why(MSGQ_IOC_NRQR, nrqr));
	EXPECT_EQ(nrqr.refusal.bound, 5u);
}

TEST_F(AbiEvent, ServesNoOtherProcess)
{
	msgq_create made = device.create(1);
	api::Child other([&](api::Line &) {
		msgq_events events = {};
		msgq_nrqr nrqr = {};

		events.count = 1;
		EXPECT_WHY(FOREIGN, device.why(MSGQ_IOC_EVENTS, events));
		EXPECT_WHY(FOREIGN, kick(device, MSGQ_KICK_NOW));
		EXPECT_WHY(FOREIGN, listen(device, MSGQ_IOC_LISTEN, made.address));
		EXPECT_WHY(FOREIGN, listen(device, MSGQ_IOC_FORGET, made.address));
		EXPECT_WHY(FOREIGN, device.why(MSGQ_IOC_NRQR, nrqr));
		EXPECT_WHY(FOREIGN, device.handle(MSGQ_IOC_REACHED, made.handle));
	});

	other.finish();
	EXPECT_EQ(polled(device), 0);
}

TEST_F(AbiEvent, KicksNowAndLater)
{
	EXPECT_EQ(polled(device), 0);
	EXPECT_WHY(NONE, kick(device, MSGQ_KICK_NOW));
	EXPECT_EQ(polled(device), POLLIN);
	EXPECT_EQ(take(device).count, 0u);
	EXPECT_EQ(polled(device), 0);
	EXPECT_WHY(NONE, kick(device, 0, 50'000'000));
	EXPECT_EQ(polled(device), 0);
	EXPECT_EQ(polled(device, 10000), POLLIN);
	// A context that ends takes its timer with it.
	EXPECT_WHY(NONE, kick(device, MSGQ_KICK_WATCH, UINT64_MAX));
}

// What was pending can go away without being asked for: then it is looked again, too.
TEST_F(AbiEvent, AreWatchedForAlsoAfterWhatWasPendingIsClosed)
{
	Device other = Device::greeted();
	msgq_create first = device.create(1), second = device.create(1);
	msgq_consumer_page *armed = consumer(device, first), *late = consumer(device, second);
	auto *slot = static_cast<msgq_slot *>(
		device.map(second.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));

	ASSERT_NE(armed, MAP_FAILED);
	ASSERT_NE(late, MAP_FAILED);
	ASSERT_NE(slot, MAP_FAILED);
	armed->sleeps = MSGQ_SLEEPS_ARMED;
	late->sleeps = MSGQ_SLEEPS_ARMED;
	EXPECT_WHY(NONE, kick(device, MSGQ_KICK_WATCH));
	EXPECT_WHY(NONE, other.handle(MSGQ_IOC_WAKE, other.attach(first.address).handle));
	EXPECT_EQ(polled(device), POLLIN);
	// Long enough for it to see that, and to stop.
	usleep(500'000);
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, first.handle));
	EXPECT_EQ(polled(device), 0);
	// By a sender that was stopped before its WAKE.
	__atomic_store_n(&slot->word, msgq_word(1, MSGQ_READY, 0, 0), __ATOMIC_RELEASE);
	EXPECT_EQ(polled(device, 10000), POLLIN);
}

TEST_F(AbiEvent, FiresQueuesThatAreArmedOnce)
{
	Device other = Device::greeted();
	msgq_create first = device.create(1), second = device.create(1);
	msgq_consumer_page *armed = consumer(device, first);

	ASSERT_NE(armed, MAP_FAILED);
	EXPECT_WHY(NONE, other.handle(MSGQ_IOC_WAKE, other.attach(first.address).handle));
	EXPECT_EQ(polled(device), 0) << "it was not armed";
	armed->sleeps = MSGQ_SLEEPS_ARMED;
	for (int i = 0; i < 3; i++) {
		EXPECT_WHY(NONE, other.handle(MSGQ_IOC_WAKE, other.attach(first.address).handle));
		EXPECT_WHY(NONE, other.handle(MSGQ_IOC_WAKE, other.attach(second.address).handle));
	}
	EXPECT_EQ(polled(device), POLLIN);
	EXPECT_EQ(take(device, 0).more, 1u);
	msgq_events events = take(device);
	ASSERT_EQ(events.count, 1u);
	EXPECT_EQ(events.more, 0u);
	EXPECT_EQ(events.event[0].type, uint32_t(MSGQ_EVENT_FIRED));
	EXPECT_EQ(events.event[0].handle, first.handle);
	EXPECT_WHY(NONE, other.handle(MSGQ_IOC_DETACH, other.attach(first.address).handle));
	EXPECT_EQ(polled(device), POLLIN) << "a sender that leaves may owe a WAKE";
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_CLOSE, first.handle));
	EXPECT_EQ(polled(device), 0);
	munmap(armed, first.area[MSGQ_AREA_CONSUMER].size);
}

TEST_F(AbiEvent, LeavesWhatIsNotAskedFor)
{
	Device other = Device::greeted();
	msgq_create made = device.create(1);

	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_ACTIVATE, made.handle));
	EXPECT_WHY(NONE, listen(other, MSGQ_IOC_LISTEN, made.address));
	EXPECT_WHY(NONE, kick(other, MSGQ_KICK_NOW));
	msgq_events events = take(other, MSGQ_EVENTS_MAX, MSGQ_EVENTS_QUEUES);
	EXPECT_EQ(events.count, 0u);
	EXPECT_EQ(events.more, 1u);
	EXPECT_EQ(polled(other), POLLIN);
	events = take(other, UINT32_MAX);
	ASSERT_EQ(events.count, 1u);
	EXPECT_EQ(events.more, 0u);
	EXPECT_EQ(events.event[0].type, uint32_t(MSGQ_EVENT_CANSEND));
	EXPECT_FALSE(memcmp(&events.event[0].address, &made.address, sizeof(made.address)));
}

TEST_F(AbiEvent, HangsUpAtTheEnd)
{
	EXPECT_WHY(NONE, device.handle(MSGQ_IOC_DESTROY, 0));
	EXPECT_EQ(polled(device), POLLHUP | POLLERR);
}

} // namespace
