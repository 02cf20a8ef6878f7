// SPDX-License-Identifier: MIT
/*
 * All that is done to a ring, over one of arbitrary bytes of which more are
 * written at arbitrary steps within the calls: every call stays within the
 * ring and its buffer, copies no more than a message, ends in a bounded number
 * of steps, and gives an answer that there is.
 *
 * The areas are allocations of their own, of just their sizes, so that the
 * address sanitizer sees every access beside them.
 */
#define MSGQ_ATOMIC_OVERRIDE "../../tests/fuzz/ring_atomic.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <msgq/keeper.h>
#include <msgq/receiver.h>
#include <msgq/sender.h>

#include "input.h"
#include "word.h"

namespace
{

/*
 * One call makes MSGQ_CLAIM_TRIES or MSGQ_SKIP_TRIES attempts and a round of
 * the ring at most; an attempt of a sender may bisect the ring twice.
 */
constexpr uint64_t STEPS_MAX = 65536 * 96ull;
constexpr uint8_t CANARY = 0x5a;

void check(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

struct Free {
	void operator()(void *p) const
	{
		free(p);
	}
};

template <typename T>
using Area = std::unique_ptr<T, Free>;

template <typename T>
Area<T> area(size_t bytes)
{
	void *at = nullptr;

	check(!posix_memalign(&at, MSGQ_LINE, bytes), "no memory");
	memset(at, 0, bytes);
	return Area<T>(static_cast<T *>(at));
}

/* What others write meanwhile, one write after so many steps; again from the start, maybe. */
class Script
{
public:
	void add(uint32_t delay, __u64 *where, uint64_t value)
	{
		if (writes_.size() < 64)
			writes_.push_back({ delay, where, value });
		rewind();
	}

	void repeat(bool again)
	{
		again_ = again;
	}

	void step()
	{
		check(++steps_ <= STEPS_MAX, "a call does not end");
		if (next_ == writes_.size())
			return;
		if (wait_) {
			wait_--;
			return;
		}
		*writes_[next_].where = writes_[next_].value;
		next_++;
		if (next_ == writes_.size() && again_)
			next_ = 0;
		rewind();
	}

	void call()
	{
		steps_ = 0;
	}

private:
	struct Write {
		uint32_t delay;
		__u64 *where;
		uint64_t value;
	};

	void rewind()
	{
		wait_ = next_ < writes_.size() ? writes_[next_].delay : 0;
	}

	std::vector<Write> writes_;
	size_t next_ = 0;
	uint32_t wait_ = 0;
	uint64_t steps_ = 0;
	bool again_ = false;
};

Script *script;

class Life
{
public:
	explicit Life(Input &input)
	    : input_(input), capacity_(1 + input.byte() % 70),
	      keeper_(area<msgq_keeper_page>(sizeof(msgq_keeper_page))),
	      consumer_(area<msgq_consumer_page>(sizeof(msgq_consumer_page))),
	      slots_(area<uint8_t>(msgq_ring_bytes(capacity_))),
	      ring_(msgq_ring_over(keeper_.get(), consumer_.get(), slots_.get(), capacity_))
	{
		script = &script_;
		begin();
		msgq_receiver_init(&receiver_, &ring_);
		msgq_sender_init(&sender_, &ring_, 1);
	}

	void step()
	{
		const uint8_t what = input_.byte();

		script_.call();
		switch (what % 16) {
		case 0:
			*place() = value();
			break;
		case 1:
			script_.add(input_.byte(), place(), value());
			break;
		case 2:
			script_.repeat(what & 16);
			break;
		case 3:
			msgq_receiver_init(&receiver_, &ring_);
			break;
		case 4:
			msgq_sender_init(&sender_, &ring_, what / 16);
			break;
		case 5:
		case 6:
			send();
			break;
		case 7:
			check(msgq_sender_poke(&sender_) <= MSGQ_BROKEN, "poke's answer");
			break;
		case 8:
			peek();
			break;
		case 9:
			look();
			break;
		case 10:
		case 11:
			receive();
			break;
		default:
			keep(what / 16);
		}
	}

private:
	/* Open as a new one is, or of any bytes. */
	void begin()
	{
		const uint8_t how = input_.byte();

		msgq_keeper_init(&ring_, 1, 1, 1);
		if (how % 4)
			msgq_keeper_open(&ring_);
		if (how < 128)
			return;
		consumer_->head = lap_ = input_.guess();
		lap_ = lap_ / ring_.slots + 1;
		consumer_->busy = input_.guess();
		keeper_->state = input_.byte() % 4;
		keeper_->cancels = input_.guess();
		keeper_->wanted = input_.guess();
		for (uint32_t i = 0; i < ring_.slots; i++)
			ring_.slot[i].word = fuzz_word(input_, lap_);
	}

	/* Not of K: nobody but the keeper can write it. */
	__u64 *place()
	{
		const uint8_t where = input_.byte();

		lap_ = consumer_->head / ring_.slots + 1;
		if (where == 255)
			return &consumer_->head;
		if (where == 254)
			return &consumer_->busy;
		if (where >= 240)
			return &ring_.tail[where % ring_.slots];
		/* Mostly where something happens. */
		if (where >= 120)
			return &ring_.slot[(consumer_->head + where) % ring_.slots].word;
		return &ring_.slot[where % ring_.slots].word;
	}

	uint64_t value()
	{
		return fuzz_word(input_, lap_);
	}

	void send()
	{
		const uint32_t len = input_.byte() % (MSGQ_MSG_MAX + 1);
		const Area<uint8_t> msg(static_cast<uint8_t *>(malloc(len)));

		memset(msg.get(), 0x77, len);
		check(msgq_sender_send(&sender_, msg.get(), len) <= MSGQ_BROKEN, "send's answer");
		check(sender_.guess.index < ring_.slots, "the sender is beside the ring");
	}

	/* Of just the size, and @use tells what came of it. */
	template <typename F>
	void into_buffer(F use)
	{
		const uint64_t size = input_.byte() % 80;
		const Area<uint8_t> msg(static_cast<uint8_t *>(malloc(size)));
		uint32_t len = 0;

		memset(msg.get(), CANARY, size);
		const msgq_recv_result result = use(msg.get(), size, &len);
		check(result <= MSGQ_RUINED, "recv's answer");
		if (result == MSGQ_GOT)
			check(len <= size && len <= MSGQ_MSG_MAX, "more than fits was received");
		else if (result == MSGQ_SHORT)
			check(len > size && len <= MSGQ_MSG_MAX, "what fits was said not to");
		else
			len = 0;
		for (uint64_t i = len; i < size; i++)
			check(msg.get()[i] == CANARY, "written behind the message");
	}

	void receive()
	{
		const uint64_t before = receiver_.head.t;

		into_buffer([this](uint8_t *msg, uint64_t size, uint32_t *len) {
			return msgq_receiver_recv(&receiver_, msg, size, len);
		});
		moved(before);
	}

	void look()
	{
		const uint64_t before = receiver_.head.t;

		check(msgq_receiver_look(&receiver_) <= MSGQ_RUINED, "look's answer");
		moved(before);
		static_cast<void>(msgq_receiver_reached(&receiver_));
	}

	void moved(uint64_t before)
	{
		check(receiver_.head.t - before <= uint64_t{ ring_.slots } + MSGQ_SKIP_TRIES,
		      "the receiver was led in circles");
		check(receiver_.head.index < ring_.slots, "the receiver is beside the ring");
	}

	void peek()
	{
		const uint64_t skipped = input_.guess();

		into_buffer([this, skipped](uint8_t *msg, uint64_t size, uint32_t *len) {
			uint32_t sender = 0;
			const msgq_recv_result result =
				msgq_receiver_peek(&receiver_, msg, size, skipped, len, &sender);

			check(sender < MSGQ_SENDERS_MAX, "a sender that there cannot be");
			return result;
		});
	}

	static bool odd(const void *, uint32_t sender)
	{
		return sender % 2;
	}

	void keep(uint8_t what)
	{
		switch (what) {
		case 0:
		case 1:
			check(msgq_keeper_close(&ring_, what ? MSGQ_QUEUE_INACTIVE
							     : MSGQ_QUEUE_GONE) <= MSGQ_KEEP_BROKEN,
			      "close's answer");
			break;
		case 2:
		case 3:
			check(msgq_keeper_open(&ring_) <= MSGQ_KEEP_BROKEN, "open's answer");
			break;
		case 4:
		case 5:
			check(msgq_keeper_mark(&ring_, what & 1) <= MSGQ_KEEP_BROKEN,
			      "mark's answer");
			break;
		case 6:
		case 7:
			check(msgq_keeper_arm(&ring_) <= MSGQ_KEEP_BROKEN, "arm's answer");
			break;
		case 8:
		case 9:
			check(msgq_keeper_reap(&ring_, input_.byte() % 4, nullptr).cancelled <=
				      ring_.slots,
			      "more was reaped than there is");
			break;
		case 10:
			msgq_keeper_cancel_begin(&ring_);
			break;
		case 11:
		case 12:
			check(msgq_keeper_cancel(&ring_, odd, nullptr, nullptr) <= ring_.slots,
			      "more was cancelled than there is");
			break;
		case 13:
			check(msgq_keeper_boundary(&ring_).index < ring_.slots,
			      "the boundary is beside the ring");
			break;
		default:
			check(msgq_keeper_depth(&ring_) <= capacity_, "deeper than there is room");
		}
	}

	Input &input_;
	const uint32_t capacity_;
	Area<msgq_keeper_page> keeper_;
	Area<msgq_consumer_page> consumer_;
	Area<uint8_t> slots_;
	const msgq_ring ring_;
	msgq_receiver receiver_;
	msgq_sender sender_;
	Script script_;
	uint64_t lap_ = 1;
};

} // namespace

void ring_step()
{
	script->step();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input input(data, size);
	Life life(input);

	while (!input.empty())
		life.step();
	return 0;
}
