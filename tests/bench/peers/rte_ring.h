/* SPDX-License-Identifier: MIT */
/*
 * The ring of DPDK, without DPDK around it: laid over shared memory, it needs
 * neither its environment nor huge pages.
 */
#ifndef MSGQ_TESTS_BENCH_PEERS_RTE_RING_H
#define MSGQ_TESTS_BENCH_PEERS_RTE_RING_H

#include "peer.h"

struct RteMany {
	static constexpr const char *name = "rte_ring MP/SC";
	static constexpr bool many_senders = true;
};

struct RteManyRelaxed {
	static constexpr const char *name = "rte_ring MP RTS/SC";
	static constexpr bool many_senders = true;
};

struct RteSingle {
	static constexpr const char *name = "rte_ring SP/SC";
	static constexpr bool many_senders = false;
};

struct RteSingleBurst {
	static constexpr const char *name = "rte_ring SP/SC, bursts of 32";
	static constexpr bool many_senders = false;
};

#if __has_include(<rte_config.h>) && __has_include(<rte_ring.h>)

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <rte_config.h>
#include <rte_ring.h>

#include "../pair.h"

template <typename Kind>
class RteRingOf : public Kind
{
	static constexpr bool relaxed = std::same_as<Kind, RteManyRelaxed>;
	static constexpr unsigned burst = std::same_as<Kind, RteSingleBurst> ? 32 : 1;

	/* A message is some elements of the size that the ring copies fastest. */
	static constexpr unsigned element = 16;
	struct alignas(element) Letter {
		uint32_t len;
		uint8_t payload[64];
	};
	static constexpr unsigned elements = sizeof(Letter) / element;
	static_assert(elements == 5);

public:
	static constexpr uint32_t max_len = 64;

	static std::string missing()
	{
		return "";
	}

	explicit RteRingOf(uint32_t entries)
	{
		const unsigned count = std::bit_ceil(std::max(entries, 2u) * elements);
		const unsigned flags = RING_F_SC_DEQ | (!Kind::many_senders ? RING_F_SP_ENQ
							: relaxed	    ? RING_F_MP_RTS_ENQ
									    : 0);

		size_ = static_cast<size_t>(rte_ring_get_memsize_elem(element, count));
		ring_ = static_cast<rte_ring *>(shared_bytes(size_));
		if (rte_ring_init(ring_, "peer", count, flags))
			peer_failed("rte_ring_init");
	}

	~RteRingOf()
	{
		munmap(ring_, size_);
	}
	RteRingOf(const RteRingOf &) = delete;
	RteRingOf &operator=(const RteRingOf &) = delete;

	class Sender
	{
	public:
		explicit Sender(RteRingOf &queue) : ring_(queue.ring_)
		{
		}

		bool send(const void *msg, uint32_t len)
		{
			letter_.len = len;
			memcpy(letter_.payload, msg, len);
			if constexpr (relaxed)
				return rte_ring_mp_rts_enqueue_bulk_elem(ring_, &letter_, element,
									 elements, nullptr);
			else if constexpr (Kind::many_senders)
				return rte_ring_mp_enqueue_bulk_elem(ring_, &letter_, element,
								     elements, nullptr);
			else
				return rte_ring_sp_enqueue_bulk_elem(ring_, &letter_, element,
								     elements, nullptr);
		}

	private:
		rte_ring *const ring_;
		Letter letter_ = {};
	};

	class Receiver
	{
	public:
		explicit Receiver(RteRingOf &queue) : ring_(queue.ring_)
		{
		}

		int recv(void *msg, uint32_t)
		{
			if (at_ == got_) {
				at_ = 0;
				got_ = rte_ring_sc_dequeue_burst_elem(ring_, letters_, element,
								      burst * elements, nullptr) /
				       elements;
				if (!got_)
					return -1;
			}
			const Letter &letter = letters_[at_++];
			memcpy(msg, letter.payload, letter.len);
			return static_cast<int>(letter.len);
		}

	private:
		rte_ring *const ring_;
		unsigned at_ = 0, got_ = 0;
		Letter letters_[burst];
	};

private:
	size_t size_;
	rte_ring *ring_;
};

#else

template <typename Kind>
struct RteRingOf : Absent, Kind {
	using Absent::Absent;

	static std::string missing()
	{
		return "built without rte_ring, which is in libdpdk-dev";
	}
};

#endif

using RteRing = RteRingOf<RteMany>;
using RteRingRts = RteRingOf<RteManyRelaxed>;
using RteRingSingle = RteRingOf<RteSingle>;
using RteRingSingleBurst = RteRingOf<RteSingleBurst>;

#endif
