/* SPDX-License-Identifier: MIT */
/*
 * The memory of one ring, shared with forked children, between guard pages:
 * an access outside of the slots is a crash and not a silent success.
 */
#ifndef MSGQ_TESTS_RING_ARENA_H
#define MSGQ_TESTS_RING_ARENA_H

#include <cstddef>
#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/ring.h>
#include <msgq/sender.h>

class Arena
{
public:
	/* @start: the position that is the next to be claimed and received. */
	explicit Arena(uint32_t capacity, uint64_t start = 0, bool open = true)
	{
		const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
		const size_t bytes = msgq_ring_bytes(capacity);
		const size_t body = (bytes + MSGQ_LINE + page - 1) / page * page;

		size_ = body + 6 * page;
		void *at = mmap(nullptr, size_, PROT_NONE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at == MAP_FAILED)
			throw std::bad_alloc();
		base_ = static_cast<uint8_t *>(at);
		uint8_t *keeper = base_ + page, *consumer = base_ + 3 * page;
		uint8_t *area = base_ + 5 * page;
		for (auto [where, size] :
		     { part{ keeper, page }, { consumer, page }, { area, body } })
			if (mprotect(where, size, PROT_READ | PROT_WRITE))
				throw std::bad_alloc();

		/* The end of the slots is where an overrun would hurt: put it at the guard. */
		uint8_t *slots = area + (body - bytes) / MSGQ_LINE * MSGQ_LINE;
		ring_ = msgq_ring_over(keeper, consumer, slots, capacity);
		msgq_keeper_init(&ring_, 1, 1, 1);
		if (start)
			move_to(start);
		if (open && msgq_keeper_open(&ring_) != MSGQ_KEPT)
			throw std::bad_alloc();
	}

	~Arena()
	{
		munmap(base_, size_);
	}
	Arena(const Arena &) = delete;
	Arena &operator=(const Arena &) = delete;

	const msgq_ring *ring() const
	{
		return &ring_;
	}

	msgq_sender sender(uint32_t index) const
	{
		msgq_sender s;

		msgq_sender_init(&s, &ring_, index);
		return s;
	}

	msgq_receiver receiver() const
	{
		msgq_receiver r;

		msgq_receiver_init(&r, &ring_);
		return r;
	}

	uint64_t head() const
	{
		return msgq_load_acquire(&ring_.consumer->head);
	}

private:
	struct part {
		uint8_t *where;
		size_t size;
	};

	/* Leaves the ring as @start messages, all received, would have. */
	void move_to(uint64_t start)
	{
		msgq_pos pos = msgq_pos_at(&ring_, start);

		for (uint32_t n = 0; n < ring_.slots; n++, pos = msgq_pos_next(&ring_, pos))
			ring_.slot[pos.index].word = msgq_word(pos.lap - 1, MSGQ_READY, 0, 0);
		ring_.consumer->head = start;
		ring_.slot[msgq_pos_at(&ring_, start).index].word |= MSGQ_WORD_CLOSED;
	}

	uint8_t *base_;
	size_t size_;
	msgq_ring ring_;
};

/*
 * The calls under test, out of line: inlined over a small buffer the compiler
 * cannot know that the copy is bounded by the message, and warns.
 */
__attribute__((noinline)) inline msgq_send_result ring_send(msgq_sender *s, const void *msg,
							    uint32_t len)
{
	return msgq_sender_send(s, msg, len);
}

__attribute__((noinline)) inline msgq_recv_result ring_recv(msgq_receiver *r, void *msg,
							    uint64_t size, uint32_t *len)
{
	return msgq_receiver_recv(r, msg, size, len);
}

__attribute__((noinline)) inline msgq_recv_result ring_peek(const msgq_receiver *r, void *msg,
							    uint64_t size, uint64_t skipped,
							    uint32_t *len, uint32_t *sender)
{
	return msgq_receiver_peek(r, msg, size, skipped, len, sender);
}

/* A claim that its sender never publishes, as a death in mid-send leaves it. */
inline msgq_pos leave_claim(msgq_sender *s)
{
	for (;;) {
		__u32 tries = 0;
		__u64 word;

		if (msgq_sender_seek(s, &word, &tries) != MSGQ_SENT)
			return msgq_pos{ UINT64_MAX, 0, 0 };
		msgq_pos at = s->guess;
		if (msgq_cas(&s->ring.slot[at.index].word, &word,
			     msgq_word(at.lap, MSGQ_CLAIMED, 0, s->index))) {
			s->guess = msgq_pos_next(&s->ring, at);
			return at;
		}
	}
}

#endif
