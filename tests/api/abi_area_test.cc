// SPDX-License-Identifier: MIT
#include "abi.h"

#include "msgq/ring.h"

using api::Device;

namespace
{

constexpr uint32_t ENTRIES = 1000;

class AbiArea : public api::AbiTest
{
protected:
	Device owner = Device::greeted(), sender = Device::greeted();
	msgq_create made = {};
	msgq_attach attached = {};
	size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));

	void SetUp() override
	{
		api::AbiTest::SetUp();
		if (IsSkipped())
			return;
		made = owner.create(ENTRIES);
		attached = sender.attach(made.address);
	}

	void expect_refused(const Device &device, uint64_t offset, size_t size, int rights,
			    int kind = MAP_SHARED, int why = EACCES)
	{
		void *at;

		errno = 0;
		at = device.map({ offset, size }, rights, kind);
		EXPECT_EQ(at, MAP_FAILED) << "offset " << offset << ", rights " << rights;
		if (at == MAP_FAILED)
			EXPECT_EQ(errno, why) << strerror(errno);
		else
			munmap(at, size);
	}

	// Not within an area of the context.
	void expect_nowhere(const Device &device, uint64_t offset, size_t size)
	{
		expect_refused(device, offset, size, PROT_READ, MAP_SHARED, EINVAL);
	}

	// Exactly the rights of @may, at once and by mprotect.
	void expect_rights(const Device &device, const msgq_area &area, int may)
	{
		ASSERT_GT(area.size, 0u);
		EXPECT_EQ(area.size % page, 0u);
		for (int rights = PROT_READ; rights <= (PROT_READ | PROT_WRITE | PROT_EXEC);
		     rights++) {
			SCOPED_TRACE(rights);
			expect_refused(device, area.offset, area.size, rights, MAP_PRIVATE);
			if (rights & ~may) {
				expect_refused(device, area.offset, area.size, rights);
				continue;
			}
			void *at = device.map(area, rights);

			ASSERT_NE(at, MAP_FAILED) << strerror(errno);
			for (int later = PROT_NONE; later < 8; later++) {
				errno = 0;
				EXPECT_EQ(mprotect(at, area.size, later), later & ~may ? -1 : 0)
					<< "mprotect to " << later;
				EXPECT_EQ(errno, later & ~may ? EACCES : 0);
			}
			munmap(at, area.size);
		}
	}
};

// holds: trust.areas
TEST_F(AbiArea, OfTheKeeperIsReadOnlyForAll)
{
	expect_rights(owner, made.area[MSGQ_AREA_KEEPER], PROT_READ);
	expect_rights(sender, attached.area[MSGQ_AREA_KEEPER], PROT_READ);
}

// holds: trust.areas
TEST_F(AbiArea, OfTheConsumerIsWritableForItAlone)
{
	expect_rights(owner, made.area[MSGQ_AREA_CONSUMER], PROT_READ | PROT_WRITE);
	expect_rights(sender, attached.area[MSGQ_AREA_CONSUMER], PROT_READ);
}

TEST_F(AbiArea, OfTheSlotsIsWritableForBoth)
{
	expect_rights(owner, made.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE);
	expect_rights(sender, attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE);
}

TEST_F(AbiArea, HoldsTheWholeRing)
{
	EXPECT_GE(made.area[MSGQ_AREA_KEEPER].size, sizeof(msgq_keeper_page));
	EXPECT_GE(made.area[MSGQ_AREA_CONSUMER].size, sizeof(msgq_consumer_page));
	EXPECT_GE(made.area[MSGQ_AREA_SLOTS].size, msgq_ring_bytes(ENTRIES));
	EXPECT_EQ(made.area[3].size, 0u);
	EXPECT_EQ(attached.area[3].size, 0u);
	for (int area = 0; area < 3; area++)
		EXPECT_EQ(made.area[area].size, attached.area[area].size);
}

TEST_F(AbiArea, MayBeMappedInPart)
{
	msgq_area area = made.area[MSGQ_AREA_SLOTS];
	auto *all = static_cast<uint8_t *>(owner.map(area, PROT_READ | PROT_WRITE));
	auto *second = static_cast<uint8_t *>(
		owner.map({ area.offset + page, page }, PROT_READ | PROT_WRITE));

	ASSERT_GE(area.size, 2 * page);
	ASSERT_NE(all, MAP_FAILED);
	ASSERT_NE(second, MAP_FAILED);
	second[17] = 99;
	EXPECT_EQ(all[page + 17], 99);
	munmap(all, area.size);
	munmap(second, page);
}

TEST_F(AbiArea, IsSharedBetweenOwnerAndSender)
{
	uint32_t size = static_cast<uint32_t>(made.area[MSGQ_AREA_SLOTS].size);
	auto *here = static_cast<uint8_t *>(
		owner.map(made.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));
	auto *there = static_cast<uint8_t *>(
		sender.map(attached.area[MSGQ_AREA_SLOTS], PROT_READ | PROT_WRITE));

	ASSERT_NE(here, MAP_FAILED);
	ASSERT_NE(there, MAP_FAILED);
	there[size - 1] = 42;
	EXPECT_EQ(here[size - 1], 42);
	munmap(here, size);
	munmap(there, size);
}

TEST_F(AbiArea, EndsWhereItEnds)
{
	for (int area = 0; area < 3; area++) {
		SCOPED_TRACE(area);
		const msgq_area &own = made.area[area];

		expect_nowhere(owner, own.offset, own.size + page);
		expect_nowhere(owner, own.offset + page, own.size);
		expect_nowhere(sender, attached.area[area].offset, attached.area[area].size + page);
	}
	const msgq_area &slots = made.area[MSGQ_AREA_SLOTS];
	void *at = owner.map(slots, PROT_READ);
	ASSERT_NE(at, MAP_FAILED);
	EXPECT_EQ(mremap(at, slots.size, slots.size + page, MREMAP_MAYMOVE), MAP_FAILED);
	munmap(at, slots.size);
}

TEST_F(AbiArea, IsNowhereElse)
{
	Device stranger = Device::greeted(), silent;

	for (uint64_t offset : { uint64_t(1) << 40, uint64_t(1) << 45, uint64_t(1) << 62,
				 uint64_t(INT64_MAX) / page * page - page })
		expect_nowhere(owner, offset, page);
	for (int area = 0; area < 3; area++) {
		expect_nowhere(stranger, made.area[area].offset, made.area[area].size);
		expect_nowhere(silent, made.area[area].offset, made.area[area].size);
	}
}

TEST_F(AbiArea, IsGoneWithItsHandle)
{
	ASSERT_WHY(NONE, sender.handle(MSGQ_IOC_DETACH, attached.handle));
	for (int area = 0; area < 3; area++)
		expect_nowhere(sender, attached.area[area].offset, attached.area[area].size);
	ASSERT_WHY(NONE, owner.handle(MSGQ_IOC_CLOSE, made.handle));
	for (int area = 0; area < 3; area++)
		expect_nowhere(owner, made.area[area].offset, made.area[area].size);
}

TEST_F(AbiArea, StaysReadableWhenTheDescriptorIsClosed)
{
	const msgq_area &area = made.area[MSGQ_AREA_KEEPER];
	auto *keeper = static_cast<msgq_keeper_page *>(owner.map(area, PROT_READ));

	ASSERT_NE(keeper, MAP_FAILED);
	owner.shut();
	EXPECT_EQ(keeper->magic, MSGQ_MAGIC);
	EXPECT_EQ(keeper->capacity, ENTRIES);
	munmap(keeper, area.size);
	msgq_attach again = {};
	again.address = made.address;
	Device late = Device::greeted();
	EXPECT_WHY(ADDRESS, late.why(MSGQ_IOC_ATTACH, again));
}

// All that was in this memory before, in whatever process, is gone.
// holds: trust.zeroed
TEST_F(AbiArea, StartsZeroedButForWhatTheRingBeginsWith)
{
	size_t bytes[3];
	uint8_t *at[3];

	for (int area = 0; area < 3; area++) {
		bytes[area] = made.area[area].size;
		at[area] = static_cast<uint8_t *>(owner.map(made.area[area], PROT_READ));
		ASSERT_NE(at[area], MAP_FAILED);
	}
	const auto *keeper = reinterpret_cast<msgq_keeper_page *>(at[MSGQ_AREA_KEEPER]);
	const auto *slot = reinterpret_cast<msgq_slot *>(at[MSGQ_AREA_SLOTS]);

	EXPECT_EQ(keeper->magic, MSGQ_MAGIC);
	EXPECT_EQ(keeper->version, uint32_t(MSGQ_ABI_VERSION));
	EXPECT_EQ(keeper->capacity, ENTRIES);
	EXPECT_EQ(keeper->slots, msgq_ring_slots(ENTRIES));
	EXPECT_EQ(keeper->id, made.address.id);
	EXPECT_EQ(keeper->generation, made.address.generation);
	EXPECT_EQ(slot->word, MSGQ_WORD_CLOSED);
	const size_t begins[3] = { offsetof(msgq_keeper_page, reserved0), 0, sizeof(slot->word) };
	EXPECT_EQ(keeper->wanted, MSGQ_NEVER);
	const auto in_wanted = [](int area, size_t byte) {
		return area == MSGQ_AREA_KEEPER && byte >= offsetof(msgq_keeper_page, wanted) &&
		       byte < offsetof(msgq_keeper_page, cancels);
	};
	for (int area = 0; area < 3; area++) {
		for (size_t byte = begins[area]; byte < bytes[area]; byte++)
			ASSERT_TRUE(in_wanted(area, byte) || !at[area][byte])
				<< "area " << area << ", byte " << byte;
		munmap(at[area], bytes[area]);
	}
}

} // namespace
