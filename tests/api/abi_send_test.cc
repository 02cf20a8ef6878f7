// SPDX-License-Identifier: MIT
// SEND, and what the senders of a mediated queue have no part in.
#include "abi.h"
#include "processes.h"

#include "msgq/receiver.h"
#include "msgq/sender.h"

#include <atomic>
#include <chrono>
#include <thread>

using api::Child;
using api::Device;
using api::Line;

namespace
{

constexpr uint32_t ENTRIES = 8;

class AbiSend : public api::AbiTest
{
protected:
	Device owner = Device::greeted(), sender = Device::greeted();
	msgq_create made = {};
	msgq_attach attached = {};
	msgq_ring ring = {};

	void SetUp() override
	{
		api::AbiTest::SetUp();
		if (IsSkipped())
			return;
		made = create(MSGQ_CREATE_MEDIATED);
		attached = sender.attach(made.address);
		ring = msgq_ring_over(map(MSGQ_AREA_KEEPER, PROT_READ),
				      map(MSGQ_AREA_CONSUMER, PROT_READ | PROT_WRITE),
				      map(MSGQ_AREA_SLOTS, PROT_READ | PROT_WRITE), ENTRIES);
		ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_ACTIVATE, made.handle));
	}

	void TearDown() override
	{
		if (IsSkipped())
			return;
		munmap(ring.keeper, made.area[MSGQ_AREA_KEEPER].size);
		munmap(ring.consumer, made.area[MSGQ_AREA_CONSUMER].size);
		munmap(ring.slot, made.area[MSGQ_AREA_SLOTS].size);
	}

	void *map(msgq_area_name area, int rights) const
	{
		void *at = owner.map(made.area[area], rights);

		EXPECT_NE(at, MAP_FAILED) << strerror(errno);
		return at;
	}

	// With a mode that lets anybody send.
	msgq_create create(uint32_t flags) const
	{
		msgq_create arg = {};
		msgq_name name = {};

		arg.entries = ENTRIES;
		arg.flags = flags;
		EXPECT_WHY(NONE, owner.why(MSGQ_IOC_CREATE, arg));
		name.operation = MSGQ_NAME_GET_PERM;
		name.flags = MSGQ_NAME_BY_HANDLE;
		name.handle = arg.handle;
		EXPECT_WHY(NONE, owner.why(MSGQ_IOC_NAME, name));
		name.operation = MSGQ_NAME_SET_PERM;
		name.mode = 0666;
		name.key = 0;
		name.address = {};
		EXPECT_WHY(NONE, owner.why(MSGQ_IOC_NAME, name));
		return arg;
	}

	static uint32_t send(const Device &who, uint32_t handle, uint32_t len = 1,
			     uint32_t flags = 0, int *error = nullptr)
	{
		msgq_send arg = {};
		uint32_t why;

		arg.handle = handle;
		arg.len = len;
		arg.flags = flags;
		memset(arg.msg, 'x', sizeof(arg.msg));
		errno = 0;
		why = who.why(MSGQ_IOC_SEND, arg);
		if (error)
			*error = errno;
		return why;
	}

	uint32_t send(uint32_t len = 1, uint32_t flags = 0, int *error = nullptr) const
	{
		return send(sender, attached.handle, len, flags, error);
	}

	// Who the owner is told to have sent what is at @position.
	msgq_sender_of sender_of(const msgq_create &queue, const msgq_slot *slot) const
	{
		msgq_sender_of who = {};

		who.handle = queue.handle;
		who.index = msgq_word_sender(msgq_load(&slot->word));
		EXPECT_WHY(NONE, owner.why(MSGQ_IOC_SENDER, who));
		return who;
	}
};

// holds: mediated.unmapped
TEST_F(AbiSend, HasNoAreas)
{
	for (const msgq_area &area : attached.area) {
		EXPECT_EQ(area.offset, 0u);
		EXPECT_EQ(area.size, 0u);
	}
}

// Where the areas of a direct queue would be. Handles count up, and offsets with them.
// holds: mediated.unmapped
TEST_F(AbiSend, HasNoAreasToBeGuessed)
{
	msgq_attach one = sender.attach(create(0).address), two = sender.attach(create(0).address);
	uint64_t stride = (two.area[MSGQ_AREA_KEEPER].offset - one.area[MSGQ_AREA_KEEPER].offset) /
			  (two.handle - one.handle);
	const auto offset = [&](uint32_t handle, int area) {
		return one.area[area].offset - (one.handle - handle) * stride;
	};

	for (int area = 0; area < 3; area++) {
		uint64_t size = made.area[area].size;
		void *at = sender.map({ offset(two.handle, area), size }, PROT_READ);

		// The guess is right where there is something.
		ASSERT_NE(at, MAP_FAILED) << strerror(errno);
		munmap(at, size);
		for (int rights = PROT_NONE; rights <= (PROT_READ | PROT_WRITE | PROT_EXEC);
		     rights++) {
			for (uint64_t where :
			     { offset(attached.handle, area), made.area[area].offset }) {
				errno = 0;
				EXPECT_EQ(sender.map({ where, size }, rights), MAP_FAILED);
				EXPECT_TRUE(errno == EINVAL || errno == EACCES) << errno;
			}
		}
	}
}

TEST_F(AbiSend, DeliversEveryLengthAndNothingBeyond)
{
	msgq_receiver receiver;

	msgq_receiver_init(&receiver, &ring);
	for (uint32_t len = 0; len <= MSGQ_MSG_MAX; len++) {
		msgq_send arg = {};
		uint8_t msg[MSGQ_MSG_MAX];
		uint32_t got = 999;

		arg.handle = attached.handle;
		arg.len = len;
		for (uint32_t at = 0; at < sizeof(arg.msg); at++)
			arg.msg[at] = static_cast<uint8_t>(len + at + 1);
		ASSERT_WHY(NONE, sender.why(MSGQ_IOC_SEND, arg));
		for (uint32_t at = len; len < ENTRIES && at < MSGQ_BODY; at++)
			EXPECT_EQ(ring.slot[len].body[at], 0) << len << ", " << at;
		ASSERT_EQ(msgq_receiver_recv(&receiver, msg, sizeof(msg), &got), MSGQ_GOT);
		ASSERT_EQ(got, len);
		EXPECT_FALSE(memcmp(msg, arg.msg, len)) << len;
	}
}

TEST_F(AbiSend, RefusesWhatItDoesNotKnow)
{
	msgq_send arg = {};
	int error;

	for (uint32_t len : { 65u, 66u, 127u, 128u, 0x10000u, 0x80000000u, UINT32_MAX }) {
		for (uint32_t flags : { 0, MSGQ_SEND_POKE }) {
			arg = {};
			arg.handle = attached.handle;
			arg.len = len;
			arg.flags = flags;
			EXPECT_WHY(LEN, sender.why(MSGQ_IOC_SEND, arg)) << len;
			EXPECT_EQ(arg.refusal.bound, uint64_t(MSGQ_MSG_MAX));
		}
	}
	EXPECT_WHY(LEN, send(65, 0, &error));
	EXPECT_EQ(error, EMSGSIZE);
	for (uint32_t flag = 1; flag; flag <<= 1) {
		if (flag & MSGQ_SEND_FLAGS)
			continue;
		arg = {};
		arg.handle = attached.handle;
		arg.flags = flag;
		EXPECT_WHY(FLAGS, sender.why(MSGQ_IOC_SEND, arg)) << flag;
		EXPECT_EQ(arg.refusal.bound, uint64_t(MSGQ_SEND_FLAGS));
	}
	for (size_t at = 0; at < sizeof(arg.reserved0); at++) {
		arg = {};
		arg.handle = attached.handle;
		reinterpret_cast<uint8_t *>(&arg.reserved0)[at] = 1;
		EXPECT_WHY(RESERVED, sender.why(MSGQ_IOC_SEND, arg)) << at;
	}
	EXPECT_EQ(msgq_load(&ring.slot[0].word), 0u) << "something was sent";
}

TEST_F(AbiSend, TakesOnlyAttachmentsOfMediatedQueues)
{
	msgq_create direct = create(0);
	uint32_t to_direct = sender.attach(direct.address).handle;
	int error;

	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_ACTIVATE, direct.handle));
	EXPECT_WHY(OPERATION, send(sender, to_direct, 1, 0, &error));
	EXPECT_EQ(error, EOPNOTSUPP);
	EXPECT_WHY(OPERATION, send(sender, to_direct, 0, MSGQ_SEND_POKE));
	EXPECT_WHY(HANDLE, send(owner, made.handle, 1, 0, &error));
	EXPECT_EQ(error, EBADF);
	EXPECT_WHY(HANDLE, send(owner, attached.handle));
	for (uint32_t garbage : { 0u, 1u, attached.handle + 1000, 0x7fffffffu, UINT32_MAX })
		EXPECT_WHY(HANDLE, send(sender, garbage)) << garbage;
	ASSERT_WHY(NONE, sender.handle(MSGQ_IOC_DETACH, attached.handle));
	EXPECT_WHY(HANDLE, send());
	EXPECT_EQ(msgq_load(&ring.slot[0].word), 0u) << "something was sent";
}

TEST_F(AbiSend, TellsWhyNot)
{
	msgq_receiver receiver;
	msgq_send arg = {};
	uint8_t msg[MSGQ_MSG_MAX];
	uint32_t len;
	int error;

	msgq_receiver_init(&receiver, &ring);
	for (uint32_t each = 0; each < ENTRIES; each++) {
		EXPECT_WHY(NONE, send(0, MSGQ_SEND_POKE));
		EXPECT_WHY(NONE, send());
	}
	EXPECT_WHY(FULL, send(1, 0, &error));
	EXPECT_EQ(error, EAGAIN);
	arg.handle = attached.handle;
	arg.flags = MSGQ_SEND_POKE;
	EXPECT_WHY(FULL, sender.why(MSGQ_IOC_SEND, arg));
	EXPECT_EQ(arg.refusal.bound, uint64_t(ENTRIES));
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_DEACTIVATE, made.handle));
	EXPECT_WHY(INACTIVE, send(1, 0, &error));
	EXPECT_EQ(error, ECONNREFUSED);
	EXPECT_WHY(INACTIVE, send(0, MSGQ_SEND_POKE));
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_ACTIVATE, made.handle));
	EXPECT_WHY(FULL, send());
	ASSERT_EQ(msgq_receiver_recv(&receiver, msg, sizeof(msg), &len), MSGQ_GOT);
	EXPECT_WHY(NONE, send());
	EXPECT_WHY(FULL, send());
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_CLOSE, made.handle));
	EXPECT_WHY(ADDRESS, send(1, 0, &error));
	EXPECT_EQ(error, ENOENT);
	EXPECT_WHY(ADDRESS, send(0, MSGQ_SEND_POKE));
	ASSERT_WHY(NONE, sender.handle(MSGQ_IOC_DESTROY, 0));
	EXPECT_WHY(DESTROYED, send());
}

// The word of a message is what the owner asks by: whoever writes it can be anyone.
// holds: mediated.identity
TEST_F(AbiSend, CannotBeForgedWhereADirectOneCan)
{
	for (bool direct : { true, false }) {
		SCOPED_TRACE(direct ? "direct" : "mediated");
		msgq_create queue = direct ? create(0) : made;
		msgq_slot *slot = ring.slot;

		if (direct) {
			slot = static_cast<msgq_slot *>(
				owner.map(queue.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
			ASSERT_NE(slot, MAP_FAILED);
			ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_ACTIVATE, queue.handle));
		}
		const auto send_as = [&](uid_t uid, const Device &own) {
			msgq_attach to = own.attach(queue.address);

			if (!geteuid())
				api::become(uid, uid);
			if (!direct) {
				EXPECT_WHY(NONE, send(own, to.handle));
				return static_cast<msgq_slot *>(nullptr);
			}
			void *mapped[3];

			for (int area = 0; area < 3; area++)
				mapped[area] =
					own.map(to.area[area], area == MSGQ_AREA_SLOTS
								       ? PROT_READ | PROT_WRITE
								       : PROT_READ);
			msgq_ring view = msgq_ring_over(mapped[0], mapped[1], mapped[2], ENTRIES);
			msgq_sender by;

			msgq_sender_init(&by, &view, to.sender);
			EXPECT_EQ(msgq_sender_send(&by, "x", 1), MSGQ_SENT);
			return view.slot;
		};
		Child victim([&](Line &up) {
			Device own = Device::greeted();

			send_as(api::ALICE, own);
			up.say();
			up.hear_out();
		});

		victim.line.hear();
		Child liar([&](Line &up) {
			Device own = Device::greeted();
			msgq_slot *mine = send_as(api::BOB, own);

			if (mine)
				msgq_store(&mine[1].word,
					   (mine[1].word & ~uint64_t(MSGQ_SENDERS_MAX - 1)) |
						   msgq_word_sender(mine[0].word));
			up.say();
			up.hear_out();
		});
		liar.line.hear();
		EXPECT_EQ(sender_of(queue, &slot[0]).pid, uint32_t(victim.pid()));
		EXPECT_EQ(sender_of(queue, &slot[1]).pid,
			  uint32_t(direct ? victim.pid() : liar.pid()));
		if (direct)
			munmap(slot, queue.area[MSGQ_AREA_SLOTS].size);
		victim.line.hang_up();
		liar.line.hang_up();
		victim.finish();
		liar.finish();
	}
}

TEST_F(AbiSend, AnswersWhateverTheReceiverDoesToItsRing)
{
	const auto begin = std::chrono::steady_clock::now();
	const auto over = begin + std::chrono::seconds(4);
	std::atomic<bool> stop = false;
	uint64_t answers[MSGQ_WHY_COUNT] = {}, count = 0;
	msgq_create other = create(MSGQ_CREATE_MEDIATED);
	uint32_t to_other = sender.attach(other.address).handle;
	std::chrono::steady_clock::duration longest = {};

	std::thread scribbler([&] {
		uint64_t random = 1;

		while (!stop) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			uint64_t value = random >> 33;

			msgq_store(&ring.slot[value % (ENTRIES + 1)].word,
				   value & 1 ? random : msgq_word(value % 4, MSGQ_READY, 1, 0));
			if (value % 5 == 0)
				msgq_store(&ring.consumer->head,
					   value & 8 ? random : value % (4 * ENTRIES));
		}
	});
	while (std::chrono::steady_clock::now() < over) {
		const auto before = std::chrono::steady_clock::now();

		answers[send(1, count++ % 7 ? 0 : MSGQ_SEND_POKE)]++;
		longest = std::max(longest, std::chrono::steady_clock::now() - before);
	}
	stop = true;
	scribbler.join();
	EXPECT_GT(answers[MSGQ_WHY_RING], 0u) << "the ring was never in disorder";
	EXPECT_EQ(answers[MSGQ_WHY_NONE] + answers[MSGQ_WHY_FULL] + answers[MSGQ_WHY_RING], count);
	EXPECT_LT(longest, std::chrono::seconds(1));
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_ACTIVATE, other.handle));
	EXPECT_WHY(NONE, send(sender, to_other));
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_CLOSE, made.handle));
	EXPECT_WHY(ADDRESS, send());
}

// What the owner calls a claim of a sender's is none: it loses neither its index nor its turn.
// holds: mediated.identity
TEST_F(AbiSend, CannotBeRevoked)
{
	msgq_revoke revoke = {};

	msgq_store(&ring.slot[0].word, msgq_word(1, MSGQ_CLAIMED, 0, attached.sender));
	revoke.handle = made.handle;
	revoke.until = 1;
	EXPECT_WHY(NONE, owner.why(MSGQ_IOC_REVOKE, revoke));
	EXPECT_EQ(revoke.cancelled, 1u);
	msgq_store(&ring.consumer->head, 1);
	EXPECT_WHY(NONE, send());
	EXPECT_EQ(msgq_word_sender(msgq_load(&ring.slot[1].word)), attached.sender);
	msgq_store(&ring.consumer->head, 2);
	// Indices are given out in turns.
	for (int each = 0; each < 20; each++)
		EXPECT_NE(Device::greeted().attach(made.address).sender, attached.sender);
}

TEST_F(AbiSend, IsToldByLists)
{
	msgq_create direct = create(0);
	std::vector<msgq_info> info(64);
	msgq_list list = {};
	int seen = 0;

	list.buffer = reinterpret_cast<uintptr_t>(info.data());
	do {
		list.count = static_cast<uint32_t>(info.size());
		ASSERT_WHY(NONE, owner.why(MSGQ_IOC_LIST, list));
		for (uint32_t at = 0; at < list.count; at++) {
			const auto is = [&](const msgq_create &queue) {
				return !memcmp(&info[at].address, &queue.address,
					       sizeof(queue.address));
			};

			if (!is(made) && !is(direct))
				continue;
			seen++;
			EXPECT_EQ(info[at].flags, is(made) ? uint32_t(MSGQ_INFO_MEDIATED) : 0u);
		}
	} while (list.count);
	EXPECT_EQ(seen, 2);
}

} // namespace
