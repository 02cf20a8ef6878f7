/* SPDX-License-Identifier: MIT */
/* The ring of Concurrency Kit, over shared memory. */
#ifndef MSGQ_TESTS_BENCH_PEERS_CK_RING_H
#define MSGQ_TESTS_BENCH_PEERS_CK_RING_H

#include "peer.h"

template <bool many>
struct CkName {
	static constexpr const char *name = many ? "ck_ring MPSC" : "ck_ring SPSC";
	static constexpr bool many_senders = many;
};

#if __has_include(<ck_ring.h>)

#include <algorithm>
#include <bit>
#include <cstring>
#include <sys/mman.h>

#include <ck_cc.h>
#include <ck_md.h>
#include <ck_pr.h>
#include <ck_stdbool.h>
#include <ck_string.h>
/* The header is C and returns false for a pointer, which C++ allows of 0 only. */
#define false 0
#include <ck_ring.h>
#undef false

#include "../pair.h"

template <bool many>
class CkRingOf : public CkName<many>
{
	struct Shared {
		ck_ring_t ring;
		alignas(64) Record record[];
	};

public:
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit CkRingOf(uint32_t entries)
	{
		const uint32_t count = std::bit_ceil(std::max(entries, 2u));

		size_ = sizeof(Shared) + count * sizeof(Record);
		shared_ = static_cast<Shared *>(shared_bytes(size_));
		ck_ring_init(&shared_->ring, count);
	}

	~CkRingOf()
	{
		munmap(shared_, size_);
	}
	CkRingOf(const CkRingOf &) = delete;
	CkRingOf &operator=(const CkRingOf &) = delete;

	/*
	 * What CK_RING_PROTOTYPE would make of reserve and commit, and of dequeue:
	 * it does not compile as C++ either.
	 */
	class Sender
	{
	public:
		explicit Sender(CkRingOf &queue) : shared_(queue.shared_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			ck_ring_t *ring = &shared_->ring;
			unsigned ticket = 0;
			void *at;

			if constexpr (many)
				at = _ck_ring_enqueue_reserve_mp(ring, shared_->record,
								 sizeof(Record), &ticket, nullptr);
			else
				at = _ck_ring_enqueue_reserve_sp(ring, shared_->record,
								 sizeof(Record), nullptr);
			if (!at)
				return false;
			auto *record = static_cast<Record *>(at);
			record->len = len;
			memcpy(record->payload, msg, len);
			if constexpr (many)
				_ck_ring_enqueue_commit_mp(ring, ticket);
			else
				_ck_ring_enqueue_commit_sp(ring);
			return true;
		}

	private:
		Shared *const shared_;
	};

	class Receiver
	{
	public:
		explicit Receiver(CkRingOf &queue) : shared_(queue.shared_)
		{
		}

		int recv(void *msg, uint32_t)
		{
			Record record;

			if (!_ck_ring_dequeue_sc(&shared_->ring, shared_->record, &record,
						 sizeof(record)))
				return -1;
			memcpy(msg, record.payload, record.len);
			return static_cast<int>(record.len);
		}

	private:
		Shared *const shared_;
	};

private:
	size_t size_;
	Shared *shared_;
};

#else

template <bool many>
struct CkRingOf : Absent, CkName<many> {
	using Absent::Absent;

	static std::string missing()
	{
		return "built without ck_ring, which is in libck-dev";
	}
};

#endif

using CkRing = CkRingOf<true>;
using CkRingSingle = CkRingOf<false>;

#endif
