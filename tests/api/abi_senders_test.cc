// SPDX-License-Identifier: MIT
// SENDERS and LIST of claims that are left open; they are made by hand.
#include "abi.h"

#include <vector>

#include "msgq/sender.h"

using api::Device;

namespace
{

class AbiSenders : public api::AbiTest
{
protected:
	Device receiver = Device::greeted(), device = Device::greeted();
	msgq_create made = {};
	msgq_attach attached = {};
	msgq_ring ring = {};
	msgq_sender sender = {};

	void SetUp() override
	{
		void *area[MSGQ_AREAS];

		api::AbiTest::SetUp();
		if (IsSkipped())
			return;
		made = receiver.create(4);
		attached = device.attach(made.address);
		ASSERT_WHY(NONE, receiver.handle(MSGQ_IOC_ACTIVATE, made.handle));
		for (int i = 0; i <= MSGQ_AREA_SLOTS; i++) {
			area[i] = device.map(attached.area[i],
					     PROT_READ | (i == MSGQ_AREA_SLOTS ? PROT_WRITE : 0));
			ASSERT_NE(area[i], MAP_FAILED);
		}
		ring = msgq_ring_over(area[MSGQ_AREA_KEEPER], area[MSGQ_AREA_CONSUMER],
				      area[MSGQ_AREA_SLOTS], 4);
		msgq_sender_init(&sender, &ring, attached.sender);
	}

	// As a sender that is stopped before it publishes.
	void leave_open()
	{
		ASSERT_EQ(msgq_sender_send(&sender, "x", 1), MSGQ_SENT);
		__u64 *word = msgq_sender_word(&sender);
		*word = msgq_word_become(*word, MSGQ_CLAIMED);
	}

	std::vector<msgq_sender_info> senders() const
	{
		std::vector<msgq_sender_info> room(8);
		msgq_senders request = {};

		request.address = made.address;
		request.buffer = reinterpret_cast<uint64_t>(room.data());
		request.count = uint32_t(room.size());
		EXPECT_WHY(NONE, device.why(MSGQ_IOC_SENDERS, request));
		EXPECT_EQ(request.slots, 5u);
		room.resize(request.count);
		return room;
	}

	msgq_info info() const
	{
		msgq_info told = {};
		msgq_list request = {};

		request.buffer = reinterpret_cast<uint64_t>(&told);
		request.count = 1;
		request.from = made.address.id;
		EXPECT_WHY(NONE, device.why(MSGQ_IOC_LIST, request));
		EXPECT_EQ(told.address.generation, made.address.generation);
		return told;
	}

	uint32_t revoke() const
	{
		msgq_revoke request = {};

		request.handle = made.handle;
		request.until = 8;
		return receiver.why(MSGQ_IOC_REVOKE, request);
	}
};

// holds: senders.open, list.reaped
TEST_F(AbiSenders, TellOfAClaimThatIsOpenAndOfItsEnd)
{
	ASSERT_EQ(msgq_sender_send(&sender, "x", 1), MSGQ_SENT);
	leave_open();
	auto told = senders();
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0].open, 1u);
	EXPECT_EQ(told[0].recent, 1u);
	EXPECT_EQ(told[0].last, 0u);
	EXPECT_EQ(told[0].index, attached.sender);
	EXPECT_EQ(told[0].flags, 0u);
	EXPECT_EQ(info().sent, 2u);
	EXPECT_EQ(info().reaped, 0u);
	ASSERT_WHY(NONE, device.handle(MSGQ_IOC_DETACH, attached.handle));
	EXPECT_TRUE(senders().empty());
	EXPECT_EQ(info().sent, 1u);
	EXPECT_EQ(info().reaped, 1u);
	EXPECT_EQ(info().cancelled, 0u);
}

// holds: senders.open, list.reaped
TEST_F(AbiSenders, TellOfASenderThatWasRevoked)
{
	leave_open();
	ASSERT_WHY(NONE, revoke());
	auto told = senders();
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0].flags, uint32_t(MSGQ_SENDER_REVOKED));
	EXPECT_EQ(told[0].index, UINT32_MAX);
	EXPECT_EQ(told[0].open, 0u);
	EXPECT_EQ(told[0].last, MSGQ_SENDER_NONE);
	EXPECT_EQ(told[0].pid, uint32_t(getpid()));
	EXPECT_EQ(info().reaped, 1u);
	EXPECT_EQ(info().sent, 0u);
	msgq_renew renew = {};
	renew.handle = attached.handle;
	renew.claim = ~0ull;
	ASSERT_WHY(NONE, device.why(MSGQ_IOC_RENEW, renew));
	told = senders();
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0].flags, 0u);
	EXPECT_EQ(told[0].index, renew.sender);
}

TEST_F(AbiSenders, BoundWhatUsersWrite)
{
	for (uint32_t slot = 0; slot < ring.slots; slot++)
		ring.slot[slot].word = msgq_word(1, MSGQ_READY, 127, MSGQ_SENDERS_MAX - 1);
	msgq_ring_tally(&ring)->full = ~0ull;
	auto told = senders();
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0].recent, 0u);
	EXPECT_EQ(info().high, 4u);
	EXPECT_EQ(info().depth, 4u);
	for (uint32_t slot = 0; slot < ring.slots; slot++)
		ring.slot[slot].word = msgq_word(~0ull, MSGQ_READY, 0, attached.sender);
	EXPECT_EQ(senders()[0].recent, 0u);
}

TEST_F(AbiSenders, RefuseWhatIsReserved)
{
	msgq_sender_info room;
	msgq_senders request = {};

	request.address = made.address;
	request.buffer = reinterpret_cast<uint64_t>(&room);
	request.count = 1;
	request.reserved[2] = 1;
	EXPECT_WHY(RESERVED, device.why(MSGQ_IOC_SENDERS, request));
	request.reserved[2] = 0;
	request.address.node = 1;
	EXPECT_WHY(NODE, device.why(MSGQ_IOC_SENDERS, request));
	request.address = made.address;
	request.buffer = 0;
	EXPECT_EQ(device.ask(MSGQ_IOC_SENDERS, &request), -1);
	EXPECT_EQ(errno, EFAULT);
}

} // namespace
