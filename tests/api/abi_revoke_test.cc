// SPDX-License-Identifier: MIT
// REVOKE and STALL without the library; claims are made by hand.
#include "abi.h"

#include <chrono>
#include <memory>
#include <vector>

#include "msgq/ring.h"

using api::Device;

namespace
{

class AbiRevoke : public api::AbiTest
{
protected:
	Device receiver = Device::greeted(), sender = Device::greeted();
	msgq_create made = {};
	msgq_attach attached = {};
	msgq_slot *slot = nullptr;

	void SetUp() override
	{
		api::AbiTest::SetUp();
		if (IsSkipped())
			return;
		made = receiver.create(4);
		attached = sender.attach(made.address);
		ASSERT_WHY(NONE, receiver.handle(MSGQ_IOC_ACTIVATE, made.handle));
		slot = static_cast<msgq_slot *>(
			receiver.map(made.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
		ASSERT_NE(slot, MAP_FAILED);
	}

	void TearDown() override
	{
		if (slot)
			munmap(slot, made.area[MSGQ_AREA_SLOTS].size);
	}

	void claim(uint32_t index) const
	{
		__atomic_store_n(&slot->word, msgq_word(1, MSGQ_CLAIMED, 0, index),
				 __ATOMIC_RELEASE);
	}

	msgq_slot_state state() const
	{
		return msgq_word_state(__atomic_load_n(&slot->word, __ATOMIC_ACQUIRE));
	}

	uint32_t revoke(uint32_t handle, uint32_t *cancelled = nullptr) const
	{
		msgq_revoke request = {};
		uint32_t why;

		request.handle = handle;
		request.until = 1;
		why = receiver.why(MSGQ_IOC_REVOKE, request);
		if (cancelled)
			*cancelled = request.cancelled;
		return why;
	}

	uint32_t stall(uint32_t handle, uint64_t ns) const
	{
		msgq_stall request = {};

		request.handle = handle;
		request.stall_ns = ns;
		return receiver.why(MSGQ_IOC_STALL, request);
	}
};

TEST_F(AbiRevoke, IsForOwnQueues)
{
	msgq_attach own = receiver.attach(made.address);

	for (uint32_t handle : { 0u, made.handle + 1000, own.handle }) {
		EXPECT_WHY(HANDLE, revoke(handle));
		EXPECT_WHY(HANDLE, stall(handle, 1));
	}
}

TEST_F(AbiRevoke, LeavesAloneWhatIsPublished)
{
	uint32_t cancelled = 1;

	__atomic_store_n(&slot->word, msgq_word(1, MSGQ_READY, 0, attached.sender),
			 __ATOMIC_RELEASE);
	EXPECT_WHY(NONE, revoke(made.handle, &cancelled));
	EXPECT_EQ(cancelled, 0u);
	EXPECT_EQ(state(), MSGQ_READY);
}

TEST_F(AbiRevoke, CancelsAClaimInTheNameOfNobody)
{
	uint32_t cancelled = 0;

	claim(MSGQ_SENDERS_MAX - 1);
	EXPECT_WHY(NONE, revoke(made.handle, &cancelled));
	EXPECT_EQ(cancelled, 1u);
	EXPECT_EQ(state(), MSGQ_CANCELLED);
}

TEST_F(AbiRevoke, CancelsARingFullOfThem)
{
	const msgq_create large = receiver.create(65536);
	auto *full = static_cast<msgq_slot *>(
		receiver.map(large.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
	msgq_revoke request = {};

	ASSERT_NE(full, MAP_FAILED);
	for (uint32_t i = 0; i < 65536; i++)
		full[i].word = msgq_word(1, MSGQ_CLAIMED, 0, i % MSGQ_SENDERS_MAX);
	request.handle = large.handle;
	request.until = 65536;
	EXPECT_WHY(NONE, receiver.why(MSGQ_IOC_REVOKE, request));
	EXPECT_EQ(request.cancelled, 65536u);
	munmap(full, large.area[MSGQ_AREA_SLOTS].size);
}

// Each takes such a look. What is left the next request does.
TEST_F(AbiRevoke, DoesSomeSendersAtATime)
{
	constexpr uint32_t SENDERS = 100;
	const msgq_create large = receiver.create(SENDERS);
	auto *full = static_cast<msgq_slot *>(
		receiver.map(large.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
	std::vector<std::unique_ptr<Device>> senders;
	msgq_revoke request = {};
	uint32_t cancelled = 0;

	ASSERT_NE(full, MAP_FAILED);
	for (uint32_t i = 0; i < SENDERS; i++) {
		senders.emplace_back(new Device(Device::greeted()));
		full[i].word =
			msgq_word(1, MSGQ_CLAIMED, 0, senders.back()->attach(large.address).sender);
	}
	request.handle = large.handle;
	request.until = SENDERS;
	for (int turn = 0; turn < 2; turn++) {
		EXPECT_WHY(NONE, receiver.why(MSGQ_IOC_REVOKE, request));
		EXPECT_LT(request.cancelled, SENDERS);
		cancelled += request.cancelled;
	}
	EXPECT_EQ(cancelled, SENDERS);
	munmap(full, large.area[MSGQ_AREA_SLOTS].size);
}

// Whoever attaches anew has the slots themselves.
TEST_F(AbiRevoke, EndsWithTheAttachment)
{
	uint32_t cancelled = 0;

	claim(attached.sender);
	EXPECT_WHY(NONE, revoke(made.handle, &cancelled));
	EXPECT_EQ(cancelled, 1u);
	ASSERT_WHY(NONE, sender.handle(MSGQ_IOC_DETACH, attached.handle));
	attached = sender.attach(made.address);
	auto *own = static_cast<msgq_slot *>(
		sender.map(attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
	ASSERT_NE(own, MAP_FAILED);
	EXPECT_EQ(own->word, slot->word);
	munmap(own, attached.area[MSGQ_AREA_SLOTS].size);
}

// For a receiver that neither waits nor looks, but watches its descriptor.
TEST_F(AbiRevoke, IsDoneForWhoWatchesTheDescriptor)
{
	const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
	msgq_kick kick = {};

	ASSERT_WHY(NONE, stall(made.handle, 1'000'000));
	claim(attached.sender);
	kick.flags = MSGQ_KICK_WATCH;
	ASSERT_WHY(NONE, receiver.why(MSGQ_IOC_KICK, kick));
	while (state() == MSGQ_CLAIMED && std::chrono::steady_clock::now() < until)
		usleep(1000);
	EXPECT_EQ(state(), MSGQ_CANCELLED);
}

// Not a claim, and not to be waited for.
TEST_F(AbiRevoke, AWaitFindsARingThatWasScribbledOver)
{
	msgq_wait wait = {};

	__atomic_store_n(&slot->word, msgq_word(7, MSGQ_READY, 0, 0), __ATOMIC_RELEASE);
	wait.handle = made.handle;
	wait.timeout_ns = -1;
	EXPECT_WHY(RING, receiver.why(MSGQ_IOC_WAIT, wait));
}

} // namespace
